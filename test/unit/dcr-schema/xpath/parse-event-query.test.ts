import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileEventQuery, parseEventQuery, type XPathCode } from '@dcr-agent/schema';
import fc from 'fast-check';
import { element } from '../../../support/event-elements.ts';

interface Refusal {
  readonly query: string;
  readonly code: XPathCode;
  /** Where the finding points, and the token it names. */
  readonly at: number;
  readonly token: string;
  /** A piece of the hint. */
  readonly hint: RegExp;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'an empty operand': {
    query: '*[System[(EventID=)]]',
    code: 'XPATH_MISSING_OPERAND',
    at: 18,
    token: ')',
    hint: /EventID=4624/,
  },
  "a condition that begins with 'and'": {
    query: '*[System[ and (EventID=307)]]',
    code: 'XPATH_MISSING_OPERAND',
    at: 10,
    token: 'and',
    hint: /condition/,
  },
  'a doubled operator': {
    query: '*[System[EventID=1 or or EventID=2]]',
    code: 'XPATH_MISSING_OPERAND',
    at: 22,
    token: 'or',
    hint: /condition/,
  },
  'an empty predicate': {
    query: '*[]',
    code: 'XPATH_MISSING_OPERAND',
    at: 2,
    token: ']',
    hint: /condition/,
  },
  'a query that ends after an operator': {
    query: '*[System[EventID=4624 and',
    code: 'XPATH_MISSING_OPERAND',
    at: 25,
    token: '',
    hint: /condition/,
  },
  'a predicate as operand': {
    query: '*[System[EventID=[1]]]',
    code: 'XPATH_MISSING_OPERAND',
    at: 17,
    token: '[',
    hint: /value/,
  },
  'a missing star': {
    query: '[System[(EventID=1)]]',
    code: 'XPATH_MISSING_STAR',
    at: 0,
    token: '[',
    hint: /\*\[System/,
  },
  'an unclosed bracket': {
    query: '*[System[(EventID=4624)]',
    code: 'XPATH_UNBALANCED',
    at: 24,
    token: '',
    hint: /add '\]'/,
  },
  'an unclosed parenthesis': {
    query: '*[System[(EventID=4624]]',
    code: 'XPATH_UNBALANCED',
    at: 22,
    token: ']',
    hint: /add '\)'/,
  },
  'a bracket too many': {
    query: '*[System[EventID=4624]]]',
    code: 'XPATH_UNBALANCED',
    at: 23,
    token: ']',
    hint: /remove it/,
  },
  'an unclosed function': {
    query: '*[System[band(Keywords,1',
    code: 'XPATH_UNBALANCED',
    at: 24,
    token: '',
    hint: /add '\)'/,
  },
  'a constant on the left': {
    query: '*[System[4624<=EventID]]',
    code: 'XPATH_CONSTANT_ON_LEFT',
    at: 9,
    token: '4624',
    hint: /EventID>=4624/,
  },
  'a comparison of constants': {
    query: '1=1',
    code: 'XPATH_CONSTANT_ON_LEFT',
    at: 0,
    token: '1',
    hint: /element first/,
  },
  'a bare string as an operand': {
    query: "*[EventData[Data[@Name='X']!='a' or 'b']]",
    code: 'XPATH_BARE_CONSTANT',
    at: 36,
    token: "'b'",
    hint: /repeat the whole comparison/,
  },
  'a node on the right': {
    query: '*[System[EventID=Task]]',
    code: 'XPATH_NODE_ON_RIGHT',
    at: 17,
    token: 'Task',
    hint: /quotes: 'Task'/,
  },
  'a parenthesis on the right': {
    query: '*[System[EventID=(1 or 2)]]',
    code: 'XPATH_NODE_ON_RIGHT',
    at: 17,
    token: '(',
    hint: /one constant/,
  },
  'a variable on the right': {
    query: '*[System[Level=$x]]',
    code: 'XPATH_VARIABLE',
    at: 15,
    token: '$',
    hint: /value itself/,
  },
  'a compared group': {
    query: '*[System[(EventID)=4624]]',
    code: 'XPATH_GROUP_COMPARED',
    at: 18,
    token: '=',
    hint: /without parentheses/,
  },
  'a chained comparison': {
    query: '*[System[EventID<5<6]]',
    code: 'XPATH_CHAINED_COMPARISON',
    at: 18,
    token: '<',
    hint: /'and'/,
  },
  'a step after a group': {
    query: '*[(System)/Level=1]',
    code: 'XPATH_STEP_AFTER_GROUP',
    at: 10,
    token: '/',
    hint: /System\/Level/,
  },
  'a predicate after a function': {
    query: '*[System[band(Keywords,1)[1]]]',
    code: 'XPATH_STEP_AFTER_GROUP',
    at: 25,
    token: '[',
    hint: /without parentheses/,
  },
  'a step after an attribute': {
    query: '*[System/Provider/@Name/x]',
    code: 'XPATH_STEP_AFTER_LEAF',
    at: 23,
    token: '/',
    hint: /remove/,
  },
  'a step after a text': {
    query: '*[System/EventID/text()/x]',
    code: 'XPATH_STEP_AFTER_LEAF',
    at: 23,
    token: '/',
    hint: /remove/,
  },
  'a fraction as position': {
    query: '*[EventData/Data[1.5]]',
    code: 'XPATH_INVALID_POSITION',
    at: 17,
    token: '1.5',
    hint: /from 1/,
  },
  'a negative position': {
    query: '*[EventData/Data[-1]]',
    code: 'XPATH_INVALID_POSITION',
    at: 17,
    token: '-1',
    hint: /from 1/,
  },
  'band without a mask': {
    query: '*[System[band(Keywords)]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 22,
    token: ')',
    hint: /band\(Keywords,9007199254740992\)/,
  },
  'band with swapped arguments': {
    query: '*[System[band(1,Keywords)]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 14,
    token: '1',
    hint: /path and a decimal mask/,
  },
  'band with a quoted mask': {
    query: "*[System[band(Keywords,'1')]]",
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 23,
    token: "'1'",
    hint: /decimal mask/,
  },
  'band with a hexadecimal mask': {
    query: '*[System[band(Keywords,0x10)]]',
    code: 'XPATH_NUMBER_SYNTAX',
    at: 23,
    token: '0x10',
    hint: /decimal as a mask/,
  },
  'band of a function': {
    query: '*[System[band(position(),1)]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 14,
    token: 'position',
    hint: /path/,
  },
  'band with a third argument': {
    query: '*[System[band(Keywords,1,2)]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 24,
    token: ',',
    hint: /path/,
  },
  'timediff without a path': {
    query: '*[System[TimeCreated[timediff() > 1]]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 30,
    token: ')',
    hint: /timediff\(@SystemTime\)/,
  },
  'timediff of two paths': {
    query: '*[System[TimeCreated[timediff(@SystemTime,@SystemTime) > 1]]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 42,
    token: '@',
    hint: /timediff\(@SystemTime\)/,
  },
  'position with an argument': {
    query: '*[EventData/Data[position(1)]]',
    code: 'XPATH_WRONG_ARGUMENTS',
    at: 26,
    token: '1',
    hint: /no argument/,
  },
  'not()': {
    query: '*[System[not(EventID=1)]]',
    code: 'XPATH_UNSUPPORTED_FUNCTION',
    at: 9,
    token: 'not',
    hint: /'!='/,
  },
  'contains()': {
    query: "*[EventData[contains(Data,'x')]]",
    code: 'XPATH_UNSUPPORTED_FUNCTION',
    at: 12,
    token: 'contains',
    hint: /transformKql/,
  },
  'last()': {
    query: '*[EventData[Data[last()]]]',
    code: 'XPATH_UNSUPPORTED_FUNCTION',
    at: 17,
    token: 'last',
    hint: /\[1\]/,
  },
  'an unknown function': {
    query: '*[System[frobnicate(EventID)]]',
    code: 'XPATH_UNSUPPORTED_FUNCTION',
    at: 9,
    token: 'frobnicate',
    hint: /band, timediff and position/,
  },
  'an absolute path': {
    query: '/Event/System',
    code: 'XPATH_ABSOLUTE_PATH',
    at: 0,
    token: '/',
    hint: /begins with '\*'/,
  },
  'the descendant axis': {
    query: '//Event[System]',
    code: 'XPATH_UNSUPPORTED_AXIS',
    at: 0,
    token: '//',
    hint: /each element/,
  },
  'the descendant axis inside': {
    query: '*[System//EventID=1]',
    code: 'XPATH_UNSUPPORTED_AXIS',
    at: 8,
    token: '//',
    hint: /each element/,
  },
  'the parent step': {
    query: '*[System/..]',
    code: 'XPATH_UNSUPPORTED_AXIS',
    at: 9,
    token: '..',
    hint: /each element/,
  },
  'the context step': {
    query: '*[System/EventID[.=1]]',
    code: 'XPATH_UNSUPPORTED_AXIS',
    at: 17,
    token: '.',
    hint: /each element/,
  },
  'another axis': {
    query: '*[descendant::Data=1]',
    code: 'XPATH_UNSUPPORTED_AXIS',
    at: 2,
    token: 'descendant',
    hint: /'child' and 'attribute'/,
  },
  'a node test': {
    query: '*[System/node()]',
    code: 'XPATH_UNSUPPORTED_NODE_TEST',
    at: 9,
    token: 'node',
    hint: /text\(\)/,
  },
  'text() of an attribute': {
    query: '*[System/Provider/@text()]',
    code: 'XPATH_UNSUPPORTED_NODE_TEST',
    at: 19,
    token: 'text',
    hint: /a step is/,
  },
  'a namespace prefix': {
    query: '*[UserData/x:Name=1]',
    code: 'XPATH_NAMESPACE_PREFIX',
    at: 12,
    token: ':',
    hint: /local name/,
  },
  'a union': {
    query: '*[System[EventID=1]] | *[System[EventID=2]]',
    code: 'XPATH_UNION',
    at: 21,
    token: '|',
    hint: /'or'/,
  },
  'a sum': {
    query: '*[System[EventID+1=2]]',
    code: 'XPATH_ARITHMETIC',
    at: 16,
    token: '+',
    hint: /computed/,
  },
  'a difference': {
    query: '*[System[EventID -1=2]]',
    code: 'XPATH_ARITHMETIC',
    at: 17,
    token: '-1',
    hint: /computed/,
  },
  'selectors side by side': {
    query: '*[System[EventID=1]] *[System[EventID=2]]',
    code: 'XPATH_ARITHMETIC',
    at: 21,
    token: '*',
    hint: /'or'/,
  },
  'a list of values': {
    query: '*[System[EventID=4624,4625]]',
    code: 'XPATH_UNEXPECTED_TOKEN',
    at: 21,
    token: ',',
    hint: /one comparison for each/,
  },
  'an operator in words': {
    query: '*[System[EventID eq 4624]]',
    code: 'XPATH_UNEXPECTED_TOKEN',
    at: 17,
    token: 'eq',
    hint: /'='/,
  },
  'an apostrophe inside a value': {
    query: "*[EventData[Data='it's']]",
    code: 'XPATH_UNEXPECTED_TOKEN',
    at: 21,
    token: 's',
    hint: /stands between "/,
  },
  'an unterminated string': {
    query: "*[EventData[Data[@Name='a]]",
    code: 'XPATH_UNTERMINATED_STRING',
    at: 23,
    token: "'",
    hint: /close it with '/,
  },
  'an unterminated string in double quotes': {
    query: '*[EventData[Data[@Name="a]]',
    code: 'XPATH_UNTERMINATED_STRING',
    at: 23,
    token: '"',
    hint: /close it with "/,
  },
  'a typographic quote': {
    query: '*[EventData[Data=‘a’]]',
    code: 'XPATH_TYPOGRAPHIC_CHARACTER',
    at: 17,
    token: '‘',
    hint: /write '/,
  },
  'a no-break space': {
    query: '*[System[EventID=1\u00a0or EventID=2]]',
    code: 'XPATH_TYPOGRAPHIC_CHARACTER',
    at: 18,
    token: '\u00a0',
    hint: /space/,
  },
  'a number with exponent': {
    query: '*[System[EventID=4e3]]',
    code: 'XPATH_NUMBER_SYNTAX',
    at: 17,
    token: '4e3',
    hint: /4000/,
  },
  'a number without a first digit': {
    query: '*[System[EventID=.5]]',
    code: 'XPATH_NUMBER_SYNTAX',
    at: 17,
    token: '.5',
    hint: /0\.5/,
  },
  'a bare hexadecimal number': {
    query: '*[System[Keywords=0x8020000000000000]]',
    code: 'XPATH_NUMBER_SYNTAX',
    at: 18,
    token: '0x8020000000000000',
    hint: /quotes/,
  },
  'a stray backslash': {
    query: '\\*[System[EventID=1]]',
    code: 'XPATH_UNEXPECTED_CHARACTER',
    at: 0,
    token: '\\',
    hint: /remove it/,
  },
  'a negation sign': {
    query: '*[System[!EventID]]',
    code: 'XPATH_UNEXPECTED_CHARACTER',
    at: 9,
    token: '!',
    hint: /'!='/,
  },
  'a control character': {
    query: '*[System[EventID=1\u0007]]',
    code: 'XPATH_UNEXPECTED_CHARACTER',
    at: 18,
    token: '\u0007',
    hint: /quoted/,
  },
  'a path that begins elsewhere': {
    query: 'System[EventID=1]',
    code: 'XPATH_NOT_A_SELECTOR',
    at: 0,
    token: 'System',
    hint: /\*\[System/,
  },
  'an event in wrong case': {
    query: 'event[System]',
    code: 'XPATH_NOT_A_SELECTOR',
    at: 0,
    token: 'event',
    hint: /'Event'/,
  },
  'a second selector that begins elsewhere': {
    query: '*[System] or (* and System[EventID=1])',
    code: 'XPATH_NOT_A_SELECTOR',
    at: 20,
    token: 'System',
    hint: /\*\[System/,
  },
  'an attribute at the top': {
    query: '@Name',
    code: 'XPATH_NOT_A_SELECTOR',
    at: 0,
    token: 'Name',
    hint: /write/,
  },
  'a comparison at the top': {
    query: '*/System/EventID=4624',
    code: 'XPATH_SELECTS_NO_EVENT',
    at: 17,
    token: '',
    hint: /in brackets/,
  },
  'a function at the top': {
    query: '* and band(*/System/Keywords,1)',
    code: 'XPATH_SELECTS_NO_EVENT',
    at: 6,
    token: '',
    hint: /in brackets/,
  },
  'a mask beyond 64 bits': {
    query: '*[System[band(Keywords,18446744073709551616)]]',
    code: 'XPATH_NUMBER_OUT_OF_RANGE',
    at: 23,
    token: '18446744073709551616',
    hint: /18446744073709551615/,
  },
  'a mask below 64 bits': {
    query: '*[System[band(Keywords,-9223372036854775809)]]',
    code: 'XPATH_NUMBER_OUT_OF_RANGE',
    at: 23,
    token: '-9223372036854775809',
    hint: /-9223372036854775808/,
  },
  'a fraction as mask': {
    query: '*[System[band(Keywords,1.5)]]',
    code: 'XPATH_NUMBER_OUT_OF_RANGE',
    at: 23,
    token: '1.5',
    hint: /masks/,
  },
  'a number of absurd length': {
    query: `*[System[EventID=${'1'.repeat(41)}]]`,
    code: 'XPATH_NUMBER_OUT_OF_RANGE',
    at: 17,
    token: '1'.repeat(41),
    hint: /64 bits/,
  },
  'a timediff to no time': {
    query: "*[System[TimeCreated[timediff(@SystemTime,'today') > 1]]]",
    code: 'XPATH_NOT_A_TIME',
    at: 42,
    token: 'today',
    hint: /2025-06-02T18:00:00Z/,
  },
  nothing: { query: '', code: 'XPATH_EMPTY_QUERY', at: 0, token: '', hint: /'\*'/ },
  'only blanks': { query: ' \r\n', code: 'XPATH_EMPTY_QUERY', at: 0, token: '', hint: /'\*'/ },
  'structured XML': {
    query: '<QueryList><Query Id="0"/></QueryList>',
    code: 'XPATH_STRUCTURED_XML',
    at: 0,
    token: '',
    hint: /Select/,
  },
};

describe('refused, with place, token and hint:', () => {
  for (const [name, refusal] of Object.entries(refusals)) {
    test(name, () => {
      const { query, diagnostics } = parseEventQuery(refusal.query);
      assert.equal(query, null);
      assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics));
      const [found] = diagnostics;
      assert.equal(found?.code, refusal.code, found?.message);
      assert.equal(found.severity, 'error');
      assert.equal(found.position.offset, refusal.at);
      assert.equal(found.token, refusal.token);
      assert.match(found.hint ?? '', refusal.hint);
      assert.equal(found.pointer, '');
    });
  }
});

describe('a misspelled operator is named together with what else is wrong:', () => {
  const misspelled: Readonly<Record<string, readonly [XPathCode, string][]>> = {
    '*[System[EventID==4624 && Level<>1 OR EventID=>1 AND EventID=<2]]': [
      ['XPATH_WRONG_OPERATOR', '=='],
      ['XPATH_WRONG_OPERATOR', '&&'],
      ['XPATH_WRONG_OPERATOR', '<>'],
      ['XPATH_OPERATOR_CASE', 'OR'],
      ['XPATH_WRONG_OPERATOR', '=>'],
      ['XPATH_OPERATOR_CASE', 'AND'],
      ['XPATH_WRONG_OPERATOR', '=<'],
    ],
    '*[System[EventID &gt;= 4650 &amp;&amp; EventID &lt; 4700 || Level !== 1]]': [
      ['XPATH_XML_ENTITY', '&gt;='],
      ['XPATH_XML_ENTITY', '&amp;&amp;'],
      ['XPATH_XML_ENTITY', '&lt;'],
      ['XPATH_WRONG_OPERATOR', '||'],
      ['XPATH_WRONG_OPERATOR', '!=='],
    ],
    '*[EventData[Data==&quot;a&quot;]]': [
      ['XPATH_WRONG_OPERATOR', '=='],
      ['XPATH_XML_ENTITY', '&quot;'],
    ],
  };
  for (const [text, expected] of Object.entries(misspelled)) {
    test(text, () => {
      const { query, diagnostics } = parseEventQuery(text);
      assert.equal(query, null);
      assert.deepEqual(
        diagnostics.map(({ code, token }) => [code, token]),
        expected,
      );
    });
  }
});

test('the hint of a misspelled operator is the operator that was meant', () => {
  const hints = ['==', '=>', '=<', '<>', '!==', '&gt;=', '&lt;', '&&', '||'].map((operator) => {
    const [found] = parseEventQuery(`*[System[EventID ${operator} 1]]`).diagnostics;
    return found?.hint;
  });
  const meant = ['=', '>=', '<=', '!=', '!=', '>=', '<', 'and', 'or'];
  assert.deepEqual(
    hints,
    meant.map((operator) => `write '${operator}'`),
  );
});

test('names that JavaScript objects inherit are names like any other', () => {
  for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
    const [call] = parseEventQuery(`*[${name}()]`).diagnostics;
    assert.equal(call?.hint, 'there are band, timediff and position');
    const [stray] = parseEventQuery(`*[System ${name}]`).diagnostics;
    assert.match(String(stray?.hint), /^join conditions/);
    const [unknown] = parseEventQuery(`*[System[${name}=1]]`).diagnostics;
    assert.equal(unknown?.code, 'XPATH_UNKNOWN_NAME');
  }
});

test('positions count lines and columns from 1', () => {
  const { diagnostics } = parseEventQuery('*[System[\n  EventID=1 or\r\n  Level=$x]]');
  assert.deepEqual(diagnostics[0]?.position, { offset: 34, line: 3, column: 9 });
});

test('a query says how many expressions it has', () => {
  const counts: Readonly<Record<string, number>> = {
    '*': 1,
    '*[System]': 1,
    '*[System[EventID=1]]': 1,
    '*[System[EventID=1 or EventID=2]]': 2,
    "*[EventData[Data[@Name='X']='v']]": 2,
    '*[System[Security[@UserID] and band(Keywords,1)]]': 2,
    '*[System[TimeCreated[timediff(@SystemTime) <= 5]]]': 1,
    '*[System[EventID[@Qualifiers=1]=2]] and *[EventData/Data[2]]': 3,
  };
  for (const [text, count] of Object.entries(counts)) {
    assert.equal(parseEventQuery(text).query?.expressionCount, count, text);
  }
});

test('a query keeps its text and is plain data', () => {
  const { query } = parseEventQuery("*[System[band(Keywords,-1) or timediff(@T,'2025-01-01')>1]]");
  assert.equal(query?.text, "*[System[band(Keywords,-1) or timediff(@T,'2025-01-01')>1]]");
  assert.deepEqual(JSON.parse(JSON.stringify(query)), query);
});

describe('limits', () => {
  test('nested parentheses are refused before the stack ends', () => {
    for (const depth of [101, 10_000, 500_000]) {
      const { query, diagnostics } = parseEventQuery(`*[${'('.repeat(depth)}System`);
      assert.equal(query, null);
      assert.equal(diagnostics[0]?.code, 'XPATH_NESTED_TOO_DEEPLY');
    }
  });

  test('nested predicates are refused before the stack ends', () => {
    const { diagnostics } = parseEventQuery(`*${'[a'.repeat(10_000)}`);
    assert.equal(diagnostics[0]?.code, 'XPATH_NESTED_TOO_DEEPLY');
  });

  test('a path of a hundred steps is compiled and one of a step more is refused', () => {
    const { query } = parseEventQuery(`*${'/a'.repeat(99)}`);
    assert.ok(query);
    assert.equal(compileEventQuery(query)(element('Event'), 0), false);
    for (const steps of [100, 500_000]) {
      const { diagnostics } = parseEventQuery(`*${'/a'.repeat(steps)}`);
      assert.equal(diagnostics[0]?.code, 'XPATH_NESTED_TOO_DEEPLY');
    }
  });

  test('a query of a hundred thousand names overflows no stack', () => {
    const { query } = parseEventQuery(`*[System[${'x or '.repeat(100_000)}x]]`);
    assert.ok(query);
    assert.equal(compileEventQuery(query)(element('Event'), 0), false);
  });

  test('a hundred open brackets are not too many', () => {
    const open = '('.repeat(98);
    const { query } = parseEventQuery(`*[System[${open}EventID=1${')'.repeat(98)}]]`);
    assert.notEqual(query, null);
  });

  test('brackets that are closed again do not count', () => {
    const terms = Array.from({ length: 200 }, () => '(Data[@Name][@Type])').join(' or ');
    assert.notEqual(parseEventQuery(`*[EventData[${terms}]]`).query, null);
  });

  test('ten thousand alternatives are accepted, with a warning', () => {
    const terms = Array.from({ length: 10_000 }, (_, id) => `EventID=${id}`).join(' or ');
    const { query, diagnostics } = parseEventQuery(`*[System[${terms}]]`);
    assert.equal(query?.expressionCount, 10_000);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ['XPATH_TOO_MANY_EXPRESSIONS'],
    );
  });

  test('a query of 1,048,576 units is read and one of a unit more is not', () => {
    const longest = `*[EventData[Data='${'x'.repeat(1_048_576 - 21)}']]`;
    assert.equal(longest.length, 1_048_576);
    assert.notEqual(parseEventQuery(longest).query, null);
    const { diagnostics } = parseEventQuery(`${longest} `);
    assert.equal(diagnostics[0]?.code, 'XPATH_QUERY_TOO_LONG');
  });

  test('no more than twenty findings are made of one query', () => {
    const terms = Array.from({ length: 1_000 }, () => 'EventID==1').join(' or ');
    assert.equal(parseEventQuery(`*[System[${terms}]]`).diagnostics.length, 20);
  });

  test('warnings never crowd out an error', () => {
    const unknown = Array.from({ length: 1_000 }, () => 'x=1').join(' or ');
    const { query, diagnostics } = parseEventQuery(`*[System[${unknown} or band(y,1.5)]]`);
    assert.equal(query, null);
    assert.equal(diagnostics.length, 20);
    assert.equal(diagnostics.at(-1)?.code, 'XPATH_NUMBER_OUT_OF_RANGE');
    assert.equal(diagnostics.at(-2)?.severity, 'warning');
  });

  test('what is said about a name or value of any length stays short', () => {
    const long = 'x'.repeat(100_000);
    for (const text of [
      `*[System[${long}=1]]`,
      `*[EventData[Data<'${long}']]`,
      long,
      `*'${long}'`,
    ]) {
      for (const { message, hint = '', token } of parseEventQuery(text).diagnostics) {
        assert.ok(message.length <= 301 && hint.length <= 301 && token.length <= 301);
      }
    }
  });
});

describe('no text makes the parser throw', () => {
  const isTotal = (text: string) => {
    const { query, diagnostics } = parseEventQuery(text);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    assert.equal(query === null, errors.length > 0, text);
    for (const { position, message, hint } of diagnostics) {
      assert.ok(position.offset >= 0 && position.offset <= text.length, text);
      assert.equal(typeof message, 'string');
      assert.ok(hint === undefined || typeof hint === 'string', text);
    }
  };

  test('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), isTotal), { numRuns: 2_000 });
  });

  test('any sequence of tokens', () => {
    const tokens = fc.constantFrom(
      ...['*', '[', ']', '(', ')', '/', '//', '@', '.', '..', '::', ':', ',', '|', '$', '+', '-'],
      ...['=', '!=', '<', '<=', '>', '>=', '==', '&&', '&gt;', 'and', 'or', 'OR', 'text', '!'],
      ...['Event', 'System', 'EventID', 'Data', 'Name', 'child', 'attribute', 'band', 'timediff'],
      ...[
        'position',
        'not',
        'constructor',
        '__proto__',
        '1',
        '-1',
        '1.5',
        '0x1',
        "'a'",
        '"b"',
        "'",
        '"',
        ' ',
        '\n',
        '\u00a0',
      ],
    );
    const text = fc.array(tokens, { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, isTotal), { numRuns: 5_000 });
  });

  test('any damage to a good query', () => {
    const good =
      "*[System[(EventID=4624 or Level<=3) and band(Keywords,-1)] and EventData[Data[2]='v']]";
    const damaged = fc
      .tuple(fc.nat(good.length), fc.nat(5), fc.string({ maxLength: 3, unit: 'binary' }))
      .map(([at, cut, added]) => good.slice(0, at) + added + good.slice(at + cut));
    fc.assert(fc.property(damaged, isTotal), { numRuns: 2_000 });
  });
});

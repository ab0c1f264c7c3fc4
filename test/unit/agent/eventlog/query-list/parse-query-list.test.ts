import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ParsedQueryList,
  parseQueryList,
} from '../../../../../packages/agent/src/eventlog/query-list/parse-query-list.ts';

/** What was read, in short: for each query its id and, for each part, channel and XPath. */
function brief({ queries }: ParsedQueryList): unknown[] {
  return queries.map(({ id, selects, suppresses }) => ({
    id,
    selects: selects.map(({ channel, query }) => [channel, query.text]),
    suppresses: suppresses.map(({ channel, query }) => [channel, query.text]),
  }));
}

/** A document of which nothing is said. */
function accepted(xml: string): unknown[] {
  const parsed = parseQueryList(xml);
  assert.deepEqual(parsed.diagnostics, []);
  return brief(parsed);
}

function found(xml: string): (readonly [code: string, where: string, rest: string])[] {
  return parseQueryList(xml).diagnostics.map(({ code, where, position }) => {
    const lines = xml.split('\n').slice(position.line - 1);
    const rest = lines.join('\n').slice(position.column - 1);
    assert.equal(rest, xml.slice(position.offset));
    return [code, where, rest];
  });
}

const SECURITY = { id: '0', selects: [['Security', '*']], suppresses: [] };

test('select and suppress are read with their channels', () => {
  const xml = `<QueryList>
  <Query Id="0" Path="Security">
    <Select Path="Security">*[System[(Level=1 or Level=0)]]</Select>
    <Select Path="System">*</Select>
    <Suppress Path="security">*[System[EventID=4703]]</Suppress>
  </Query>
  <Query Id="7" Path="Application"><Select>*</Select></Query>
</QueryList>`;
  assert.deepEqual(accepted(xml), [
    {
      id: '0',
      selects: [
        ['Security', '*[System[(Level=1 or Level=0)]]'],
        ['System', '*'],
      ],
      suppresses: [['security', '*[System[EventID=4703]]']],
    },
    { id: '7', selects: [['Application', '*']], suppresses: [] },
  ]);
});

describe('a document is accepted:', () => {
  const list = '<QueryList><Query Id="0" Path="Security"><Select>*</Select></Query></QueryList>';
  const escaped = list.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  for (const [what, xml] of Object.entries({
    'as it is': list,
    'with byte order mark and an encoding that is not its own': `\ufeff<?xml version="1.0" encoding="UTF-16"?>\r\n${list}\r\n`,
    'after blank lines': `\n \t${list}\n`,
    'with comments': `<!-- < & --><QueryList><!-- a --><Query Path="Security"><!----><Select>*<!-- b --></Select></Query></QueryList><!-- c -->`,
    'with attributes in another order, in other quotes, and others': `<QueryList><Query Path='Security' Target = "Host"\n Id="0" ><Select xml:space="preserve" >*</Select ></Query></QueryList>`,
    'with namespaces': `<q:QueryList xmlns:q="urn:q"><q:Query xmlns="urn:x" Id="0" Path="Security"><q:Select>*</q:Select></q:Query></q:QueryList>`,
    'with a default namespace': list.replace('<QueryList', '<QueryList xmlns="urn:q"'),
    'as a bare query': '<Query Id="0"><Select Path="Security">*</Select></Query>',
    'as a query without an id': '<Query><Select Path="Security">*</Select></Query>',
    'as an exported view': `<ViewerConfig><QueryConfig><QueryNode><Name>x</Name>${list}</QueryNode></QueryConfig></ViewerConfig>`,
    'as a subscription': `<?xml version="1.0" encoding="UTF-8"?><Subscription xmlns="http://schemas.microsoft.com/2006/03/windows/events/subscription"><SubscriptionId>x</SubscriptionId><Query><![CDATA[\n${list}\n]]></Query><ReadExistingEvents>true</ReadExistingEvents></Subscription>`,
    'as a subscription that holds it as elements': `<Subscription><Query>${list}</Query></Subscription>`,
    'as a subscription that holds a prolog': `<Subscription><Query><![CDATA[<?xml version="1.0"?>${list}]]></Query></Subscription>`,
    'as the trigger of a task': `<Task><EventTrigger><Subscription>${escaped}</Subscription></EventTrigger></Task>`,
  })) {
    test(what, () => assert.deepEqual(accepted(xml), [SECURITY]));
  }
});

describe('an XPath is read:', () => {
  const expected = '*[System[Level<=3 and Computer="a&b"]]';
  for (const [what, text] of Object.entries({
    'with entities': '*[System[Level&lt;=3 and Computer=&quot;a&amp;b&quot;]]',
    'with numbered characters': '*[System[Level&#60;=3 and Computer=&#x22;a&#38;b&#34;]]',
    'in CDATA': '<![CDATA[*[System[Level<=3 and Computer="a&b"]]]]>',
    'partly in CDATA': '*[System[Level<![CDATA[<]]>=3 <!-- c -->and Computer="a<![CDATA[&b]]>"]]',
  })) {
    test(what, () => {
      assert.deepEqual(accepted(`<Query Path="a"><Select>${text}</Select></Query>`), [
        { id: '0', selects: [['a', expected]], suppresses: [] },
      ]);
    });
  }
});

test('blanks around an XPath and a path do no harm', () => {
  const xml = '<Query Path=" Windows PowerShell "><Select>\n  *[System/Level=1]\n</Select></Query>';
  const { queries, diagnostics } = parseQueryList(xml);
  assert.deepEqual(diagnostics, []);
  assert.equal(queries[0]?.selects[0]?.channel, 'Windows PowerShell');
});

describe('a document is refused, with place and hint:', () => {
  for (const [xml, code, at, message, hint] of [
    ['', 'QUERY_LIST_MALFORMED', '', /15008.*no element/, /whole document/],
    ['Security!*', 'QUERY_LIST_MALFORMED', '', /no element/, /whole/],
    [
      '<Query Path="a">\n<Select>*[System[Level<=3]]</Select></Query>',
      'QUERY_LIST_MALFORMED',
      '<=3',
      /15008.*begins no tag/,
      /&lt;/,
    ],
    ['<Query>&nbsp;</Query>', 'QUERY_LIST_MALFORMED', '&nbsp;', /no entity/, /&amp;/],
    ['<Query>a && b</Query>', 'QUERY_LIST_MALFORMED', '&& b', /no entity/, /&amp;/],
    ['<Query Path="a&b"/>', 'QUERY_LIST_MALFORMED', ' Path', /attribute Path/, /&amp;/],
    ['<Query Path="a" Path="b"/>', 'QUERY_LIST_MALFORMED', ' Path="b', /twice/, /whole/],
    ['<Query Path=a/>', 'QUERY_LIST_MALFORMED', ' Path', /<Query> is not closed/, /whole/],
    ['<Query><Select>*</Query>', 'QUERY_LIST_MALFORMED', '</Query>', /<\/Select> is exp/, /whole/],
    ['<Query><Select>*</Select>', 'QUERY_LIST_MALFORMED', '', /<Query> is not closed/, /whole/],
    ['<Query/></Query>', 'QUERY_LIST_MALFORMED', '</Query>', /closes nothing$/, /whole/],
    ['<Query/><Query/>', 'QUERY_LIST_MALFORMED', '<Query/>', /second element/, /whole/],
    ['<Query/> x', 'QUERY_LIST_MALFORMED', 'x', /outside/, /whole/],
    ['<Query><!-- </Query>', 'QUERY_LIST_MALFORMED', '<!-- ', /comment/, /whole/],
    ['<Query><![CDATA[ </Query>', 'QUERY_LIST_MALFORMED', '<![CDATA[', /CDATA/, /whole/],
    ['<?xml <Query/>', 'QUERY_LIST_MALFORMED', '<?xml', /processing/, /whole/],
    ['<a>'.repeat(70), 'QUERY_LIST_MALFORMED', '<a>'.repeat(6), /too deeply/, /whole/],
    [`<a>${'<b/>'.repeat(200_000)}</a>`, 'QUERY_LIST_MALFORMED', '<b/></a>', /200000 tags/, /w/],
    [
      '<?xml version="1.0"?><!DOCTYPE q [<!ENTITY e "x">]><QueryList>&e;</QueryList>',
      'QUERY_LIST_DOCTYPE',
      '<!DOCTYPE',
      /document type/,
      /remove/,
    ],
    ['<Event/>', 'QUERY_LIST_NOT_FOUND', '<Event/>', /'Event'/, /XML tab/],
    ['<a><QueryList/><QueryList/></a>', 'QUERY_LIST_NOT_FOUND', '<QueryList/></a>', /one/, /list/],
    [
      '<a><b>&lt;QueryList/></b><b>&lt;QueryList/></b></a>',
      'QUERY_LIST_NOT_FOUND',
      '<b>&lt;QueryList/></b></a>',
      /one/,
      /list/,
    ],
    [
      '<a>&lt;Query>&amp;lt;QueryList/>&lt;/Query></a>',
      'QUERY_LIST_NOT_FOUND',
      '&lt;Query>',
      /'Query'/,
      /XML tab/,
    ],
    ['<QueryList> </QueryList>', 'QUERY_LIST_EMPTY', '<QueryList>', /no Query/, /Select/],
    [' '.repeat(4_194_305), 'QUERY_LIST_TOO_LARGE', ' ', /4194305/, /split/],
  ] as const) {
    test(`${xml.slice(0, 60)}: ${message}`, () => {
      const { queries, diagnostics } = parseQueryList(xml);
      assert.deepEqual(queries, []);
      assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics));
      const [first] = diagnostics;
      assert.equal(first?.code, code);
      assert.equal(first.severity, 'error');
      assert.equal(first.where, '');
      assert.ok(xml.slice(first.position.offset).startsWith(at));
      assert.equal(xml.slice(first.position.offset) === '', at === '' && !xml.startsWith('Sec'));
      assert.match(first.message, message);
      assert.match(first.hint, hint);
    });
  }
});

describe('a query is refused by itself, the others go on:', () => {
  for (const [inner, code, where, at] of [
    ['<Select>*[System[EventID=]]</Select>', 'XPATH_MISSING_OPERAND', ', Select 1', ']]</S'],
    [
      '<Select>*</Select><Select>*[System[Level&lt;=3 and EventID=]]</Select>',
      'XPATH_MISSING_OPERAND',
      ', Select 2',
      ']]</S',
    ],
    ['<Select>*</Select><Suppress>*[</Suppress>', 'XPATH_MISSING_OPERAND', ', Suppress 1', '</Sup'],
    ['<Select> </Select>', 'XPATH_EMPTY_QUERY', ', Select 1', ' </S'],
    ['<Select/>', 'XPATH_EMPTY_QUERY', ', Select 1', '<Select/>'],
    ['<Select Path="*">*</Select>', 'XPATH_WILDCARD_CHANNEL', ', Select 1', '<Select P'],
    ['<Select Path="a|b">*</Select>', 'XPATH_INVALID_CHANNEL', ', Select 1', '<Select P'],
    ['<Select>*<b/></Select>', 'QUERY_LIST_UNEXPECTED_CONTENT', ', Select 1', '<b/>'],
    ['<Select>*</Select><Supress/>', 'QUERY_LIST_UNEXPECTED_CONTENT', '', '<Supress/>'],
    ['*<Select>*</Select>', 'QUERY_LIST_UNEXPECTED_CONTENT', '', '*<Select'],
    ['', 'QUERY_LIST_NO_SELECT', '', '<Query Id="5"'],
    [
      '<Select>*</Select><Suppress Path="B">*</Suppress>',
      'QUERY_LIST_SUPPRESS_ALONE',
      ', Suppress 1',
      '<Suppress',
    ],
  ] as const) {
    test(inner, () => {
      const xml = `<QueryList>\n<Query Id="5" Path="A">${inner}</Query>\n<Query Id="0" Path="Security"><Select>*</Select></Query></QueryList>`;
      const [first, ...others] = found(xml);
      assert.deepEqual(first?.slice(0, 2), [code, `Query 5${where}`]);
      assert.ok(first?.[2].startsWith(at), first?.[2]);
      assert.deepEqual(others, []);
      assert.deepEqual(brief(parseQueryList(xml)), [SECURITY]);
      assert.ok(parseQueryList(xml).diagnostics.every(({ hint }) => hint !== ''));
    });
  }
});

test('what is wrong in the list itself is told of, and its queries go on', () => {
  const xml =
    '<QueryList>stray<query/><Query Path="Security"><Select>*</Select></Query></QueryList>';
  assert.deepEqual(
    found(xml).map(([code, where, rest]) => [code, where, rest.slice(0, 8)]),
    [
      ['QUERY_LIST_UNEXPECTED_CONTENT', '', 'stray<qu'],
      ['QUERY_LIST_UNEXPECTED_CONTENT', '', '<query/>'],
    ],
  );
  assert.deepEqual(brief(parseQueryList(xml)), [SECURITY]);
});

test('a path is needed, of the part or of its query; the hint knows the wrong case', () => {
  const { queries, diagnostics } = parseQueryList(
    '<Query Path=""><Select>*</Select><Select path="a">*</Select></Query>',
  );
  assert.deepEqual(queries, []);
  assert.deepEqual(
    diagnostics.map(({ code, where }) => [code, where]),
    [
      ['QUERY_LIST_NO_PATH', 'Query 0, Select 1'],
      ['QUERY_LIST_NO_PATH', 'Query 0, Select 2'],
    ],
  );
  assert.match(diagnostics[0]?.hint ?? '', /Path="Security"/);
  assert.match(diagnostics[1]?.hint ?? '', /not path/);
});

test('if one query has a path, all should; published lists do without', () => {
  const part = '<Select Path="Security">*</Select>';
  const xml = `<QueryList><Query Id="0" Path="Security">${part}</Query><Query>${part}</Query></QueryList>`;
  assert.deepEqual(
    found(xml).map(([code, where]) => [code, where]),
    [['QUERY_LIST_UNEVEN_PATHS', 'Query 1']],
  );
  assert.equal(parseQueryList(xml).queries.length, 2);
  const none = `<QueryList><Query Id="0">${part}</Query><Query Id="1">${part}</Query></QueryList>`;
  assert.equal(accepted(none).length, 2);
});

test('a path of a log file is any channel, with a warning', () => {
  const xml =
    '<Query Path="FILE://C:\\a.evtx"><Select>*</Select><Suppress Path="file://c:\\A.evtx">*</Suppress></Query>';
  const { queries, diagnostics } = parseQueryList(xml);
  assert.equal(queries[0]?.selects[0]?.channel, null);
  assert.equal(queries[0]?.suppresses[0]?.channel, null);
  assert.deepEqual(
    diagnostics.map(({ code, severity }) => [code, severity]),
    [
      ['QUERY_LIST_FILE_PATH', 'warning'],
      ['QUERY_LIST_FILE_PATH', 'warning'],
    ],
  );
});

test('an exclamation mark of a channel does not part it from its query', () => {
  assert.deepEqual(accepted('<Query Path="a!b"><Select>*[System/Task!=1]</Select></Query>'), [
    { id: '0', selects: [['a!b', '*[System/Task!=1]']], suppresses: [] },
  ]);
});

test('a list of 256 queries is accepted, one of 257 refused as a whole', () => {
  const list = (count: number) =>
    `<QueryList>${Array.from({ length: count }, (_, i) => `<Query Id="${i}" Path="a"><Select>*</Select></Query>`).join('')}</QueryList>`;
  assert.equal(accepted(list(256)).length, 256);
  const { queries, diagnostics } = parseQueryList(list(257));
  assert.deepEqual(queries, []);
  assert.deepEqual(
    diagnostics.map(({ code, message }) => [code, /257/.test(message)]),
    [['QUERY_LIST_TOO_MANY_QUERIES', true]],
  );
});

test('two queries of one id are warned of and both count', () => {
  const query = '<Query Id="a" Path="Security"><Select>*</Select></Query>';
  const xml = `<QueryList>${query}${query}</QueryList>`;
  assert.deepEqual(
    found(xml).map(([code, where]) => [code, where]),
    [['QUERY_LIST_DUPLICATE_ID', 'Query a']],
  );
  assert.equal(parseQueryList(xml).queries.length, 2);
});

test('warnings of an XPath know the channel, and stand at their place in the XML', () => {
  const xml = `<Subscription>\r\n<Query><![CDATA[<QueryList><Query Id="3" Path="security">
    <Select>*[System[Computer='a&amp;b' and
      Level&gt;2]]</Select><Suppress>*[System[Level&gt;2]]</Suppress>
    <Select Path="X/Debug">*[System[EventId=1]]</Select>
  </Query></QueryList>]]></Query></Subscription>`;
  assert.deepEqual(
    found(xml).map(([code, where, rest]) => [code, where, rest.slice(0, 9)]),
    [
      ['XPATH_LEVEL_WITHOUT_ZERO', 'Query 3, Select 1', 'Level&gt;'],
      ['XPATH_DIRECT_CHANNEL', 'Query 3, Select 2', '<Select P'],
      ['XPATH_NAME_CASE', 'Query 3, Select 2', 'EventId=1'],
    ],
  );
  const [level] = parseQueryList(xml).diagnostics;
  assert.deepEqual([level?.position.line, level?.position.column], [4, 7]);
});

test('of very many findings, errors are kept rather than warnings', () => {
  const many = '<Select>*[System[x]]</Select>'.repeat(1_000);
  const { queries, diagnostics } = parseQueryList(
    `<Query Path="a">${many}<Select>*[</Select></Query>`,
  );
  assert.deepEqual(queries, []);
  assert.equal(diagnostics.length, 1_000);
  assert.equal(diagnostics.at(-1)?.code, 'XPATH_MISSING_OPERAND');
});

test('no text makes the parser throw', () => {
  const part = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      ...['<QueryList>', '</QueryList>', '<Query Id="0" Path="A">', '</Query>', '<Select>', '*'],
      ...['</Select>', '<Suppress Path="B">', '</Suppress>', '<![CDATA[', ']]>', '&lt;', '&', '<'],
    ),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const xml = parts.join('');
      const { queries, diagnostics } = parseQueryList(xml);
      assert.ok(queries.length > 0 || diagnostics.length > 0);
      for (const { position } of diagnostics) assert.ok(position.offset <= xml.length);
    }),
    { numRuns: 2_000 },
  );
});

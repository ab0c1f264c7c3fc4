import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkTransform } from '../../../../packages/dcr-schema/src/kql/check-transform.ts';
import { SAMPLE_INPUT } from './sample-input.ts';

const ALL =
  'TimeGenerated:datetime Level:string Code:int Body:dynamic Message:string client-ip:string';

function output(text: string, input = SAMPLE_INPUT): string | undefined {
  const { findings, output: columns } = checkTransform(text, input);
  assert.deepEqual(findings, [], text);
  return columns?.map(({ name, type }) => `${name}:${type ?? '?'}`).join(' ');
}

/** Texts without a finding, and the columns that come of them. */
const OUTPUTS: readonly (readonly [string, string | undefined])[] = [
  ['source', ALL],
  ['', ALL],
  [' \n', ALL],
  ['source // as it is', ALL],
  ['(source)', ALL],
  ['source;', ALL],
  ["source | where Level in ('a', 'b') and Code >= 4", ALL],
  ["source | where not(Level has 'x' and Code == 1) | where 1 == 0", ALL],
  ["source | where Level !in ('a') or Level matches regex @'^\\d+'", ALL],
  ["source | where * has 'x'", ALL],
  ['source | extend Level = 5', ALL.replace('Level:string', 'Level:long')],
  ['source | extend a = 1 | extend b = a', `${ALL} a:long b:long`],
  [
    "source | extend a = 'x' 'y', b = -1.5, c = 2h, d = true",
    `${ALL} a:string b:real c:timespan d:boolean`,
  ],
  [
    'source | extend a = datetime(2026-11-01), b = guid(null), c = int(3)',
    `${ALL} a:datetime b:guid c:int`,
  ],
  [
    'source | extend a = Body.x[0].y, b = Body["k"], c = split(Level, ",")[1]',
    `${ALL} a:dynamic b:dynamic c:dynamic`,
  ],
  ['source | extend a = Code > 1 or Level == "x", b = (Code == 1)', `${ALL} a:boolean b:boolean`],
  ['source | extend a = Code + 1, b = sign(Code)', `${ALL} a:? b:?`],
  [
    'source | extend a = iff(Code > 1, 1d, 2d), b = iff(Code > 1, 1d, "x")',
    `${ALL} a:timespan b:?`,
  ],
  ['source | extend a = case(Code == 1, "a", Code == 2, "b", "c")', `${ALL} a:string`],
  [
    'source | extend a = max_of(TimeGenerated, now()), b = bin(TimeGenerated, 1h)',
    `${ALL} a:datetime b:datetime`,
  ],
  ["source | extend ['a b'] = ['client-ip'], c = strlen (Level)", `${ALL} a b:string c:long`],
  ['source | extend (a, b) = Body', `${ALL} a:? b:?`],
  [
    "source | extend a = columnifexists('Other', ''), b = @'c:\\d', c = h'secret'",
    `${ALL} a:? b:string c:string`,
  ],
  ['source | extend a = ```any "text"\nof lines```', `${ALL} a:string`],
  ['source | project TimeGenerated, L = Level', 'TimeGenerated:datetime L:string'],
  [
    'source | project todatetime(TimeGenerated), tostring(Code)',
    'TimeGenerated:datetime Code:string',
  ],
  ['source | project TimeGenerated, strcat(Level, "x")', undefined],
  ['source | extend Code * 2 | where Column1 > 4', undefined],
  [
    'source | project-away Le*, client*',
    'TimeGenerated:datetime Code:int Body:dynamic Message:string',
  ],
  ['source | project-rename L = Level', ALL.replace('Level', 'L')],
  [
    "source | parse Level with 'a' X:long ' ' * 'b' Y ' ' Z:bool",
    `${ALL} X:long Y:string Z:boolean`,
  ],
  ["source | parse kind = regex flags = Ui Level with @'\\d' X", `${ALL} X:string`],
  ["let m = parse_json('{}'); source | extend a = m[Level], b = m.x", `${ALL} a:dynamic b:dynamic`],
  ['let n = 5; let d = 1d; source | extend a = n, b = d', `${ALL} a:long b:timespan`],
  [
    'let f = (x:string, n:long = 5) { strcat(x, n) }; source | extend a = f(Level, n = 3)',
    `${ALL} a:?`,
  ],
  ['let T = source | where Code > 1; T | extend a = 1', `${ALL} a:long`],
  [
    'let T = datatable (TimeGenerated:datetime, n:long) [datetime(2026-11-01), 1]; T',
    'TimeGenerated:datetime n:long',
  ],
  [
    'print TimeGenerated = now(), a = 1 | extend b = exp2(a)',
    'TimeGenerated:datetime a:long b:real',
  ],
  ["source | extend a = lookup_string_am('store', Level)", `${ALL} a:?`],
  ['source | extend a = _ResourceId, b = TenantId', `${ALL} a:? b:?`],
  ["[parameters('transformKql')]", undefined],
  ['source | where Level == "{{level}}" and Nothing', undefined],
  ['source | where Level == \x24{level} and Nothing', undefined],
];

describe('a text without mistakes gives its columns:', () => {
  for (const [text, columns] of OUTPUTS) {
    test(text === '' ? 'blank' : text, () => assert.equal(output(text), columns));
  }
});

test('a wildcard stands for any characters, in the middle and at both ends', () => {
  const left = (pattern: string): readonly string[] | undefined =>
    checkTransform(`source | project-away ${pattern}`, SAMPLE_INPUT).output?.map(
      ({ name }) => name,
    );
  assert.deepEqual(left('*e*'), ['Body']);
  assert.deepEqual(left('T*G*ed'), ['Level', 'Code', 'Body', 'Message', 'client-ip']);
  assert.deepEqual(
    left('T*Generated*d'),
    SAMPLE_INPUT.columns?.map(({ name }) => name),
  );
  assert.deepEqual(left('*'), []);
});

test('functions that shipped rules use pass without a finding', () => {
  const text = `source | extend a = todynamic(Level), b = replace('a', 'b', Level), c = not(Code == 1),
    d = bag_merge(Body, pack('a', 1)), e = unixtime_milliseconds_todatetime(tolong(Body.time)),
    f = parse_cef_dictionary(Level), g = geo_location(Level)`;
  const types = 'a:dynamic b:string c:boolean d:dynamic e:datetime f:dynamic g:dynamic';
  assert.equal(output(text), `${ALL} ${types}`);
});

test('without columns nothing is said of names, until a step lists them all', () => {
  assert.equal(output('source | where Anything == 1 | extend a = 1', {}), undefined);
  assert.equal(output('source', {}), undefined);
  const text = 'source | project TimeGenerated, a = tolong(b) | where c > 1';
  const { findings, output: columns } = checkTransform(text, {});
  assert.deepEqual(
    findings.map(({ code, unit }) => [code, unit]),
    [['TRANSFORM_COLUMN_UNKNOWN', text.indexOf('c >')]],
  );
  assert.deepEqual(columns, [
    { name: 'TimeGenerated', type: undefined },
    { name: 'a', type: 'long' },
  ]);
});

test('behind an operator that transformations lack the columns are not known', () => {
  const { findings, output: columns } = checkTransform(
    'source | summarize total = count(), max(x) by y | where total > 1 | extend a = tosring(total)',
    SAMPLE_INPUT,
  );
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['TRANSFORM_OPERATOR_UNSUPPORTED', 'TRANSFORM_FUNCTION_UNKNOWN'],
  );
  assert.equal(columns, undefined);
});

test('a mistake of syntax ends its statement and not the others', () => {
  const text = 'let a = 1 +; let b = tosring(1); source | where Nothing == a and b == 1';
  const found = checkTransform(text, SAMPLE_INPUT).findings.map(({ code, unit }) => [code, unit]);
  assert.deepEqual(found, [
    ['TRANSFORM_SYNTAX', text.indexOf('+')],
    ['TRANSFORM_FUNCTION_UNKNOWN', text.indexOf('tosring')],
    ['TRANSFORM_COLUMN_UNKNOWN', text.indexOf('Nothing')],
  ]);
});

test('the output type is told as the service tells it', () => {
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'EventId', type: 'string' },
  ] as const;
  const guid = [{ name: 'EventId', type: 'Guid' }];
  const table = { name: 'App_CL', columns: guid, isBuiltIn: false };
  const { findings } = checkTransform('source', { columns, table });
  assert.deepEqual(findings, [
    {
      code: 'TRANSFORM_OUTPUT_TYPE',
      unit: 0,
      message: "EventId [produced:'String', output:'Guid']: the table has another type",
      hint: 'write EventId = toguid(…)',
    },
  ]);
  const text = 'source | extend EventId = toguid(EventId)';
  assert.equal(output(text, { columns, table }), 'TimeGenerated:datetime EventId:guid');
});

test('types that differ in size only, and what dynamic columns hold, are left to the service', () => {
  const columns = [
    { name: 'aa', type: 'long' },
    { name: 'bb', type: 'real' },
    { name: 'cc', type: 'dynamic' },
    { name: 'dd', type: 'string' },
    { name: 'ee', type: 'decimal' },
    { name: 'ff', type: 'bool' },
    { name: 'gg', type: 'Double' },
  ];
  const table = { name: 'App_CL', columns, isBuiltIn: false };
  const text =
    'source | extend aa = Code, bb = Code, cc = Level, dd = Body, ee = Level, ff = Code > 1, gg = 1.5';
  const types = 'aa:int bb:int cc:string dd:dynamic ee:string ff:boolean gg:real';
  assert.equal(output(text, { ...SAMPLE_INPUT, table }), `${ALL} ${types}`);
});

test('a guid for a string is wrong, but not in a built-in table', () => {
  const columns = [{ name: 'LogonGuid', type: 'string' }];
  const text = 'source | extend LogonGuid = toguid(Level)';
  for (const isBuiltIn of [false, true]) {
    const table = { name: 'SecurityEvent', columns, isBuiltIn };
    const { findings } = checkTransform(text, { ...SAMPLE_INPUT, table });
    const units = findings.map(({ code, unit }) => [code, unit]);
    assert.deepEqual(
      units,
      isBuiltIn ? [] : [['TRANSFORM_OUTPUT_TYPE', text.indexOf('LogonGuid')]],
    );
  }
});

test('what a record brings along may be missing in a built-in table, and `_CF` may be added', () => {
  const time = [{ name: 'TimeGenerated', type: 'datetime' }];
  const table = { name: 'Syslog', columns: time, isBuiltIn: true };
  const text = 'source | extend Extra_CF = 1, _ResourceId = Level, TenantId = Level';
  assert.match(output(text, { ...SAMPLE_INPUT, table }) ?? '', /Extra_CF:long/);
  const own = { ...table, isBuiltIn: false };
  assert.match(
    output('source | extend Extra = 1', { ...SAMPLE_INPUT, table: own }) ?? '',
    /Extra:long/,
  );
});

const HINTS: readonly (readonly [string, string])[] = [
  ['source | where level == "a"', "did you mean 'Level'?"],
  ['source | extend a = tosring(Code)', "did you mean 'tostring'?"],
  ['source | extend a = if(Code > 1, 1, 2)', "did you mean 'iff'?"],
  ['source | extend a = client-ip', "quote odd names: ['client-ip']"],
  ['source | where Level contain "a"', "did you mean 'contains'?"],
  ['source | wher Code > 1', "did you mean 'where'?"],
  ['Source | where Code > 1', "did you mean 'source'?"],
  ['source | extend a = column_ifexists("a", "")', 'write columnifexists'],
  ['source | parse Level with X:strin', "did you mean 'string'?"],
];

test('a hint says what was meant', () => {
  for (const [text, hint] of HINTS) {
    assert.deepEqual(
      checkTransform(text, SAMPLE_INPUT).findings.map((f) => f.hint),
      [hint],
      text,
    );
  }
});

test('no more than a hundred findings are told', () => {
  const items = Array.from({ length: 5000 }, (_, i) => `a${i} = b${i}`).join(', ');
  assert.equal(checkTransform(`source | extend ${items}`, SAMPLE_INPUT).findings.length, 100);
});

const DEPTH = 100_000;

test('deep nesting and endless lists are read to their end', () => {
  const texts = [
    `source | where ${'('.repeat(DEPTH)}Code > 1${')'.repeat(DEPTH)}`,
    `${'('.repeat(DEPTH)}source${')'.repeat(DEPTH)}`,
    `source | where ${'-'.repeat(DEPTH)}1 == Code`,
    `source | extend a = Body${'[0]'.repeat(DEPTH / 2)}`,
    `source | extend a = strcat(${'Level,'.repeat(DEPTH / 3)}Level)`,
    `source${'|where true'.repeat(DEPTH / 5)}`,
    `${';'.repeat(DEPTH)}source`,
  ];
  for (const text of texts) assert.deepEqual(checkTransform(text, SAMPLE_INPUT).findings, []);
  const pieces = ['(', ')', '[', '{', '|', ',', '-', '"a', '.', '!', 'a ', '1 ', 'let ', '*', '=='];
  for (const piece of pieces) {
    for (const start of [
      '',
      'source | where ',
      'source | extend a = f(',
      'source | project-away ',
    ]) {
      const { findings } = checkTransform(start + piece.repeat(DEPTH / piece.length), SAMPLE_INPUT);
      assert.ok(findings.length > 0 && findings.length <= 100, `${start}${piece}…`);
    }
  }
});

test('columns of a text that makes thousands of them again and again are given up', () => {
  const made = Array.from({ length: 4000 }, (_, i) => `|extend n${i} = 1`).join('');
  const again = `let T = source${made};${' T | extend a = 1;'.repeat(8000)}`;
  assert.deepEqual(checkTransform(again, SAMPLE_INPUT), { findings: [], output: undefined });
  const away = `source${made} | project-away ${'z*, '.repeat(30_000)}z*`;
  assert.deepEqual(checkTransform(away, SAMPLE_INPUT), { findings: [], output: undefined });
  const once = checkTransform(`source${made} | project-away n*`, SAMPLE_INPUT);
  assert.deepEqual(
    once.output?.map(({ name }) => name),
    SAMPLE_INPUT.columns?.map(({ name }) => name),
  );
});

const WORDS = [
  ...['source', 'where', 'extend', 'project', 'project-away', 'project-rename', 'parse', 'with'],
  ...['let', 'print', 'datatable', 'dynamic', 'summarize', 'by', 'kind', 'regex', 'matches'],
  ...['|', '|', ';', ',', ',', '(', ')', '(', ')', '[', ']', '{', '}', '.', '..', ':', '=', '=='],
  ...['!=', '!has', '+', '-', '*', '/', '<', 'and', 'or', 'in', 'in~', 'between', 'has', 'not'],
  ...['Level', 'Code', 'Body', 'TimeGenerated', 'x', 'tostring', 'iff', 'count', '__proto__'],
  ...['1', '1.5', '2h', '0x1f', "'a'", '"b"', "@'c'", "['client-ip']", 'datetime(2026-11-01)'],
  ...['//', '\n', '```', '“', '\\', '🙂', '\ud83d'],
];

test('any order of words is answered, within the text and in its order', () => {
  const word = fc.constantFrom(...WORDS);
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(' '));
  const started = text.map((rest) => `source | ${rest}`);
  fc.assert(
    fc.property(fc.oneof(text, started, fc.string({ unit: 'binary', maxLength: 60 })), (query) => {
      const { findings } = checkTransform(query, SAMPLE_INPUT);
      const units = findings.map(({ unit }) => unit);
      assert.deepEqual(
        units,
        units.toSorted((a, b) => a - b),
      );
      assert.ok(units.every((unit) => unit >= 0 && unit <= query.length));
      assert.deepEqual(checkTransform(query, SAMPLE_INPUT).findings, findings);
    }),
    { numRuns: 3000, seed: 1 },
  );
});

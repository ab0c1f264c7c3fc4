import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Column, ColumnType } from '@dcr-agent/schema';
import fc from 'fast-check';
import { jsonLineStage } from '../../../../../packages/agent/src/pipeline/json-lines/json-line-stage.ts';
import { createPipeline } from '../../../../../packages/agent/src/pipeline/pipeline.ts';
import { listed } from '../../../../../packages/agent/src/record.ts';
import { lineRecord } from '../../../../support/line-records.ts';

const CONTEXT = { computer: 'web01', hostIp: '', agentId: '' };
const AT = { filePath: '/var/log/app.json', timeMs: Date.UTC(2026, 2, 1) };
const TIME = '"TimeGenerated":"2026-03-01T00:00:00.000Z"';

function columns(names: Readonly<Record<string, ColumnType>>): Column[] {
  return Object.entries(names).map(([name, type]) => ({ name, type }));
}

interface Made {
  readonly rows: string;
  readonly remarks: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
}

function made(lines: readonly string[], declared?: readonly Column[]): Made {
  const flow = { id: 'f', stream: 'Custom-App', destinations: ['d'], format: 'json' } as const;
  const stage = jsonLineStage({ ...flow, ...(declared && { columns: declared }) }, CONTEXT);
  const pipeline = createPipeline([{ flow, stage, destinations: new Map([['gig', ['d']]]) }]);
  const records = listed(lines.map((line) => lineRecord({ ...AT, line })));
  pipeline.process({ records, cursors: [] }, 0);
  const { blocks, counts } = pipeline.take()!;
  const [{ remarks = new Map(), rejected }] = counts as [(typeof counts)[number]];
  return {
    rows: blocks.map(({ json }) => String(json)).join(),
    remarks: Object.fromEntries(remarks),
    rejected: Object.fromEntries(rejected.map(({ reason, count }) => [reason, count])),
  };
}

test('a row has the declared columns, in their order, and what has none is counted', () => {
  const declared = columns({ TimeGenerated: 'datetime', Level: 'int', message: 'string' });
  const line =
    '{"message":"a \\u0041\\n","level":1,"Level":7,"TimeGenerated":"2026-02-28T10:11:12Z"}';
  assert.deepEqual(made([line], declared), {
    rows: '{"TimeGenerated":"2026-02-28T10:11:12Z","Level":7,"message":"a \\u0041\\n"}',
    remarks: { 'members without a column': 1 },
    rejected: {},
  });
});

test('the agent fills the time, the path and the machine where the object does not', () => {
  const declared = columns({
    ...{ TimeGenerated: 'datetime', FilePath: 'string', Computer: 'string', Own: 'string' },
  });
  const own = `{${TIME},"FilePath":"/var/log/app.json","Computer":"web01"}`;
  assert.equal(made(['{}'], declared).rows, own);
  const line = '{"Computer":"other","TimeGenerated":12,"FilePath":null,"Own":null}';
  assert.deepEqual(made([line], declared), {
    rows: own.replace('web01', 'other'),
    remarks: { 'values that are no datetime: TimeGenerated': 1 },
    rejected: {},
  });
  assert.equal(made(['{"a":1}'], columns({ a: 'int' })).rows, '{"a":1}');
});

test('digits are kept, beyond what a double holds', () => {
  const declared = columns({ n: 'long', r: 'real', d: 'dynamic', s: 'string' });
  const line =
    '{"n":9007199254740993,"r":0.1000000000000000055511151231257827,"d":{"x":[12345678901234567890]},"s":1.00}';
  assert.equal(made([line], declared).rows, line.replace('"s":1.00', '"s":"1.00"'));
});

test('a value of another type is null, and counted by its column', () => {
  const declared = columns({ a: 'int', b: 'boolean' });
  const { rows, remarks } = made(['{"a":"x","b":true}', '{"a":[1],"b":"perhaps"}'], declared);
  assert.equal(rows, '{"b":true},{}');
  assert.deepEqual(remarks, {
    'values that are no int: a': 2,
    'values that are no boolean: b': 1,
  });
});

test('of members with one name the last one counts', () => {
  const declared = columns({ a: 'int' });
  const { rows, remarks } = made(['{"a":1,"\\u0061":2}', '{"a":3}'], declared);
  assert.equal(rows, '{"a":2},{"a":3}');
  assert.deepEqual(remarks, { 'members that come twice in an object': 1 });
});

test('without declared columns every member is kept, once', () => {
  const line = '{ "a" : {"b":[1, 2]} , "log":"x" }';
  assert.equal(made([line]).rows, `{${TIME},"a" : {"b":[1, 2]},"log":"x"}`);
  assert.equal(made(['{"TimeGenerated":"x"}']).rows, '{"TimeGenerated":"x"}');
  assert.equal(made(['{}']).rows, `{${TIME}}`);
  assert.deepEqual(made(['{"a":1,"b":2,"a":3}']), {
    rows: `{${TIME},"a":3,"b":2}`,
    remarks: { 'members that come twice in an object': 1 },
    rejected: {},
  });
});

test('what is no object is refused, with its reason', () => {
  const spread = 'JSON over several lines or in an array, not an object per line';
  const lines: [string, string][] = [
    ['', 'empty line'],
    [' \t', 'empty line'],
    ['text', 'not JSON'],
    ['{"a":1', 'not JSON'],
    ['{"a":01}', 'not JSON'],
    ['{"a":1,}', 'not JSON'],
    ["{'a':1}", 'not JSON'],
    ['{"a":tru}', 'not JSON'],
    ['{"a":"\t"}', 'not JSON'],
    ['{"a":1} x', 'JSON with something behind the object'],
    ['{"a":1}{"a":2}', 'JSON with something behind the object'],
    ['[1,2]', 'JSON that is no object'],
    ['[{"a":1}]', 'JSON that is no object'],
    ['"text"', 'JSON that is no object'],
    ['12', 'JSON that is no object'],
    ['[', spread],
    [']', spread],
    ['{', spread],
    ['}', spread],
    ['  },', spread],
    ['  "a": 1,', spread],
    ['{"a":1},', spread],
    ['{"a":1}]', spread],
    ['[{"a":1},', spread],
    [`{"a":${'['.repeat(600)}${']'.repeat(600)}}`, 'JSON nested too deeply'],
  ];
  for (const [line, reason] of lines) {
    const { rows, rejected } = made([line], columns({ a: 'int' }));
    assert.deepEqual([rows, rejected], ['', { [reason]: 1 }], line);
  }
});

test('a refused line costs no other', () => {
  const { rows, rejected } = made(['{"a":1}', '{', '{"a":2}'], columns({ a: 'int' }));
  assert.equal(rows, '{"a":1},{"a":2}');
  assert.equal(Object.keys(rejected).length, 1);
});

test('rows hold what JSON.parse reads', () => {
  const declared = columns({ a: 'dynamic', b: 'dynamic', 'c"d': 'dynamic' });
  const object = fc.dictionary(fc.constantFrom('a', 'b', 'c"d', '\u00e9'), fc.jsonValue());
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), fc.nat(2), (objects, indent) => {
      const lines = objects.map((each) => JSON.stringify(each, null, indent).replaceAll('\n', ' '));
      const rows = JSON.parse(`[${made(lines, declared).rows}]`) as unknown[];
      const expected = objects.map((each) =>
        Object.fromEntries(
          declared.flatMap(({ name }) => {
            const value: unknown = JSON.parse(JSON.stringify(each))[name];
            return value === undefined || value === null ? [] : [[name, value]];
          }),
        ),
      );
      assert.deepEqual(rows, expected);
    }),
    { numRuns: 200 },
  );
});

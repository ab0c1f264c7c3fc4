import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RowScan } from '../../../../packages/agent/src/replay/row-scan.ts';

interface Seen {
  readonly rows: string[];
  /** Of each row, names and texts of values. */
  readonly members: [string, string][][];
}

function scan(json: string, rows = new RowScan()): Seen {
  const seen: Seen = { rows: [], members: [] };
  let members: [string, string][] = [];
  rows.scan(Buffer.from(json), {
    member: (name, bytes, start, end) => {
      members.push([name, Buffer.from(bytes.subarray(start, end)).toString()]);
    },
    row: (bytes, start, end) => {
      seen.rows.push(Buffer.from(bytes.subarray(start, end)).toString());
      seen.members.push(members);
      members = [];
    },
  });
  return seen;
}

test('rows are parted, and each shows its own members only', () => {
  const { rows, members } = scan('{"a":1,"b":{"c":[2,"}"]}},{"a":"x,y"}');
  assert.deepEqual(rows, ['{"a":1,"b":{"c":[2,"}"]}}', '{"a":"x,y"}']);
  assert.deepEqual(members, [
    [
      ['a', '1'],
      ['b', '{"c":[2,"}"]}'],
    ],
    [['a', '"x,y"']],
  ]);
});

test('quotes and backslashes in texts end nothing', () => {
  const row = { 'a"b': 'x\\', c: '\\"}{', d: '"' };
  const { members } = scan(JSON.stringify(row));
  assert.deepEqual(
    members[0]?.map(([name, text]) => [name, JSON.parse(text)]),
    Object.entries(row),
  );
});

test('a row without members is a row', () => {
  assert.deepEqual(scan('{},{}').rows, ['{}', '{}']);
  assert.deepEqual(scan('').rows, []);
});

test('rows whose members differ are read by one scan, whatever they hold', () => {
  const rows = new RowScan();
  const objects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 });
  fc.assert(
    fc.property(objects, (all) => {
      const texts = all.map((each) => JSON.stringify(each));
      const seen = scan(texts.join(','), rows);
      assert.deepEqual(seen.rows, texts);
      const read = seen.members.map((members) =>
        members.map(([name, text]) => [name, JSON.parse(text)]),
      );
      const written = texts.map((text) => Object.entries(JSON.parse(text) as object));
      assert.deepEqual(read, written);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnType } from '@dcr-agent/schema';
import { encodeRows } from '../../../../packages/handlers/src/ingestion/row-encoder.ts';

const RECEIVED = Date.parse('2025-03-01T12:00:00Z');
const OPTIONS = { receivedAtMs: RECEIVED, enforceTimeWindow: false };
const COLUMNS = new Map<string, ColumnType>([
  ['TimeGenerated', 'datetime'],
  ['Text', 'string'],
  ['Count', 'int'],
  ['Type', 'string'],
  ['_RequestId', 'string'],
]);

test('a row starts with its time and holds what has a column', () => {
  const item = { Count: '5', TimeGenerated: '2025-03-01T10:00:00Z', Text: null, Other: 1 };
  assert.deepEqual(encodeRows([item], COLUMNS, OPTIONS), {
    rows: [
      {
        timeMs: Date.parse('2025-03-01T10:00:00Z'),
        json: '{"TimeGenerated":"2025-03-01T10:00:00Z","Count":5,"Text":null}',
      },
    ],
    droppedMembers: 1,
    nulledValues: 0,
  });
});

test('a row without a time of its own has that of its arrival', () => {
  const { rows, nulledValues } = encodeRows(
    [{}, { TimeGenerated: null }, { TimeGenerated: 'x' }, { TimeGenerated: 5 }],
    COLUMNS,
    OPTIONS,
  );
  for (const row of rows) {
    assert.deepEqual(row, {
      timeMs: RECEIVED,
      json: '{"TimeGenerated":"2025-03-01T12:00:00.000Z"}',
    });
  }
  assert.equal(nulledValues, 2);
});

test('a time is not taken from a stream that does not declare one', () => {
  const columns = new Map<string, ColumnType>([['Text', 'string']]);
  const item = { TimeGenerated: '2025-03-01T10:00:00Z', Text: 'a' };
  const { rows, droppedMembers } = encodeRows([item], columns, OPTIONS);
  assert.equal(rows[0]?.json, '{"TimeGenerated":"2025-03-01T12:00:00.000Z","Text":"a"}');
  assert.equal(droppedMembers, 1);
});

test('columns of the service cannot be sent, even when they are declared', () => {
  const item = { Type: 'Forged', _RequestId: 'forged', _TimeGeneratedOriginal: 'x' };
  const { rows, droppedMembers } = encodeRows([item], COLUMNS, OPTIONS);
  assert.equal(rows[0]?.json, '{"TimeGenerated":"2025-03-01T12:00:00.000Z"}');
  assert.equal(droppedMembers, 3);
});

test('a time outside of the window becomes that of the arrival, and is kept beside it', () => {
  const items = [{ TimeGenerated: '2025-02-01T00:00:00Z' }];
  const { rows } = encodeRows(items, COLUMNS, { ...OPTIONS, enforceTimeWindow: true });
  assert.deepEqual(rows, [
    {
      timeMs: RECEIVED,
      json: '{"TimeGenerated":"2025-03-01T12:00:00.000Z","_TimeGeneratedOriginal":"2025-02-01T00:00:00Z"}',
    },
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RowRemarks } from '../../../packages/agent/src/row-remarks.ts';
import { createRecordedLog } from '../../support/recorded-log.ts';

test('what is remarked is bounded, whatever the data names', () => {
  const log = createRecordedLog();
  const remarks = new RowRemarks(log);
  const flow = { flow: 'f', destinations: [], read: 2, filtered: 0, rejected: [] };
  for (let i = 0; i < 1_000; i++) {
    const what = new Map([[`fields without a column: X-${i}`, 2]]);
    remarks.count([{ ...flow, remarks: what }]);
  }
  const counts = remarks.facts.remarks?.f ?? {};
  assert.equal(Object.keys(counts).length, 65);
  assert.equal(counts.others, (1_000 - 64) * 2);
  assert.equal(log.entries.length, 65);
});

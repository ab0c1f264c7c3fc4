import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textLineStage } from '../../../../../packages/agent/src/pipeline/text-lines/text-line-stage.ts';
import { type LineFields, lineRecord } from '../../../../support/line-records.ts';
import { rowOf } from '../../../../support/rows.ts';

const stage = textLineStage({ computer: 'web01', hostIp: '10.0.0.4', agentId: 'a' });

const line: LineFields = {
  line: '2026-11-20 order 17 "paid"\tok',
  filePath: '/var/log/orders/today.log',
  timeMs: Date.UTC(2026, 10, 20, 6, 14, 34, 7),
};

test('every line is kept, an empty one too', () => {
  assert.equal(stage.keep(lineRecord(line), 0), true);
  assert.equal(stage.keep(lineRecord({ ...line, line: '' }), 0), true);
});

test('a line is carried whole, with the file and the computer it is from', () => {
  const row = {
    TimeGenerated: '2026-11-20T06:14:34.007Z',
    RawData: '2026-11-20 order 17 "paid"\tok',
    FilePath: '/var/log/orders/today.log',
    Computer: 'web01',
  };
  assert.deepEqual(rowOf(stage, 'gig', lineRecord(line)), row);
  assert.deepEqual(rowOf(stage, 'ods', lineRecord(line)), row);
});

test('the time of a line is when it was read, whatever the line says', () => {
  const row = rowOf(stage, 'gig', lineRecord({ ...line, timeMs: 0 }));
  assert.equal(row.TimeGenerated, '1970-01-01T00:00:00.000Z');
});

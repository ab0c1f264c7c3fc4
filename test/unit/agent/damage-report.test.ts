import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DamageReport } from '../../../packages/agent/src/damage-report.ts';
import type { Damage } from '../../../packages/agent/src/eventlog/damage.ts';

function linesOf(...damage: Damage[]): string[] {
  const report = new DamageReport('a\n.evtx');
  report.add(damage);
  return report.lines(0);
}

test('damage is told with its place, and what it means', () => {
  assert.deepEqual(linesOf({ offset: 4096, length: 65_536, reason: 'chunk signature' }), [
    'a\\u000a.evtx: chunk signature at offset 4096, 65536 bytes: a slot of 64 KiB begins like no chunk and is not empty; it is skipped',
  ]);
  const detail = 'template outside the chunk';
  assert.deepEqual(linesOf({ offset: 1, length: 2, reason: 'undecodable record', detail }), [
    `a\\u000a.evtx: undecodable record at offset 1, 2 bytes: ${detail}`,
  ]);
});

test('what is no log, or empty, is told without a place, with what to give instead', () => {
  assert.deepEqual(
    linesOf(
      { offset: 0, length: 9, reason: 'no event log' },
      { offset: 0, length: 0, reason: 'empty file' },
      { offset: 0, length: 0, reason: 'piped log' },
    ),
    [
      'a\\u000a.evtx: no event log: the file neither begins like an .evtx file nor has an event in XML; give an .evtx file, or event XML as Event Viewer saves it',
      'a\\u000a.evtx: empty file: there is nothing in the file',
      "a\\u000a.evtx: piped log: an .evtx file in a pipe, from which only event XML can be read; give the file's name instead",
    ],
  );
});

test('of many places the first ten are told one by one', () => {
  const damage = Array.from({ length: 13 }, (_, i): Damage => {
    return { offset: i, length: 1, reason: 'damaged record' };
  });
  const lines = linesOf(...damage);
  assert.equal(lines.length, 11);
  assert.equal(lines.at(-1), 'a\\u000a.evtx: 3 more damaged places');
});

/** The buffer and what a repair did to it, for people. */
import type { RepairReport } from '../../buffer/recovery.ts';
import type { LimitedList, StoredBatch, StoredForDestination } from '../../buffer/stored-lists.ts';
import { columns } from '../columns.ts';
import { age, instant, size } from '../short-texts.ts';
import { moreLine } from './print.ts';

export interface StoredTable {
  readonly destinations: readonly StoredForDestination[];
  readonly batches: LimitedList<StoredBatch>;
}

export function bufferTable({ destinations, batches }: StoredTable, nowMs: number): string[] {
  if (destinations.length === 0) return ['nothing waits'];
  const waiting = destinations.map((row) => [
    row.destination,
    ...[row.batches, row.records].map(String),
    ...[row.rawBytes, row.storedBytes].map(size),
    age(row.oldestAtMs, nowMs),
  ]);
  const rows = batches.items.map((batch) => [
    batch.id,
    batch.isSealed ? 'sealed' : 'open',
    batch.stream,
    String(batch.records),
    ...[batch.rawBytes, batch.storedBytes].map(size),
    age(batch.createdAtMs, nowMs),
    batch.waiting.join(' '),
  ]);
  const sizes = ['RECORDS', 'BYTES', 'STORED'];
  return [
    ...columns([['DESTINATION', 'BATCHES', ...sizes, 'OLDEST'], ...waiting]),
    '',
    ...columns([['BATCH', 'STATE', 'STREAM', ...sizes, 'AGE', 'WAITS FOR'], ...rows]),
    ...moreLine(rows.length, batches.count, 'batches'),
  ];
}

export function repairLines(report: RepairReport): string[] {
  const { batches, cursors, batchesWithoutRoom, damagedTables, lost } = report;
  const rows = lost.map(({ destination, flow, records, fromMs, toMs }) => [
    destination,
    flow,
    String(records),
    fromMs === null ? 'unknown' : instant(fromMs),
    instant(toMs),
  ]);
  return [
    `the damaged buffer was set aside: ${report.setAside ?? 'it was gone'}`,
    `kept ${batches} batches and ${cursors} cursors`,
    ...(damagedTables.length > 0 ? [`damaged tables: ${damagedTables.join(', ')}`] : []),
    ...(batchesWithoutRoom > 0
      ? [`left behind, as the quota has no room for two copies: ${batchesWithoutRoom} batches`]
      : []),
    ...(damagedTables.includes('ledger')
      ? ['the ledger was damaged, too: what is not told here may have been lost besides']
      : []),
    ...(rows.length === 0
      ? ['no loss is known of']
      : ['', ...columns([['DESTINATION', 'FLOW', 'LOST', 'FROM', 'TO'], ...rows])]),
  ];
}

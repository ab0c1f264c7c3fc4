/** The quarantine, for people. */
import type { LimitedList, StoredRefusal } from '../../buffer/stored-lists.ts';
import { columns } from '../columns.ts';
import { instant } from '../short-texts.ts';
import { moreLine } from './print.ts';

export function refusalTable({ items, count }: LimitedList<StoredRefusal>): string[] {
  if (count === 0) return ['the quarantine is empty'];
  const rows = items.map(({ id, atMs, destination, flow, records, reason, detail }) => [
    String(id),
    instant(atMs),
    destination,
    flow,
    String(records),
    detail === null ? reason : `${reason}: ${detail}`,
  ]);
  return [
    ...columns([['ID', 'WHEN', 'DESTINATION', 'FLOW', 'RECORDS', 'ANSWER'], ...rows]),
    ...moreLine(rows.length, count, 'entries'),
  ];
}

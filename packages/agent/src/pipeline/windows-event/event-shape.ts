/**
 * The row an event becomes, by the stream it is sent to.
 *
 * The body of these posts on the ODS endpoint is not published. Inferred and decided here: items
 * carry the table's columns by name, the same on every protocol.
 */
import { findBlobType, findStream } from '@dcr-agent/schema/streams';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RowContext } from '../record-stage.ts';
import { eventRow } from './event-row.ts';
import { securityEventRow } from './security-event-row.ts';
import { windowsEventRow } from './windows-event-row.ts';

export type EventShape = (record: WindowsEventRecord, context: RowContext) => object;

const SHAPES_BY_TABLE: ReadonlyMap<string | undefined, EventShape> = new Map([
  ['Event', eventRow],
  ['SecurityEvent', securityEventRow],
  ['WindowsEvent', windowsEventRow],
]);

/** A stream of the author's own carries the event as it would stand in WindowsEvent. */
export function eventShape(stream: string): EventShape {
  const table = (findBlobType(stream) ?? findStream(stream))?.table;
  return SHAPES_BY_TABLE.get(table) ?? windowsEventRow;
}

/**
 * Events as rows of a table: straight from their stored values where that gives the same JSON,
 * from their trees otherwise.
 */
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RowContext, RowWriter } from '../record-stage.ts';
import { eventShape } from './event-shape.ts';
import { storedWindowsEventRow } from './stored/stored-windows-event-row.ts';
import { windowsEventRow } from './windows-event-row.ts';

export function eventRowWriter(stream: string, context: RowContext): RowWriter<WindowsEventRecord> {
  const shape = eventShape(stream);
  const writeStored = shape === windowsEventRow ? storedWindowsEventRow(context) : undefined;
  return (record, out) => {
    const isWritten = record.instance !== undefined && writeStored?.(out, record.instance);
    if (!isWritten) out.json(JSON.stringify(shape(record, context)));
  };
}

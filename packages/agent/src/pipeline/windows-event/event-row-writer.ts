/**
 * Events as rows of a table: straight from their stored values where that gives the same JSON,
 * from their trees otherwise.
 */
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { type RowContext, type RowWriter, shapedRow } from '../record-stage.ts';
import { eventShape } from './event-shape.ts';
import { storedWindowsEventRow } from './stored/stored-windows-event-row.ts';
import { windowsEventRow } from './windows-event-row.ts';

export function eventRowWriter(stream: string, context: RowContext): RowWriter<WindowsEventRecord> {
  const shape = eventShape(stream);
  const fromTree = shapedRow((record: WindowsEventRecord) => shape(record, context));
  if (shape !== windowsEventRow) return fromTree;
  const writeStored = storedWindowsEventRow(context);
  return (record, out) => {
    const { instance } = record;
    if (instance === undefined || !writeStored(out, instance)) fromTree(record, out);
  };
}

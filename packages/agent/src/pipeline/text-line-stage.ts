/**
 * Text log lines: every line of the flow's files is kept. Columns a stream does not declare are
 * dropped by the receiving side. Source: Azure Monitor, "Collect text file data", read 2026-11.
 */
import type { LineRecord } from '../record.ts';
import { type RecordStage, type RowContext, shapedRow } from './record-stage.ts';

export function textLineStage(context: RowContext): RecordStage<LineRecord> {
  const shape = (record: LineRecord): object => ({
    TimeGenerated: new Date(record.readAtMs).toISOString(),
    RawData: record.line,
    FilePath: record.filePath,
    Computer: context.computer,
  });
  return { keep: () => true, row: () => shapedRow(shape) };
}

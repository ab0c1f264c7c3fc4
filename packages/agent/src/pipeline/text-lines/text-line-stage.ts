/**
 * Text log lines: every line of the flow's files is kept. Source: Azure Monitor, "Collect text
 * file data", read 2026-11.
 */
import type { LineRecord } from '../../record.ts';
import type { RecordStage, RowContext, RowWriter } from '../record-stage.ts';
import { type LineFrame, type LineOrigin, lineFrame } from './line-row.ts';

export function textLineStage(context: RowContext): RecordStage<LineRecord> {
  return { keep: () => true, row: () => lineRow(context) };
}

function lineRow(context: RowContext): RowWriter<LineRecord> {
  let origin: LineOrigin | undefined;
  let frame: LineFrame | undefined;
  return ({ bytes, start, end, filePath, readAtMs }, out) => {
    if (frame === undefined || origin?.filePath !== filePath || origin.readAtMs !== readAtMs) {
      origin = { filePath, readAtMs };
      frame = lineFrame(origin, context);
    }
    out.raw(frame.before);
    out.utf8(bytes, start, end);
    out.raw(frame.behind);
  };
}

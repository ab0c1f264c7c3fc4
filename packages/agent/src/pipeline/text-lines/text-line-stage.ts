/**
 * Text log records: every one of the flow's files is kept. Source: Azure Monitor, "Collect text
 * file data", read 2026-11.
 */
import type { LineRecord } from '../../record.ts';
import { IsoTimes } from '../iso-times.ts';
import { JsonLiteral } from '../json-literal.ts';
import type { RecordStage, RowContext, RowWriter } from '../record-stage.ts';
import { lineFrame } from './line-row.ts';

export function textLineStage(context: RowContext): RecordStage<LineRecord> {
  return { keep: () => true, row: () => lineRow(context) };
}

function lineRow(context: RowContext): RowWriter<LineRecord> {
  const times = new IsoTimes();
  const { before, between } = lineFrame('', context);
  const [head, middle] = [new JsonLiteral(before), new JsonLiteral(between)];
  let framedPath: string | undefined;
  let tail = head;
  return ({ bytes, start, end, filePath, timeMs }, out) => {
    if (framedPath !== filePath) {
      tail = new JsonLiteral(lineFrame(filePath, context).behind);
      framedPath = filePath;
    }
    out.raw(head);
    times.write(timeMs, out);
    out.raw(middle);
    out.utf8(bytes, start, end);
    out.raw(tail);
  };
}

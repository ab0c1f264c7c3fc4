/**
 * Text log lines: every line of the flow's files is kept. Columns a stream does not declare are
 * dropped by the receiving side. Source: Azure Monitor, "Collect text file data", read 2026-11.
 */
import type { LineRecord } from '../record.ts';
import { IsoTimes } from './iso-times.ts';
import { JsonLiteral } from './json-literal.ts';
import type { RecordStage, RowContext, RowWriter } from './record-stage.ts';

export function textLineStage(context: RowContext): RecordStage<LineRecord> {
  return { keep: () => true, row: () => lineRow(context) };
}

function lineRow({ computer }: RowContext): RowWriter<LineRecord> {
  const times = new IsoTimes();
  const start = new JsonLiteral('{"TimeGenerated":"');
  const rawData = new JsonLiteral('","RawData":"');
  const filePath = new JsonLiteral('","FilePath":"');
  const end = new JsonLiteral(`","Computer":${JSON.stringify(computer)}}`);
  return (line, out) => {
    out.raw(start);
    times.write(line.readAtMs, out);
    out.raw(rawData);
    out.utf8(line.bytes, line.start, line.end);
    out.raw(filePath);
    out.text(line.filePath);
    out.raw(end);
  };
}

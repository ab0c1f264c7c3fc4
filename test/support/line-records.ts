/** Lines of text logs as tests write them and look at them. */
import type { LineRecord, W3cHeader } from '../../packages/agent/src/record.ts';

export interface LineFields {
  readonly line: string;
  readonly filePath: string;
  readonly timeMs: number;
  readonly header?: W3cHeader;
}

/** A copy, which stays when the record becomes another line. */
export function lineFieldsOf(record: LineRecord): LineFields {
  const { bytes, start, end, filePath, timeMs, header } = record;
  const line = bytes.toString('utf8', start, end);
  return { line, filePath, timeMs, ...(header && { header }) };
}

/** The line stands in the middle of other bytes. */
export function lineRecord({ line, filePath, timeMs }: LineFields): LineRecord {
  const bytes = Buffer.from(`>${line}<`);
  return { bytes, start: 1, end: bytes.length - 1, filePath, timeMs };
}

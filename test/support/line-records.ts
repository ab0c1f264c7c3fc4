/** Lines of text logs as tests write them and look at them. */
import type { LineRecord } from '../../packages/agent/src/record.ts';

export interface LineFields {
  readonly line: string;
  readonly filePath: string;
  readonly readAtMs: number;
}

/** A copy, which stays when the record becomes another line. */
export function lineFieldsOf({ bytes, start, end, filePath, readAtMs }: LineRecord): LineFields {
  return { line: bytes.toString('utf8', start, end), filePath, readAtMs };
}

/** The line stands in the middle of other bytes. */
export function lineRecord({ line, filePath, readAtMs }: LineFields): LineRecord {
  const bytes = Buffer.from(`>${line}<`);
  return { bytes, start: 1, end: bytes.length - 1, filePath, readAtMs };
}

/** How a line looks as a row: the same text around each line of a slice. */
import { JsonLiteral } from '../json-literal.ts';
import type { RowContext } from '../record-stage.ts';

/** Where a line was read, and when, epoch milliseconds. */
export interface LineOrigin {
  readonly filePath: string;
  readonly readAtMs: number;
}

/** The JSON before a line's text, and behind it. */
export interface LineFrame {
  readonly before: JsonLiteral;
  readonly behind: JsonLiteral;
}

/** Columns a stream does not declare are dropped by the receiving side. */
export function lineFrame({ filePath, readAtMs }: LineOrigin, { computer }: RowContext): LineFrame {
  const time = new Date(readAtMs).toISOString();
  return {
    before: new JsonLiteral(`{"TimeGenerated":"${time}","RawData":"`),
    behind: new JsonLiteral(
      `","FilePath":${JSON.stringify(filePath)},"Computer":${JSON.stringify(computer)}}`,
    ),
  };
}

/** How a line looks as a row: the same text around each line of a slice. */
import type { RowContext } from '../record-stage.ts';

/** The JSON around the time and the text of a line. */
export interface LineFrame {
  readonly before: string;
  readonly between: string;
  readonly behind: string;
}

/** Columns a stream does not declare are dropped by the receiving side. */
export function lineFrame(filePath: string, { computer }: RowContext): LineFrame {
  return {
    before: '{"TimeGenerated":"',
    between: '","RawData":"',
    behind: `","FilePath":${JSON.stringify(filePath)},"Computer":${JSON.stringify(computer)}}`,
  };
}

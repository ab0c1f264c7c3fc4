/** One line per event, as a row of a table. */

import { JsonBytes } from '../../pipeline/json-bytes.ts';
import { JsonLiteral } from '../../pipeline/json-literal.ts';
import { eventRowWriter } from '../../pipeline/windows-event/event-row-writer.ts';
import type { FilterOutput } from './filter-output.ts';

/** Rows of files say nothing of the machine they are read on. */
const NO_MACHINE = { computer: '', hostIp: '', agentId: '00000000-0000-0000-0000-000000000000' };
/** Bytes gathered before they are written. */
const GATHERED_MAX = 65_536;
const LINE_END = new JsonLiteral('\n');

export function rowsOutput(write: (bytes: Buffer) => void, stream: string): FilterOutput {
  const row = eventRowWriter(stream, NO_MACHINE);
  const lines = new JsonBytes(2 * GATHERED_MAX);
  const flush = (): void => {
    write(lines.content());
    lines.truncate(0);
  };
  return {
    event(event) {
      row(event, lines);
      lines.raw(LINE_END);
      if (lines.length >= GATHERED_MAX) flush();
    },
    endFile: flush,
  };
}

/** One line per event, as a row of a table. */

import { JsonBytes } from '../../pipeline/json-bytes.ts';
import { JsonLiteral } from '../../pipeline/json-literal.ts';
import { eventShape } from '../../pipeline/windows-event/event-shape.ts';
import { storedWindowsEventRow } from '../../pipeline/windows-event/stored/stored-windows-event-row.ts';
import type { FilterOutput } from './filter-output.ts';

/** Rows of files say nothing of the machine they are read on. */
const NO_MACHINE = { computer: '', hostIp: '', agentId: '00000000-0000-0000-0000-000000000000' };
/** Bytes gathered before they are written. */
const GATHERED_MAX = 65_536;
const LINE_END = new JsonLiteral('\n');

export function rowsOutput(write: (bytes: Buffer) => void, stream: string): FilterOutput {
  const shape = eventShape(stream);
  const writeStored =
    stream === 'Microsoft-WindowsEvent' ? storedWindowsEventRow(NO_MACHINE) : undefined;
  const lines = new JsonBytes(2 * GATHERED_MAX);
  const flush = (): void => {
    write(lines.content());
    lines.truncate(0);
  };
  return {
    event(event) {
      const isWritten = event.instance !== undefined && writeStored?.(lines, event.instance);
      if (!isWritten) lines.json(JSON.stringify(shape(event, NO_MACHINE)));
      lines.raw(LINE_END);
      if (lines.length >= GATHERED_MAX) flush();
    },
    endFile: flush,
  };
}

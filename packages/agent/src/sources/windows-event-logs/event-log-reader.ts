/** What is new in an event file since a position, whatever the form of the file. */
import { open } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../errors.ts';
import type { Damage } from '../../eventlog/damage.ts';
import { readEventXml } from '../../eventlog/event-xml-reader.ts';
import { EvtxFile } from '../../eventlog/evtx-file.ts';
import type { EvtxPosition } from '../../eventlog/evtx-position.ts';
import type { TemplateCache } from '../../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../record.ts';

/** Where event XML was left: a file that is shorter than before is another one. */
export interface XmlPosition {
  /** Where the last event that was read begins, bytes; -1 before the first. */
  readonly xmlOffset: number;
  /** How much of the file is done with: its size, once all of it was read. */
  readonly doneBytes: number;
}

/** Plain data, to be kept as JSON. */
export type EventFilePosition = EvtxPosition | XmlPosition;

export interface EventFilePiece {
  readonly events: readonly WindowsEventRecord[];
  readonly damage: readonly Damage[];
  readonly position: EventFilePosition | null;
}

const EVTX_SIGNATURE = 'ElfFile\0';

/**
 * Reads what came after the position, then ends. The content tells the form: whatever does not
 * begin like XML is read as a binary log, so that its damage is reported as such. Throws
 * `SOURCE_UNAVAILABLE` when the file cannot be opened.
 */
export async function* readNews(
  path: string,
  position: EventFilePosition | null,
  templates: TemplateCache,
): AsyncGenerator<EventFilePiece, void, void> {
  const { isXml, fileBytes } = await survey(path);
  if (isXml) {
    const after = position !== null && 'xmlOffset' in position ? position : null;
    yield* readXml(path, after, fileBytes);
    return;
  }
  const file = await EvtxFile.open(path, { templates });
  try {
    yield* file.read(position !== null && 'recordId' in position ? position : null);
  } finally {
    await file.close();
  }
}

async function survey(path: string): Promise<{ isXml: boolean; fileBytes: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
      const head = buffer.subarray(0, bytesRead);
      const isEvtx = head.toString('latin1', 0, 8) === EVTX_SIGNATURE;
      // Marks of UTF-8 and UTF-16 and the zeros of the latter stand around the first bracket.
      const isXml = !isEvtx && /^[\s\0\xef\xbb\xbf\xff\xfe]*</.test(head.toString('latin1'));
      return { isXml, fileBytes: (await file.stat()).size };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AgentError('SOURCE_UNAVAILABLE', `cannot open ${path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/** XML cannot be entered in the middle, so a file that grew is read again up to what is new. */
async function* readXml(
  path: string,
  position: XmlPosition | null,
  fileBytes: number,
): AsyncGenerator<EventFilePiece, void, void> {
  if (position?.doneBytes === fileBytes) return;
  const isSameFile = position !== null && fileBytes > position.doneBytes;
  const after = isSameFile ? position.xmlOffset : -1;
  let last = after;
  for await (const piece of readEventXml(path)) {
    const events = piece.events.filter(({ offset }) => offset > after);
    // A piece that reaches the end of the file may still be being written.
    const damage = piece.damage.filter((d) => d.offset > after && d.offset + d.length < fileBytes);
    last = events.at(-1)?.offset ?? last;
    if (events.length === 0 && damage.length === 0) continue;
    yield { events, damage, position: { xmlOffset: last, doneBytes: Math.max(last, 0) } };
  }
  yield { events: [], damage: [], position: { xmlOffset: last, doneBytes: fileBytes } };
}

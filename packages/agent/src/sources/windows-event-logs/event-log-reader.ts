/** What is new in an event file since a position, whatever the form of the file. */
import { open } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../errors.ts';
import type { Damage } from '../../eventlog/damage.ts';
import { EvtxFile } from '../../eventlog/evtx-file.ts';
import type { EvtxPosition } from '../../eventlog/evtx-position.ts';
import type { TemplateCache } from '../../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { readXmlNews, type XmlPosition } from './event-xml-news.ts';

/** Plain data, to be kept as JSON. */
export type EventFilePosition = EvtxPosition | XmlPosition;

export interface EventFilePiece {
  readonly events: readonly WindowsEventRecord[];
  readonly damage: readonly Damage[];
  readonly position: EventFilePosition | null;
}

export interface ReadingContext {
  readonly templates: TemplateCache;
  /** Epoch milliseconds, to tell how long ago the file changed. */
  readonly nowMs: number;
}

/** A file that has not changed for so long is not in the middle of a record. */
const SETTLED_MS = 10_000;
const EVTX_SIGNATURE = 'ElfFile\0';

/**
 * Reads what came after the position, then ends. The content tells the form: whatever does not
 * begin like XML is read as a binary log, so that its damage is reported as such. Throws
 * `SOURCE_UNAVAILABLE` when the file cannot be opened.
 */
export async function* readNews(
  path: string,
  position: EventFilePosition | null,
  { templates, nowMs }: ReadingContext,
): AsyncGenerator<EventFilePiece, void, void> {
  const { isXml, fileBytes, changedAtMs } = await survey(path);
  if (isXml) {
    const after = position !== null && 'xmlEnd' in position ? position : null;
    yield* readXmlNews(path, after, fileBytes);
    return;
  }
  const file = await EvtxFile.open(path, { templates });
  try {
    const after = position !== null && 'recordId' in position ? position : null;
    yield* file.read(after, { isSettled: isSettled(changedAtMs, nowMs) });
  } finally {
    await file.close();
  }
}

interface Survey {
  readonly isXml: boolean;
  readonly fileBytes: number;
  readonly changedAtMs: number;
}

/** Epoch milliseconds: when the file changed, and now. */
export function isSettled(changedAtMs: number, nowMs: number): boolean {
  return nowMs - changedAtMs >= SETTLED_MS;
}

async function survey(path: string): Promise<Survey> {
  try {
    const file = await open(path, 'r');
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(64), 0, 64, 0);
      const head = buffer.subarray(0, bytesRead);
      const isEvtx = head.toString('latin1', 0, 8) === EVTX_SIGNATURE;
      // Marks of UTF-8 and UTF-16 and the zeros of the latter stand around the first bracket.
      const isXml = !isEvtx && /^[\s\0\xef\xbb\xbf\xff\xfe]*</.test(head.toString('latin1'));
      const { size, mtimeMs } = await file.stat();
      return { isXml, fileBytes: size, changedAtMs: mtimeMs };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new AgentError('SOURCE_UNAVAILABLE', `cannot open ${path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

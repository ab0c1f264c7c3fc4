/**
 * Files of event XML: what Event Viewer and `wevtutil` export, what a collector stores. Read in
 * pieces, one event at a time; a malformed event is reported and the next one is read.
 */
import type { EventElement } from '@dcr-agent/schema';
import type { Damage } from './damage.ts';
import { detectEncoding, ENCODING_PEEK_SIZE, type XmlEncoding } from './event-xml-encoding.ts';
import { parseEventElement } from './event-xml-parser.ts';
import { type Found, scanEvents } from './event-xml-scanner.ts';
import type { EventQueries } from './query/event-queries.ts';
import { openForReading, readBytes } from './read-bytes.ts';
import type { WindowsEventRecord } from './windows-event-record.ts';

const PIECE_SIZE = 65_536;
/** Characters of one event; longer ones are damage. Windows writes events of up to 64 KiB. */
const EVENT_LENGTH_MAX = 0x40_0000;

export class XmlEvent implements WindowsEventRecord {
  readonly event: EventElement;
  /** Where the event begins in the file, in bytes. */
  readonly offset: number;
  /** Where it ends: what reading can go on from. */
  readonly end: number;
  readonly #xml: string;

  constructor(event: EventElement, place: { offset: number; length: number }, xml: string) {
    this.event = event;
    this.offset = place.offset;
    this.end = place.offset + place.length;
    this.#xml = xml;
  }

  selectedBy(queries: EventQueries, nowMs: number): readonly number[] {
    return queries.ofElement(this.event, nowMs);
  }

  /** The text the event was read from. */
  xml(): string {
    return this.#xml;
  }
}

export interface XmlEvents {
  readonly events: readonly XmlEvent[];
  readonly damage: readonly Damage[];
}

/** Events in text that is already in memory; offsets are those of its characters. */
export function parseEventXml(text: string): XmlEvents {
  const encoding = { unitSize: 1 as const, decode: (piece: string) => piece };
  return convert(text, scanEvents(text, true).found, 0, encoding);
}

/**
 * The events of a file, in pieces of some 64 KiB; from a byte offset on where one is given, such
 * as the `end` of the last event read before the file grew. An event still being appended is
 * damage that reaches the end of the file. Throws `SOURCE_UNAVAILABLE` when the file cannot be
 * opened.
 */
export async function* readEventXml(path: string, from = 0): AsyncGenerator<XmlEvents, void, void> {
  const file = await openForReading(path);
  try {
    const encoding = detectEncoding(await readBytes(file, 0, ENCODING_PEEK_SIZE));
    let rest = '';
    let offset = Math.max(from, encoding.markSize);
    let restOffset = offset;
    for (let isEnd = false; !isEnd; ) {
      const bytes = await readBytes(file, offset, PIECE_SIZE);
      offset += bytes.length;
      isEnd = bytes.length < PIECE_SIZE;
      const text = rest + encoding.searchable(bytes);
      const scan = scanEvents(text, isEnd || text.length > EVENT_LENGTH_MAX);
      if (scan.found.length > 0) yield convert(text, scan.found, restOffset, encoding);
      rest = text.slice(scan.consumed);
      restOffset += scan.consumed * encoding.unitSize;
    }
  } finally {
    await file.close();
  }
}

function convert(
  text: string,
  found: readonly Found[],
  textOffset: number,
  encoding: Pick<XmlEncoding, 'unitSize' | 'decode'>,
): XmlEvents {
  const events: XmlEvent[] = [];
  const damage: Damage[] = [];
  for (const { kind, start, end } of found) {
    const offset = textOffset + start * encoding.unitSize;
    const length = (end - start) * encoding.unitSize;
    if (kind === 'stray') {
      damage.push({ offset, length, reason: 'malformed event', detail: 'not a closed event' });
      continue;
    }
    const xml = encoding.decode(text.slice(start, end));
    const result = parseEventElement(xml);
    if (typeof result !== 'string') events.push(new XmlEvent(result, { offset, length }, xml));
    else damage.push({ offset, length, reason: 'malformed event', detail: result });
  }
  return { events, damage };
}

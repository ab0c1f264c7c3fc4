/**
 * Event XML: what Event Viewer and `wevtutil` export, what a collector stores. Read in pieces,
 * one event at a time; a malformed event is reported and the next one is read.
 */
import type { Damage } from './damage.ts';
import type { EventVisitor } from './decode-chunk.ts';
import { detectEncoding, ENCODING_PEEK_SIZE, type XmlEncoding } from './event-xml-encoding.ts';
import { type Found, scanEvents } from './event-xml-scanner.ts';
import { openForReading, readBytes } from './read-bytes.ts';
import { XmlEvent } from './xml-event.ts';

const PIECE_SIZE = 262_144;
/** Characters of one event; longer ones are damage. Windows writes events of up to 64 KiB. */
const EVENT_LENGTH_MAX = 0x40_0000;

export interface XmlEvents {
  readonly events: readonly XmlEvent[];
  readonly damage: readonly Damage[];
  /** Where the text begins that was not dealt with yet. */
  readonly bytesRead: number;
}

/** Events in text that is already in memory; offsets are those of its characters. */
export function parseEventXml(text: string): XmlEvents {
  const content = convert(text, scanEvents(text, true).found, 0, { unitSize: 1, decode: null });
  return { ...content, bytesRead: text.length };
}

/**
 * The events of a file, in pieces of some 256 KiB; from a byte offset on where one is given, such
 * as the `end` of the last event read before the file grew. An event still being appended is
 * damage that reaches the end of the file. Throws `SOURCE_UNAVAILABLE` when the file cannot be
 * opened.
 */
export async function* readEventXml(
  path: string,
  { from = 0, visit }: { from?: number; visit?: EventVisitor<XmlEvent> | undefined } = {},
): AsyncGenerator<XmlEvents, void, void> {
  const file = await openForReading(path);
  try {
    const encoding = detectEncoding(await readBytes(file, 0, ENCODING_PEEK_SIZE));
    const text = new EventXmlText(encoding, Math.max(from, encoding.markSize), visit);
    for (let offset = Math.max(from, encoding.markSize); ; ) {
      const bytes = await readBytes(file, offset, PIECE_SIZE);
      offset += bytes.length;
      const isEnd = bytes.length < PIECE_SIZE;
      yield text.push(bytes, isEnd);
      if (isEnd) return;
    }
  } finally {
    await file.close();
  }
}

/** The events of a stream of bytes, such as standard input. */
export async function* readEventXmlStream(
  stream: AsyncIterable<Buffer>,
  visit?: EventVisitor<XmlEvent>,
): AsyncGenerator<XmlEvents, void, void> {
  let text: EventXmlText | undefined;
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of stream) {
    let bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    if (text === undefined) {
      if (bytes.length < ENCODING_PEEK_SIZE) {
        rest = bytes;
        continue;
      }
      const encoding = detectEncoding(bytes);
      text = new EventXmlText(encoding, encoding.markSize, visit);
      bytes = bytes.subarray(encoding.markSize);
    }
    // A character of two bytes may be cut between two pieces.
    const whole = bytes.length - (bytes.length % text.unitSize);
    rest = bytes.subarray(whole);
    yield text.push(bytes.subarray(0, whole), false);
  }
  if (text === undefined) {
    const encoding = detectEncoding(rest);
    text = new EventXmlText(encoding, encoding.markSize, visit);
    rest = rest.subarray(encoding.markSize);
  }
  yield text.push(rest, true);
}

/** Text that arrives in pieces; an event is handed over once all of it is there. */
class EventXmlText {
  readonly #encoding: XmlEncoding;
  readonly #visit: EventVisitor<XmlEvent> | undefined;
  #rest = '';
  /** Of the rest: it needs no decoding. */
  #isPlain = true;
  #restOffset: number;

  constructor(encoding: XmlEncoding, offset: number, visit: EventVisitor<XmlEvent> | undefined) {
    this.#encoding = encoding;
    this.#restOffset = offset;
    this.#visit = visit;
  }

  get unitSize(): number {
    return this.#encoding.unitSize;
  }

  push(bytes: Buffer, isEnd: boolean): XmlEvents {
    this.#isPlain = (this.#isPlain || this.#rest === '') && this.#encoding.isPlain(bytes);
    const text = this.#rest + this.#encoding.searchable(bytes);
    const scan = scanEvents(text, isEnd || text.length > EVENT_LENGTH_MAX);
    const { unitSize, decode } = this.#encoding;
    const encoding = { unitSize, decode: this.#isPlain ? null : decode };
    const content = convert(text, scan.found, this.#restOffset, encoding, this.#visit);
    this.#rest = text.slice(scan.consumed);
    this.#restOffset += scan.consumed * unitSize;
    return { ...content, bytesRead: this.#restOffset };
  }
}

/** `decode` is `null` where the text needs none. */
interface TextEncoding {
  readonly unitSize: number;
  readonly decode: XmlEncoding['decode'] | null;
}

function convert(
  text: string,
  found: readonly Found[],
  textOffset: number,
  encoding: TextEncoding,
  visit?: EventVisitor<XmlEvent>,
): Omit<XmlEvents, 'bytesRead'> {
  const events: XmlEvent[] = [];
  const damage: Damage[] = [];
  for (const { kind, start, end } of found) {
    const offset = textOffset + start * encoding.unitSize;
    const length = (end - start) * encoding.unitSize;
    if (kind === 'stray') {
      damage.push({ offset, length, reason: 'malformed event', detail: 'not a closed event' });
      continue;
    }
    const event =
      encoding.decode === null
        ? XmlEvent.read(text, { start, end, offset, length })
        : decodedEvent(encoding.decode(text.slice(start, end)), offset, length);
    if (typeof event === 'string') {
      damage.push({ offset, length, reason: 'malformed event', detail: event });
    } else if (visit === undefined || visit(event)) {
      events.push(event);
    }
  }
  return { events, damage };
}

function decodedEvent(xml: string, offset: number, length: number): XmlEvent | string {
  return XmlEvent.read(xml, { start: 0, end: xml.length, offset, length });
}

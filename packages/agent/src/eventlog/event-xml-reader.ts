/**
 * Event XML: what Event Viewer and `wevtutil` export, what a collector stores. Read in pieces,
 * one event at a time; a malformed event is reported and the next one is read.
 */
import { FILE_SIGNATURE_SIZE, signatureDamage } from './chunk-slot.ts';
import type { Damage } from './damage.ts';
import type { EventVisitor } from './decode-chunk.ts';
import { EVENT_LENGTH_MAX, EventXmlDamage } from './event-xml-damage.ts';
import { detectEncoding, ENCODING_PEEK_SIZE, type XmlEncoding } from './event-xml-encoding.ts';
import { type Found, type Scan, scanEvents } from './event-xml-scanner.ts';
import { openForReading, readBytes } from './read-bytes.ts';
import { XmlEvent } from './xml-event.ts';

const PIECE_SIZE = 262_144;

export interface XmlEvents {
  readonly events: readonly XmlEvent[];
  readonly damage: readonly Damage[];
  /** Where the text begins that was not dealt with yet. */
  readonly bytesRead: number;
}

/** Events in text that is already in memory; offsets are those of its characters. */
export function parseEventXml(text: string): XmlEvents {
  const damage = new EventXmlDamage(false);
  const { found } = scanEvents(text, true);
  const events = convert({ text, found }, { offset: 0, unitSize: 1, decode: null, damage });
  return { events, damage: damage.take(true), bytesRead: text.length };
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
    const text = new EventXmlText(encoding, Math.max(from, encoding.markSize), from > 0, visit);
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
      if (isEvtx(bytes)) {
        yield { events: [], damage: [PIPED_LOG], bytesRead: bytes.length };
        return;
      }
      const encoding = detectEncoding(bytes);
      text = new EventXmlText(encoding, encoding.markSize, false, visit);
      bytes = bytes.subarray(encoding.markSize);
    }
    // A character of two bytes may be cut between two pieces.
    const whole = bytes.length - (bytes.length % text.unitSize);
    rest = bytes.subarray(whole);
    yield text.push(bytes.subarray(0, whole), false);
  }
  if (text === undefined) {
    const encoding = detectEncoding(rest);
    text = new EventXmlText(encoding, encoding.markSize, false, visit);
    rest = rest.subarray(encoding.markSize);
  }
  yield text.push(rest, true);
}

const PIPED_LOG: Damage = { offset: 0, length: 0, reason: 'piped log' };

function isEvtx(bytes: Buffer): boolean {
  return bytes.length >= FILE_SIGNATURE_SIZE && signatureDamage(bytes) === null;
}

/** Text that arrives in pieces; an event is handed over once all of it is there. */
class EventXmlText {
  readonly #encoding: XmlEncoding;
  readonly #visit: EventVisitor<XmlEvent> | undefined;
  readonly #damage: EventXmlDamage;
  #rest = '';
  /** Of the rest: it needs no decoding. */
  #isPlain = true;
  #restOffset: number;

  /** `isAnyEvent`: there was one before the offset. */
  constructor(
    encoding: XmlEncoding,
    offset: number,
    isAnyEvent: boolean,
    visit: EventVisitor<XmlEvent> | undefined,
  ) {
    this.#encoding = encoding;
    this.#restOffset = offset;
    this.#damage = new EventXmlDamage(isAnyEvent);
    this.#visit = visit;
  }

  get unitSize(): number {
    return this.#encoding.unitSize;
  }

  push(bytes: Buffer, isEnd: boolean): XmlEvents {
    this.#isPlain = (this.#isPlain || this.#rest === '') && this.#encoding.isPlain(bytes);
    this.#rest += this.#encoding.searchable(bytes);
    const events = this.#take(scanEvents(this.#rest, isEnd));
    // What is still open then will not become an event that is read.
    const isTooLong = !isEnd && this.#rest.length > EVENT_LENGTH_MAX;
    const more = isTooLong ? this.#take(scanEvents(this.#rest, true), true) : [];
    const damage = this.#damage.take(isEnd);
    return { events: [...events, ...more], damage, bytesRead: this.#restOffset };
  }

  #take({ found, consumed }: Scan, isCut = false): XmlEvent[] {
    const { unitSize, decode } = this.#encoding;
    const events = convert(
      { text: this.#rest, found },
      {
        offset: this.#restOffset,
        unitSize,
        decode: this.#isPlain ? null : decode,
        isCut,
        damage: this.#damage,
        visit: this.#visit,
      },
    );
    this.#rest = this.#rest.slice(consumed);
    this.#restOffset += consumed * unitSize;
    return events;
  }
}

interface Conversion {
  /** Where the text begins, in bytes. */
  readonly offset: number;
  readonly unitSize: number;
  /** `null` where the text needs none. */
  readonly decode: XmlEncoding['decode'] | null;
  /** More text follows that belongs to the last event, if that is open. */
  readonly isCut?: boolean;
  readonly damage: EventXmlDamage;
  readonly visit?: EventVisitor<XmlEvent> | undefined;
}

function convert(
  { text, found }: { readonly text: string; readonly found: readonly Found[] },
  { offset: textOffset, unitSize, decode, isCut = false, damage, visit }: Conversion,
): XmlEvent[] {
  const events: XmlEvent[] = [];
  for (const { kind, start, end } of found) {
    const place = { offset: textOffset + start * unitSize, length: (end - start) * unitSize };
    if (kind !== 'event') {
      if (kind === 'stray') damage.stray(place);
      else if (isCut && end === text.length) damage.tooLongSoFar(place);
      else damage.malformed(place, 'not a closed event');
      continue;
    }
    if (end - start > EVENT_LENGTH_MAX) {
      damage.tooLong(place);
      continue;
    }
    const event =
      decode === null
        ? XmlEvent.read(text, { start, end, ...place })
        : decodedEvent(decode(text.slice(start, end)), place);
    if (typeof event === 'string') {
      damage.malformed(place, event);
      continue;
    }
    damage.event();
    if (visit === undefined || visit(event)) events.push(event);
  }
  return events;
}

function decodedEvent(
  xml: string,
  place: { readonly offset: number; readonly length: number },
): XmlEvent | string {
  return XmlEvent.read(xml, { start: 0, end: xml.length, ...place });
}

/** One event read from XML text: the text itself until more is asked for. */
import type { EventElement } from '@dcr-agent/schema/event-queries';
import { eventRecordIdOf, eventRecordIdOnTape } from './event-record-id.ts';
import { parseEventElement } from './event-xml-parser.ts';
import { EventXmlTape } from './event-xml-tape.ts';
import type { EventQueries } from './query/event-queries.ts';
import type { WindowsEventRecord } from './windows-event-record.ts';

/** One tape for all events, as one is asked at a time. */
const tape = new EventXmlTape();
/** Whose text is on it. */
let onTape: XmlEvent | undefined;

/** Where an event stands: in a text, and in its file. */
export interface XmlPlace {
  /** UTF-16 units of the text. */
  readonly start: number;
  readonly end: number;
  /** Bytes of the file. */
  readonly offset: number;
  readonly length: number;
}

export class XmlEvent implements WindowsEventRecord {
  /** Where the event begins in the file, in bytes. */
  readonly offset: number;
  /** Where it ends: what reading can go on from. */
  readonly end: number;
  readonly isSalvaged = false;
  readonly #text: string;
  readonly #start: number;
  readonly #end: number;
  #tree: EventElement | undefined;

  private constructor(text: string, { start, end, offset, length }: XmlPlace) {
    this.#text = text;
    this.#start = start;
    this.#end = end;
    this.offset = offset;
    this.end = offset + length;
  }

  /** The event of a part of a text, or what is malformed in it. */
  static read(text: string, place: XmlPlace): XmlEvent | string {
    const event = new XmlEvent(text, place);
    onTape = undefined;
    if (tape.read(text, place.start, place.end)) {
      onTape = event;
      return event;
    }
    const result = parseEventElement(event.xml());
    if (typeof result === 'string') return result;
    event.#tree = result;
    return event;
  }

  /** The element tree; parsed at the first use and kept. */
  get event(): EventElement {
    this.#tree ??= parsed(this.xml());
    return this.#tree;
  }

  selectedBy(queries: EventQueries, nowMs: number): readonly number[] {
    if (this.#tree !== undefined) return queries.ofElement(this.#tree, nowMs);
    return queries.ofTape(this.#tape(), nowMs);
  }

  eventRecordId(): string | undefined {
    if (this.#tree !== undefined) return eventRecordIdOf(this.#tree);
    return eventRecordIdOnTape(this.#tape());
  }

  /** The text the event was read from; it keeps the piece of the file around it in memory. */
  xml(): string {
    return this.#text.slice(this.#start, this.#end);
  }

  #tape(): EventXmlTape {
    if (onTape !== this) {
      tape.read(this.#text, this.#start, this.#end);
      onTape = this;
    }
    return tape;
  }
}

/** What the tape takes is well-formed. */
function parsed(xml: string): EventElement {
  const result = parseEventElement(xml);
  if (typeof result === 'string') throw new TypeError(`the tape took what is ${result}`);
  return result;
}

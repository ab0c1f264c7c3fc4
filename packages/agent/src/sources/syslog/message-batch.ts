/**
 * Messages that wait to be handed over, in the bytes they came in. Nothing of them is taken
 * apart yet, and none is an object: the batch shows them one after another in the same one.
 */
import { isUtf8 } from 'node:buffer';
import { MemoryUses } from '../../host/memory-uses.ts';
import type { SyslogGroup, SyslogMessages, SyslogRecord } from '../../record.ts';
import type { WallToEpochMs } from '../../time/local-time.ts';
import { repairedText } from '../repaired-text.ts';
import type { Defect } from './message/defect.ts';
import { type Arrival, type RefusalOf, SyslogMessage } from './message/message.ts';

/** A group that grows. */
interface Group extends SyslogGroup {
  readonly places: number[];
  /** Messages of the batch in front of it. */
  readonly first: number;
}

export interface MessageBatchOptions {
  readonly toEpochMs: WallToEpochMs;
  readonly refusalOf?: RefusalOf | undefined;
  /** Called once for every message whose header lacks something, when that is found. */
  onUnparsed(defect: Defect): void;
  /** Called once for every message shown that was no UTF-8. */
  onRepaired?(): void;
  readonly uses?: MemoryUses;
}

export class MessageBatch implements SyslogMessages {
  count = 0;
  /** Of all messages. */
  byteCount = 0;
  readonly groups: Group[] = [];
  readonly #onUnparsed: (defect: Defect) => void;
  readonly #onRepaired: (() => void) | undefined;
  readonly #message: SyslogMessage;
  readonly #uses: MemoryUses;
  #last: Group | undefined;
  /** Numbers of the messages that were counted, in case they are looked at again. */
  readonly #unparsed = new Set<number>();
  readonly #repaired = new Set<number>();

  constructor(options: MessageBatchOptions) {
    const { toEpochMs, refusalOf, onUnparsed, onRepaired, uses = new MemoryUses() } = options;
    this.#uses = uses;
    this.#message = new SyslogMessage(toEpochMs, refusalOf);
    this.#onUnparsed = onUnparsed;
    this.#onRepaired = onRepaired;
  }

  /** Adds the message in `bytes[start..end)`, which must not change any more. */
  add(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    this.count += 1;
    this.byteCount += end - start;
    let group = this.#last;
    if (group === undefined || group.bytes !== bytes || group.arrival !== arrival) {
      group = { bytes, arrival, places: [], first: this.count - 1 };
      this.groups.push(group);
      this.#uses.add(bytes);
      this.#last = group;
    }
    group.places.push(start, end);
  }

  /** Nobody looks at its messages any more. */
  release(): void {
    for (const { bytes } of this.groups) this.#uses.remove(bytes);
  }

  each(visit: (record: SyslogRecord) => void): void {
    for (const group of this.groups) {
      // Asked of all together, this costs next to nothing.
      const isText = this.isText(group);
      for (let i = 0; i < group.places.length / 2; i++) {
        this.#show(group, i, isText, visit);
      }
    }
  }

  isText({ bytes, places }: SyslogGroup, index?: number): boolean {
    if (index === undefined) return isUtf8(bytes.subarray(places[0], places.at(-1)));
    return isUtf8(bytes.subarray(places[2 * index], places[2 * index + 1]));
  }

  show(group: SyslogGroup, index: number, visit: (record: SyslogRecord) => void): void {
    this.#show(group as Group, index, false, visit);
  }

  #show(
    { bytes, places, arrival, first }: Group,
    index: number,
    isText: boolean,
    visit: (record: SyslogRecord) => void,
  ): void {
    const start = places[2 * index]!;
    const end = places[2 * index + 1]!;
    const isSure = isText && isApart(bytes, start, end);
    const repaired = isSure ? null : repairedText(bytes, start, end);
    const message = this.#message;
    if (repaired === null) message.become(bytes, start, end, arrival);
    else message.become(repaired, 0, repaired.length, arrival);
    visit(message);
    if (repaired !== null && isNew(this.#repaired, first + index)) this.#onRepaired?.();
    const { defect } = message;
    if (defect !== undefined && isNew(this.#unparsed, first + index)) this.#onUnparsed(defect);
  }
}

/** Not cut out of the middle of characters, as by a wrong count of octets. */
function isApart(bytes: Buffer, start: number, end: number): boolean {
  return !isContinuation(bytes[start]) && !isContinuation(bytes[end]);
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function isNew(known: Set<number>, number: number): boolean {
  if (known.has(number)) return false;
  known.add(number);
  return true;
}

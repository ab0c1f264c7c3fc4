/**
 * Messages in the kernel's memory: put there as they lie in theirs, read by the kernel, and
 * where it leaves one to its twin, completed by that.
 */
import type { SyslogGroup, SyslogMessages, SyslogRecord } from '../../record.ts';
import { jsonContent } from '../json-literal.ts';
import type { KernelExports } from './kernel-exports.ts';

/** Of all messages, with what lies between them. */
const PLACED_BYTES_MAX = 128 * 1024;
/** Of one, so that its row is never too large, twice its host and all escapes included. */
const MESSAGE_BYTES_MAX = 64 * 1024;
/** What is not UTF-8 takes three bytes for one when it is repaired. */
const REPAIR_GROWTH = 3;

/** A message that is not collected, with the priority it came with. */
export interface Refusal {
  readonly priority: number;
  readonly reason: string;
}

export class KernelTable {
  readonly #kernel: KernelExports;
  readonly #senderOrElse: string;
  #messages: SyslogMessages | undefined;
  /** Where a byte for each priority says whether any flow wants it. */
  #wanted = 0;
  #count = 0;
  /** Behind what was put into the input. */
  #inputEnd = 0;
  /** Number of the first message of each group. */
  #firsts: number[] = [];

  #refusals: Refusal[] = [];

  /** `senderOrElse`: JSON of the address of what has none. */
  constructor(kernel: KernelExports, senderOrElse: string) {
    this.#kernel = kernel;
    this.#senderOrElse = senderOrElse;
  }

  get count(): number {
    return this.#count;
  }

  /** Of the messages that were read last. */
  get refusals(): readonly Refusal[] {
    return this.#refusals;
  }

  /** Has the messages read; false, having done nothing, for those that do not fit. */
  read(messages: SyslogMessages, wanted: number): boolean {
    if (!this.#place(messages)) return false;
    this.#wanted = wanted;
    const { functions, bytes, is } = this.#kernel;
    let at = functions.readMessages(wanted, 0, this.#count);
    while (at < this.#count) {
      this.#complete(at);
      functions.learnMinute(at);
      at = functions.readMessages(wanted, at + 1, this.#count);
    }
    const states = is.TABLE + is.STATE;
    for (let i = 0; i < this.#count; i++) {
      if (bytes[states + i * is.MESSAGE_BYTES] === is.RARE) this.#complete(i);
    }
    this.#messages = undefined;
    return true;
  }

  #place(messages: SyslogMessages): boolean {
    if (messages.count > this.#kernel.is.MESSAGES_MAX) return false;
    this.#messages = messages;
    this.#count = 0;
    this.#firsts = [];
    this.#refusals = [];
    this.#inputEnd = this.#kernel.is.INPUT;
    return messages.groups.every((group, i) => this.#placeGroup(messages, group, i));
  }

  #placeGroup(messages: SyslogMessages, group: SyslogGroup, index: number): boolean {
    const { bytes: source, places, arrival } = group;
    const { is, bytes, view } = this.#kernel;
    const from = places[0]!;
    const to = places.at(-1)!;
    const address = this.#inputEnd;
    this.#inputEnd = address + to - from + 1;
    if (this.#inputEnd > is.INPUT + PLACED_BYTES_MAX) return false;
    source.copy(bytes, address, from, to);
    // What is behind a message tells whether it was cut out of a character.
    bytes[this.#inputEnd - 1] = 0;
    const arrivalAddress = this.#placeArrival(arrival, index);
    const isText = messages.isText(group);
    this.#firsts.push(this.#count);
    const shift = address - from;
    for (let i = 0; i < places.length; i += 2) {
      const start = places[i]!;
      const end = places[i + 1]!;
      const isRare = !isText && !messages.isText(group, i / 2);
      if ((end - start) * (isRare ? REPAIR_GROWTH : 1) > MESSAGE_BYTES_MAX) return false;
      const entry = is.TABLE + this.#count * is.MESSAGE_BYTES;
      view.setUint32(entry + is.START, start + shift, true);
      view.setUint32(entry + is.END, end + shift, true);
      view.setUint32(entry + is.ARRIVAL, arrivalAddress, true);
      bytes[entry + is.STATE] = isRare ? is.RARE : is.UNREAD;
      this.#count += 1;
    }
    return true;
  }

  /** Time of arrival and sender as rows carry them. */
  #placeArrival({ receivedAtMs, senderAddress }: SyslogGroup['arrival'], index: number): number {
    const { is } = this.#kernel;
    const entry = is.ARRIVALS + index * is.ARRIVAL_BYTES;
    const sender = senderAddress === '' ? this.#senderOrElse : jsonContent(senderAddress);
    this.#append(entry + is.RECEIVED, Buffer.from(new Date(receivedAtMs).toISOString()));
    this.#append(entry + is.SENDER, Buffer.from(sender));
    return entry;
  }

  /** Has the twin read a message. */
  #complete(number: number): void {
    const group = this.#firsts.findLastIndex((first) => first <= number);
    const index = number - this.#firsts[group]!;
    this.#messages!.show(this.#messages!.groups[group]!, index, (record) => {
      this.#store(number, record);
    });
  }

  #store(number: number, record: SyslogRecord): void {
    const { is, bytes, view } = this.#kernel;
    const { facility, severity } = record;
    const entry = is.TABLE + number * is.MESSAGE_BYTES;
    bytes[entry + is.STATE] = is.READ;
    const priority = facility < 0 ? is.NO_PRIORITY : 8 * facility + severity;
    bytes[entry + is.PRIORITY] = priority;
    if (bytes[this.#wanted + priority] === 0) return;
    const { parts, refusal } = record;
    if (refusal !== undefined) this.#refusals.push({ priority, reason: refusal });
    bytes[entry + is.PRIORITY] = refusal === undefined ? priority : is.REFUSED;
    view.setFloat64(entry + is.TIME, parts.eventTimeMs, true);
    const part = (start: number, end: number): Buffer => record.bytes.subarray(start, end);
    this.#append(entry + is.HOST, part(parts.hostStart, parts.hostEnd), true);
    this.#append(entry + is.IDENT, part(parts.identStart, parts.identEnd), true);
    this.#append(entry + is.PROCESS, part(parts.processIdStart, parts.processIdEnd), true);
    this.#append(entry + is.TEXT, part(parts.messageStart, parts.messageEnd), true);
  }

  /** Puts bytes behind the messages, and where they are into an entry: with length, or end. */
  #append(entry: number, source: Buffer, withEnd = false): void {
    const { bytes, view } = this.#kernel;
    const address = this.#inputEnd;
    bytes.set(source, address);
    this.#inputEnd = address + source.length;
    view.setUint32(entry, address, true);
    view.setUint32(entry + 4, withEnd ? this.#inputEnd : source.length, true);
  }
}

/**
 * A sender that says the same again and again, thousands of times a second: beyond so many in one
 * second, what is the same as the message before it is an excess. Messages are the same when they
 * differ in nothing, or only in the time in their header.
 *
 * A storm goes on over many reads, so it is looked for from one read to the next: only while the
 * first message of a read is the same as the last one before it are messages compared one by one.
 * Comparing all of them would cost every sender what hardly any needs. What a storm brings in the
 * read in which it begins is not counted as part of it, and kept.
 */
import type { Arrival } from './message/message.ts';

/** Longer messages are not compared. */
const BYTES_MAX = 4 * 1024;
/** A priority, a version and a time fit. */
const HEADER_BYTES = 48;
const HEADER_TIME =
  /^(<\d{1,3}>(?:1 )?)(?:\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?|[A-Z][a-z]{2} [ \d]\d [\d:]{8})(?= )/;
/** A message that is the first of its kind: when it came is not asked. */
const UNKNOWN = -1;
const NOTHING = Buffer.alloc(0);

export class RepeatGuard {
  readonly #perSecondMax: number;
  /** The message before is `#bytes[#start..#end)`. */
  #bytes: Buffer = NOTHING;
  #start = 0;
  #end = 0;
  #copy: Buffer = NOTHING;
  /** In which the count began. */
  #second = UNKNOWN;
  #count = 0;
  /** Whether the next message is compared with the one before it. */
  #isWatching = true;

  /** At least 1. */
  constructor(perSecondMax: number) {
    this.#perSecondMax = perSecondMax;
  }

  /** Whether the message in `bytes[start..end)` is too much. */
  isExcess(bytes: Buffer, start: number, end: number, { receivedAtMs }: Arrival): boolean {
    const isSame = this.#isWatching && this.#isSame(bytes, start, end);
    this.#isWatching = isSame;
    // To store a reference costs more than to find that it is there.
    if (this.#bytes !== bytes) this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    if (!isSame) return false;
    if (this.#count === 0) this.#count = 1;
    const second = Math.floor(receivedAtMs / 1000);
    if (this.#second !== UNKNOWN && second !== this.#second) this.#count = 0;
    this.#second = second;
    this.#count += 1;
    return this.#count > this.#perSecondMax;
  }

  /** To be called behind the messages of a read, before their memory goes away. */
  settle(): void {
    if (!this.#isWatching) {
      this.#count = 0;
      this.#second = UNKNOWN;
    }
    this.#isWatching = true;
    if (this.#bytes === this.#copy) return;
    const length = this.#end - this.#start;
    if (length > BYTES_MAX) {
      this.#end = this.#start = 0;
      this.#bytes = NOTHING;
      return;
    }
    if (this.#copy.length < length)
      this.#copy = Buffer.allocUnsafeSlow(Math.min(2 * length, BYTES_MAX));
    this.#bytes.copy(this.#copy, 0, this.#start, this.#end);
    this.#bytes = this.#copy;
    this.#start = 0;
    this.#end = length;
  }

  #isSame(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start;
    if (length !== this.#end - this.#start || length > BYTES_MAX) return false;
    const before = this.#bytes;
    const from = this.#start;
    const header = Math.min(HEADER_BYTES, length);
    if (bytes.compare(before, from + header, this.#end, start + header, end) !== 0) return false;
    if (bytes.compare(before, from, from + header, start, start + header) === 0) return true;
    // A time that ends further on than the header would be no header's.
    const said = bytes.toString('latin1', start, start + header);
    const saidBefore = before.toString('latin1', from, from + header);
    return (
      HEADER_TIME.test(said) &&
      said.replace(HEADER_TIME, '$1') === saidBefore.replace(HEADER_TIME, '$1')
    );
  }
}

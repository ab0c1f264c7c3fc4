/**
 * Long messages that are sent in several, put together again. Cisco ISE cuts its messages at the
 * length that its target is said to take and numbers the segments from 0:
 *
 *     <181>Mar  1 10:11:12 ise01 CISE_Passed_Authentications 0000012345 3 0 2025-03-01 … Step=1,
 *     <181>Mar  1 10:11:12 ise01 CISE_Passed_Authentications 0000012345 3 1 Step=2, …
 *
 * It sits in front of the batches, not in a pipeline: segments that wait belong to no batch yet,
 * and a pipeline holds nothing back. What waits is bounded in number, bytes and time; what is not
 * whole by then, or longer than a row can carry, comes out as the segments it came in, and so does
 * all that waits at a stop.
 * Source: Cisco Identity Services Engine Syslogs, "Remote Syslog Message Format", read 2026-11.
 */
import type { Clock } from '../../host/clock.ts';
import type { Arrival } from './message/message.ts';

const MARK = Buffer.from('CISE_');
const BEFORE_MARK = ' CISE_';
/** The mark is behind a priority, a time and a host. */
const HEAD_BYTES_MAX = 512;
const NUMBERS = /CISE_\w+:? (\d{1,10}) (\d{1,3}) (\d{1,3}) /y;

const OPEN_MAX = 1000;
const OPEN_BYTES_MAX = 4 * 1024 * 1024;
const SEGMENTS_MAX = 64;
/** Ours: a row of this much text stays under what services take, even with much to escape. */
const JOINED_BYTES_MAX = 256 * 1024;
/** From the first segment on. */
const WAIT_MS = 5_000;
const SWEEP_MS = 1_000;

export type TakeMessage = (bytes: Buffer, start: number, end: number, arrival: Arrival) => void;

interface Segment {
  readonly number: number;
  readonly total: number;
  /** The same for all segments of a message. */
  readonly key: string;
  /** Bytes of the header, up to the text. */
  readonly headBytes: number;
}

interface OpenMessage {
  readonly openedAtMs: number;
  readonly arrival: Arrival;
  readonly total: number;
  /** Whole, by number. */
  readonly segments: Map<number, { readonly bytes: Buffer; readonly headBytes: number }>;
  byteCount: number;
}

export class MessageSegments {
  /** Messages that were put together. */
  joinedCount = 0;
  /** Segments that came out alone. */
  incompleteCount = 0;

  readonly #clock: Clock;
  readonly #take: TakeMessage;
  /** The oldest first. */
  readonly #open = new Map<string, OpenMessage>();
  #openBytes = 0;
  #searched: Buffer | undefined;
  #isMarked = false;
  #sweeping: AbortController | undefined;

  constructor(clock: Clock, take: TakeMessage) {
    this.#clock = clock;
    this.#take = take;
  }

  get waitingCount(): number {
    let count = 0;
    for (const { segments } of this.#open.values()) count += segments.size;
    return count;
  }

  /** Takes the message in `bytes[start..end)` if it is a segment; false if it is none. */
  add(bytes: Buffer, start: number, end: number, arrival: Arrival): boolean {
    // Most messages lie in chunks in which no message is a segment: that is asked once for all.
    if (bytes !== this.#searched) {
      this.#searched = bytes;
      this.#isMarked = bytes.includes(MARK);
    }
    if (!this.#isMarked) return false;
    const segment = readSegment(bytes, start, end, arrival);
    if (segment === undefined) return false;
    this.#hold(segment, Buffer.from(bytes.subarray(start, end)), arrival);
    return true;
  }

  /** Lets out all that waits. */
  flush(): void {
    for (const key of [...this.#open.keys()]) this.#letOut(key);
    this.#sweeping?.abort();
    this.#searched = undefined;
  }

  #hold({ key, number, total, headBytes }: Segment, bytes: Buffer, arrival: Arrival): void {
    // Numbers of messages come again after a restart of the sender.
    if (this.#open.get(key)?.segments.has(number)) this.#letOut(key);
    const message = this.#open.get(key) ?? this.#begin(key, total, arrival);
    message.segments.set(number, { bytes, headBytes });
    message.byteCount += bytes.length;
    this.#openBytes += bytes.length;
    if (message.byteCount > JOINED_BYTES_MAX) this.#letOut(key);
    else if (message.segments.size === total) this.#join(key, message);
    while (this.#open.size > OPEN_MAX || this.#openBytes > OPEN_BYTES_MAX) {
      this.#letOut(this.#open.keys().next().value!);
    }
  }

  #begin(key: string, total: number, arrival: Arrival): OpenMessage {
    const openedAtMs = this.#clock.monotonic();
    const message = { openedAtMs, arrival, total, segments: new Map(), byteCount: 0 };
    this.#open.set(key, message);
    if (this.#sweeping === undefined) void this.#sweep();
    return message;
  }

  #join(key: string, message: OpenMessage): void {
    this.#forget(key, message);
    const parts = Array.from({ length: message.total }, (_, number) => {
      const { bytes, headBytes } = message.segments.get(number)!;
      return number === 0 ? bytes : bytes.subarray(headBytes);
    });
    this.joinedCount += 1;
    this.#giveCopy(parts, message.arrival);
  }

  #letOut(key: string): void {
    const message = this.#open.get(key)!;
    this.#forget(key, message);
    this.incompleteCount += message.segments.size;
    const inOrder = [...message.segments].toSorted(([a], [b]) => a - b);
    for (const [, { bytes }] of inOrder) this.#giveCopy([bytes], message.arrival);
  }

  /** In memory that nobody else has a part of, as whoever takes it frees it. */
  #giveCopy(parts: readonly Buffer[], arrival: Arrival): void {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const whole = Buffer.allocUnsafeSlow(length);
    let at = 0;
    for (const part of parts) at += part.copy(whole, at);
    this.#take(whole, 0, length, arrival);
  }

  #forget(key: string, message: OpenMessage): void {
    this.#open.delete(key);
    this.#openBytes -= message.byteCount;
  }

  /** As long as anything waits. */
  async #sweep(): Promise<void> {
    const sweeping = new AbortController();
    this.#sweeping = sweeping;
    while (this.#open.size > 0 && !sweeping.signal.aborted) {
      await this.#clock.sleep(SWEEP_MS, sweeping.signal);
      const before = this.#clock.monotonic() - WAIT_MS;
      for (const [key, { openedAtMs }] of this.#open) {
        if (openedAtMs > before) break;
        this.#letOut(key);
      }
    }
    this.#sweeping = undefined;
  }
}

function readSegment(
  bytes: Buffer,
  start: number,
  end: number,
  { senderAddress }: Arrival,
): Segment | undefined {
  const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES_MAX));
  const hostEnd = head.indexOf(BEFORE_MARK);
  if (hostEnd < 0) return undefined;
  NUMBERS.lastIndex = hostEnd + 1;
  const numbers = NUMBERS.exec(head);
  if (numbers === null) return undefined;
  const host = head.slice(head.lastIndexOf(' ', hostEnd - 1) + 1, hostEnd);
  const total = Number(numbers[2]);
  const number = Number(numbers[3]);
  if (total < 2 || total > SEGMENTS_MAX || number >= total) return undefined;
  const category = numbers[0].slice(0, numbers[0].indexOf(' '));
  const key = [senderAddress, host, category, numbers[1], total].join(' ');
  return { key, number, total, headBytes: NUMBERS.lastIndex };
}

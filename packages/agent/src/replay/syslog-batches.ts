/** Bytes of syslog as they come from a sender → batches, by the parts of the syslog source. */

import type { Clock } from '../host/clock.ts';
import type { Batch, SyslogRecord } from '../record.ts';
import { repairedText } from '../sources/repaired-text.ts';
import { FrameReader } from '../sources/syslog/frame-reader.ts';
import { loopGuard } from '../sources/syslog/loop-guard.ts';
import { SyslogMessage } from '../sources/syslog/message/message.ts';
import { MessageBatch } from '../sources/syslog/message-batch.ts';
import { MessageSegments } from '../sources/syslog/message-segments.ts';
import { createLocalTime, systemUtcOffsetMinutes } from '../time/local-time.ts';
import type { ReplayClock } from './replay-clock.ts';

/** As `sources/syslog/settings.ts` and `outbox.ts` have them where nobody says otherwise. */
const FRAME_BYTES_MAX = 65_536;
const BATCH_RECORDS_MAX = 1_000;
const BATCH_BYTES_MAX = 64 * 1024;
const DEFAULT_PORT = 28_330;
/** A message fits behind those that were gathered, with its line feed. */
const ROOM_BYTES = BATCH_BYTES_MAX + 256 * 1024 + 1;
const LINE_FEED = 0x0a;
/** A time without a year is read in different ones at these moments. */
const YEARS_APART = [Date.UTC(2001, 5, 1), Date.UTC(2011, 5, 1)] as const;
/** From this machine, as what `/var/log` holds is. */
const LOCAL_SENDER = '';

/** Nothing passes while a file is read: what waits for the rest of it waits until the end. */
const STILL_CLOCK: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: (_ms, signal) =>
    new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true })),
};

export interface SyslogVisitor {
  /** Each message, with its own time or `NaN`; good for the call. */
  message(message: SyslogRecord, timeMs: number): void;
  /**
   * The same messages, at most a thousand at once. Each call of `make` gives them as they were,
   * good until the next call: whoever takes them apart may move their bytes.
   */
  batch(make: () => Batch<SyslogRecord>): void;
}

export class SyslogBatches {
  /** Messages cut because they were too long. */
  get truncatedCount(): number {
    return this.#frames.truncatedCount;
  }

  readonly #clock: ReplayClock;
  readonly #visitor: SyslogVisitor;
  readonly #frames: FrameReader;
  readonly #segments: MessageSegments;
  readonly #gathered = Buffer.allocUnsafeSlow(ROOM_BYTES);
  /** Of what was gathered, for whoever may move the bytes. */
  readonly #copy = Buffer.allocUnsafeSlow(ROOM_BYTES);
  readonly #toEpochMs = createLocalTime(systemUtcOffsetMinutes);
  readonly #refusalOf = loopGuard({
    processId: '',
    ports: () => [DEFAULT_PORT],
    paths: () => [],
  });
  readonly #message = new SyslogMessage(this.#toEpochMs);
  #places: number[] = [];
  #end = 0;

  constructor(clock: ReplayClock, visitor: SyslogVisitor) {
    this.#clock = clock;
    this.#visitor = visitor;
    const arrival = { receivedAtMs: 0, senderAddress: LOCAL_SENDER };
    this.#segments = new MessageSegments(STILL_CLOCK, (bytes, start, end) =>
      this.#gather(bytes, start, end),
    );
    this.#frames = new FrameReader(FRAME_BYTES_MAX, (bytes, start, end) => {
      if (!this.#segments.add(bytes, start, end, arrival)) this.#gather(bytes, start, end);
    });
  }

  /** `chunk` must not change any more. */
  push(chunk: Buffer): void {
    this.#frames.push(chunk);
  }

  /** The input ends: what was never finished counts as it is. */
  end(): void {
    this.#frames.end();
    this.#segments.flush();
    this.#flush();
  }

  #gather(bytes: Buffer, start: number, end: number): void {
    bytes.copy(this.#gathered, this.#end, start, end);
    this.#places.push(this.#end, this.#end + end - start);
    this.#end += end - start;
    this.#gathered[this.#end++] = LINE_FEED;
    const isFull = this.#end > BATCH_BYTES_MAX || this.#places.length >= 2 * BATCH_RECORDS_MAX;
    if (isFull) this.#flush();
  }

  #flush(): void {
    if (this.#places.length === 0) return;
    const places = this.#places;
    if (!this.#clock.hasTime) this.#noteDated(places);
    this.#look(places);
    const receivedAtMs = this.#clock.nowMs;
    this.#visitor.batch(() => this.#batch(places, receivedAtMs));
    this.#places = [];
    this.#end = 0;
  }

  #batch(places: readonly number[], receivedAtMs: number): Batch<SyslogRecord> {
    const copy = this.#copied();
    const toEpochMs = this.#toEpochMs;
    const options = { toEpochMs, refusalOf: this.#refusalOf, onUnparsed: () => {} };
    const batch = new MessageBatch(options);
    const arrival = { receivedAtMs, senderAddress: LOCAL_SENDER };
    for (let i = 0; i < places.length; i += 2) batch.add(copy, places[i]!, places[i + 1]!, arrival);
    return { records: batch, cursors: [] };
  }

  #copied(): Buffer {
    this.#gathered.copy(this.#copy, 0, 0, this.#end);
    return this.#copy;
  }

  #look(places: readonly number[]): void {
    const copy = this.#copied();
    for (let i = 0; i < places.length; i += 2) {
      const message = this.#messageAt(copy, places, i, this.#clock.yearMs);
      const { eventTimeMs } = message.parts;
      this.#clock.note(eventTimeMs);
      this.#visitor.message(message, eventTimeMs);
    }
  }

  /** Times with a year tell the year of those without one that stand before them. */
  #noteDated(places: readonly number[]): void {
    const timesAt = (yearMs: number): number[] => {
      const copy = this.#copied();
      return Array.from({ length: places.length / 2 }, (_, i) => {
        return this.#messageAt(copy, places, 2 * i, yearMs).parts.eventTimeMs;
      });
    };
    const earlier = timesAt(YEARS_APART[0]);
    const later = timesAt(YEARS_APART[1]);
    for (const [i, time] of later.entries()) if (time === earlier[i]) this.#clock.note(time);
  }

  /** Good until the next one; its bytes may be moved. */
  #messageAt(copy: Buffer, places: readonly number[], at: number, yearMs: number): SyslogMessage {
    const message = this.#message;
    const [start, end] = [places[at]!, places[at + 1]!];
    const repaired = repairedText(copy, start, end);
    const arrival = { receivedAtMs: yearMs, senderAddress: LOCAL_SENDER };
    if (repaired === null) message.become(copy, start, end, arrival);
    else message.become(repaired, 0, repaired.length, arrival);
    return message;
  }
}

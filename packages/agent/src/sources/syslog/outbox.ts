/**
 * Between the sockets and `emit`: gathers records into batches and hands them over one at a
 * time, while the next batch fills. What waits is bounded: when `hasRoom` turns false, whoever
 * can stop reading stops until `whenRoom` resolves.
 */
import type { Clock } from '../../host/clock.ts';
import { MemoryUses } from '../../host/memory-uses.ts';
import type { Batch, SourceReject, SyslogRecord } from '../../record.ts';
import type { WallToEpochMs } from '../../time/local-time.ts';
import type { Emit } from '../source.ts';
import type { Defect } from './message/defect.ts';
import type { Arrival, RefusalOf } from './message/message.ts';
import { MessageBatch } from './message-batch.ts';

/** Full batches that may wait beside the one that fills and the one that is handed over. */
const WAITING_BATCHES_MAX = 4;
/** Bytes of messages after which a batch is full, for when they are long, not many. */
const BATCH_BYTES_MAX = 64 * 1024;

export interface OutboxOptions {
  readonly batchRecordsMax: number;
  /** How long the first record of a batch waits for more, milliseconds. */
  readonly batchDelayMs: number;
  readonly clock: Clock;
  readonly toEpochMs: WallToEpochMs;
  /** Absent: every message is collected. */
  readonly refusalOf?: RefusalOf;
}

export class Outbox {
  readonly #options: OutboxOptions;
  /** Messages whose header lacks something, of those handed over, by what it lacks. */
  readonly unparsed: Partial<Record<Defect, number>> = {};
  /** Messages that were no UTF-8, of those handed over. */
  repairedCount = 0;
  readonly #full: MessageBatch[] = [];
  #filling: MessageBatch;
  readonly #uses = new MemoryUses();
  #fillingSince = 0;
  #rejects = new Map<string, number>();
  #recordCount = 0;
  #isClosed = false;
  #wake: () => void = () => {};
  #tick: Promise<void> | undefined;
  #roomWaiters: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#filling = this.#newBatch();
  }

  get hasRoom(): boolean {
    return this.#full.length < WAITING_BATCHES_MAX;
  }

  /** Records that were added and that `emit` has not settled yet. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Resolves at once while there is room, otherwise when there is room again. */
  whenRoom(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  /** The message in `bytes[start..end)`, which must not change any more. */
  add(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    this.#startFilling();
    const batch = this.#filling;
    this.#recordCount += 1;
    batch.add(bytes, start, end, arrival);
    if (batch.count < this.#options.batchRecordsMax && batch.byteCount < BATCH_BYTES_MAX) return;
    this.#full.push(batch);
    this.#filling = this.#newBatch();
    this.#wake();
  }

  /** Counts something that came in and could not be kept. */
  reject(reason: string, count = 1): void {
    this.#startFilling();
    this.#rejects.set(reason, (this.#rejects.get(reason) ?? 0) + count);
  }

  /** Nothing is added any more; `deliver` resolves when all is handed over. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  /**
   * Hands batches over until the outbox is closed and empty. Rejects as `emit` does; the batches
   * behind the refused one are kept for `handOverRest`.
   */
  async deliver(emit: Emit<SyslogRecord>): Promise<void> {
    for (;;) {
      await this.#untilDue();
      const batch = this.#take();
      if (batch === undefined) return;
      await this.#handOver(batch, emit);
    }
  }

  /**
   * Hands over all there is, whatever `emit` says to it: what it refuses is lost, and counted by
   * whoever refuses it. Never rejects.
   */
  async handOverRest(emit: Emit<SyslogRecord>): Promise<void> {
    for (let batch = this.#take(); batch !== undefined; batch = this.#take()) {
      await this.#handOver(batch, emit).catch(() => {});
    }
  }

  /** The batch that is due first; `undefined` when there is none. */
  #take(): (Batch<SyslogRecord> & { readonly records: MessageBatch }) | undefined {
    const batch = this.#full.shift() ?? this.#filling;
    if (batch === this.#filling) this.#filling = this.#newBatch();
    if (batch.count === 0 && this.#rejects.size === 0) return undefined;
    const rejects = this.#takeRejects();
    if (this.hasRoom) for (const resolve of this.#roomWaiters.splice(0)) resolve();
    return { records: batch, cursors: [], ...(rejects && { rejects }) };
  }

  async #handOver(
    batch: Batch<SyslogRecord> & { readonly records: MessageBatch },
    emit: Emit<SyslogRecord>,
  ): Promise<void> {
    const { records } = batch;
    try {
      await emit(batch);
    } finally {
      this.#recordCount -= records.count;
      records.release();
    }
  }

  get #isFillingEmpty(): boolean {
    return this.#filling.count === 0 && this.#rejects.size === 0;
  }

  #newBatch(): MessageBatch {
    const { toEpochMs, refusalOf } = this.#options;
    return new MessageBatch({
      toEpochMs,
      refusalOf,
      uses: this.#uses,
      onUnparsed: (defect) => {
        this.unparsed[defect] = (this.unparsed[defect] ?? 0) + 1;
      },
      onRepaired: () => {
        this.repairedCount += 1;
      },
    });
  }

  #startFilling(): void {
    if (!this.#isFillingEmpty) return;
    this.#fillingSince = this.#options.clock.monotonic();
    this.#wake();
  }

  /** Resolves when a batch is full or old enough, or the outbox closed. */
  async #untilDue(): Promise<void> {
    const { clock, batchDelayMs } = this.#options;
    while (this.#full.length === 0 && !this.#isClosed) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (this.#isFillingEmpty) {
        await woken;
        continue;
      }
      const waitMs = this.#fillingSince + batchDelayMs - clock.monotonic();
      if (waitMs <= 0) return;
      await Promise.race([woken, this.#nextTick(waitMs)]);
    }
  }

  /**
   * Not after `ms`. One timer at a time, which is let run out: taking one back for each batch
   * costs more than a few of its messages.
   */
  #nextTick(ms: number): Promise<void> {
    this.#tick ??= this.#options.clock.sleep(ms).then(() => {
      this.#tick = undefined;
    });
    return this.#tick;
  }

  #takeRejects(): readonly SourceReject[] | undefined {
    if (this.#rejects.size === 0) return undefined;
    const rejects = [...this.#rejects].map(([reason, count]) => ({ reason, count }));
    this.#rejects = new Map();
    return rejects;
  }
}

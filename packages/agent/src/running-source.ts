/**
 * One planned source, kept running: what it emits goes through its pipeline into the durable
 * buffer. When it fails it is opened again, at its committed cursors, after growing pauses; when
 * the buffer takes nothing it waits.
 */
import type { PlannedSource } from '@dcr-agent/schema';
import type { Commit, DurableBuffer } from './buffer/durable-buffer.ts';
import { CommitQueue } from './commit-queue.ts';
import { CommitTimer } from './commit-timer.ts';
import { isAgentError, reasonOf } from './errors.ts';
import { noteWork } from './host/engine-memory.ts';
import type { Host } from './host/host.ts';
import { asDropped, handedOver } from './lost-counts.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import type { Batch } from './record.ts';
import { RowRemarks } from './row-remarks.ts';
import type { CommittedCursors, Source } from './sources/source.ts';
import { TruncatedFields } from './truncated-fields.ts';

const REOPEN_MS_MIN = 1_000;
/** Also how long a source must have run for its next failure to be the first again. */
const REOPEN_MS_MAX = 60_000;
/** How often a full or failing buffer is tried again while a source waits. */
const PRESSURE_RETRY_MS = 500;

/** What they hand over now and then, for as long as the agent runs, is next to nothing. */
const IDLE_KINDS: ReadonlySet<string> = new Set(['heartbeat', 'operation', 'performanceCounters']);

export interface RunningSourceOptions {
  readonly host: Host;
  readonly buffer: DurableBuffer;
  /**
   * How long what a source has handed over may wait for its commit, milliseconds: what a kill may
   * cost a source that cannot read again. 0: it is committed before `emit` resolves.
   */
  readonly commitIntervalMs: number;
  /** May throw; the source is tried again later. */
  open(planned: PlannedSource, cursors: CommittedCursors): Source<unknown>;
}

export type SourceState = 'opening' | 'reading' | 'waiting for space' | 'failed' | 'stopped';

export interface SourceFailure {
  readonly atMs: number;
  readonly reason: string;
}

export interface SourceStatus {
  readonly key: string;
  readonly kind: string;
  readonly state: SourceState;
  /** The last one, also after the source has recovered. */
  readonly lastFailure?: SourceFailure;
  /**
   * The source's own, and, if there were any, `lost`: records that could not be kept, and
   * `truncatedFields` by flow: fields that were cut, and `remarks` by flow: what rows do not hold.
   */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Records that one run of a source has handed over and that are kept nowhere. */
interface Loss {
  readonly records: number;
  /** How many of them the ledger accounts for. */
  readonly inLedger: number;
  readonly reason: string;
}

/** Runs from its construction until `stop`. */
export class RunningSource {
  #pipeline: Pipeline<never>;
  #commits: CommitQueue;
  readonly #timer: CommitTimer;
  readonly #planned: PlannedSource;
  readonly #options: RunningSourceOptions;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  #source: Source<unknown> | undefined;
  #state: SourceState = 'opening';
  #lastFailure: SourceFailure | undefined;
  /** Reason the operator was told last; the same one again is not worth a line. */
  #toldReason: string | undefined;
  /** Of this run, not told yet. */
  #loss: Loss | undefined;
  /** Records of all runs. */
  #lostCount = 0;
  readonly #truncated: TruncatedFields;
  readonly #remarks: RowRemarks;
  /** The operator knows of a failure and not yet of its end. */
  #isInTrouble = false;

  constructor(planned: PlannedSource, pipeline: Pipeline<never>, options: RunningSourceOptions) {
    this.#pipeline = pipeline;
    this.#planned = planned;
    this.#options = options;
    this.#truncated = new TruncatedFields(options.host.log);
    this.#remarks = new RowRemarks(options.host.log);
    this.#commits = this.#newCommits();
    this.#timer = new CommitTimer({
      clock: options.host.clock,
      intervalMs: options.commitIntervalMs,
      signal: this.#abort.signal,
      handOver: (isPause) => this.#handOver(isPause),
    });
    this.#done = this.#keepRunning();
  }

  /** Exchanged on reload, between two batches. */
  set pipeline(next: Pipeline<never>) {
    this.#handOver();
    this.#pipeline = next;
  }

  status(): SourceStatus {
    return {
      key: this.#planned.key,
      kind: this.#planned.kind,
      state: this.#state,
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
      facts: this.#facts(),
    };
  }

  /**
   * Resolves after the last batch is durable, or refused by the buffer and, where it is not read
   * again, told as lost. Twice is harmless.
   */
  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  #facts(): Readonly<Record<string, unknown>> {
    const lost = this.#lostCount > 0 ? { lost: this.#lostCount } : {};
    const more = { ...lost, ...this.#truncated.facts, ...this.#remarks.facts };
    try {
      return { ...this.#source?.describe?.(), ...more };
    } catch (error) {
      return { unknown: reasonOf(error), ...more };
    }
  }

  async #keepRunning(): Promise<void> {
    const { host } = this.#options;
    const signal = this.#abort.signal;
    let pauseMs = REOPEN_MS_MIN;
    while (!signal.aborted) {
      const startedAt = host.clock.monotonic();
      try {
        await this.#runOnce(signal);
      } catch (error) {
        if (signal.aborted) break;
        if (host.clock.monotonic() - startedAt > REOPEN_MS_MAX) {
          pauseMs = REOPEN_MS_MIN;
          this.#toldReason = undefined;
        }
        this.#fail(error);
        await host.clock.sleep(pauseMs, signal);
        pauseMs = Math.min(pauseMs * 2, REOPEN_MS_MAX);
      }
    }
    this.#source = undefined;
    this.#state = 'stopped';
  }

  async #runOnce(signal: AbortSignal): Promise<void> {
    const { buffer, open } = this.#options;
    this.#state = 'opening';
    this.#commits = this.#newCommits();
    this.#source = open(this.#planned, buffer.cursors(this.#planned.key));
    this.#state = 'reading';
    try {
      await this.#source.run((batch) => this.#emit(batch), signal);
    } finally {
      this.#handOver();
      // Where the next run begins is what is committed by then.
      await this.#commits.whenEmpty().finally(() => this.#tellLoss());
    }
    if (!signal.aborted) throw new Error('the source ended by itself');
  }

  #fail(error: unknown): void {
    const { host } = this.#options;
    const reason = reasonOf(error);
    this.#state = 'failed';
    this.#source = undefined;
    this.#lastFailure = { atMs: host.clock.now(), reason };
    const facts = { source: this.#planned.key, reason };
    if (this.#toldReason === reason) {
      host.log.debug(facts, 'a source still cannot be read');
      return;
    }
    this.#toldReason = reason;
    this.#isInTrouble = true;
    host.log.error(facts, 'a source cannot be read; it will be tried again');
  }

  async #emit(batch: Batch<unknown>): Promise<void> {
    if (!IDLE_KINDS.has(this.#planned.kind)) noteWork();
    // Source and pipeline were made from the same planned source, so they agree on the record.
    this.#pipeline.process(batch as Batch<never>, this.#options.host.clock.now());
    this.#timer.gathered(this.#pipeline.bytes);
    await (this.#options.commitIntervalMs === 0
      ? this.#commits.whenEmpty()
      : this.#commits.whenRoom());
  }

  #handOver(isPause = false): void {
    const portion = this.#pipeline.take();
    if (portion !== undefined) this.#commits.add(portion, isPause);
  }

  #newCommits(): CommitQueue {
    return new CommitQueue((commit) => this.#commit(commit));
  }

  async #commit(commit: Commit): Promise<void> {
    try {
      await this.#append(commit);
    } catch (error) {
      // What has a cursor is read again; a sender that got rid of a message sends no other.
      if (commit.cursors.length === 0) await this.#countLoss(commit, error);
      throw error;
    }
    this.#truncated.count(commit.counts);
    this.#remarks.count(commit.counts);
    this.#recover();
  }

  /** Waits while the buffer is full or failing: the source stops reading, nothing is lost. */
  async #append(commit: Commit): Promise<void> {
    const { host, buffer } = this.#options;
    for (;;) {
      try {
        await buffer.append(commit);
        return;
      } catch (error) {
        if (!canWait(error) || this.#abort.signal.aborted) throw error;
        this.#wait(error);
        await host.clock.sleep(PRESSURE_RETRY_MS, this.#abort.signal);
      }
    }
  }

  #wait(error: unknown): void {
    if (this.#state === 'waiting for space') return;
    this.#state = 'waiting for space';
    this.#isInTrouble = true;
    const { clock, log } = this.#options.host;
    const reason = reasonOf(error);
    this.#lastFailure = { atMs: clock.now(), reason };
    const facts = { source: this.#planned.key, reason };
    log.warn(facts, 'the buffer takes nothing now; the source waits');
  }

  #recover(): void {
    this.#state = 'reading';
    if (!this.#isInTrouble || this.#abort.signal.aborted) return;
    this.#isInTrouble = false;
    this.#options.host.log.info({ source: this.#planned.key }, 'a source is read again');
  }

  /** In the ledger too if the buffer takes that much: one that is full by its quota does. */
  async #countLoss({ counts }: Commit, error: unknown): Promise<void> {
    // What the source could not read is not lost here.
    const records = Math.max(0, ...counts.map(handedOver));
    const isCounted = await this.#options.buffer
      .append({ entries: [], cursors: [], counts: counts.map(asDropped) })
      .then(
        () => true,
        () => false,
      );
    if (records === 0) return;
    this.#lostCount += records;
    this.#loss = {
      records: records + (this.#loss?.records ?? 0),
      inLedger: (isCounted ? records : 0) + (this.#loss?.inLedger ?? 0),
      reason: reasonOf(error),
    };
  }

  #tellLoss(): void {
    if (this.#loss === undefined) return;
    this.#options.host.log.error(
      { source: this.#planned.key, ...this.#loss },
      'records that were received could not be kept and are lost',
    );
    this.#loss = undefined;
  }
}

/** Every trouble of the buffer passes or is put right by someone, except its end. */
function canWait(error: unknown): boolean {
  return isAgentError(error) && error.code !== 'BUFFER_CLOSED';
}

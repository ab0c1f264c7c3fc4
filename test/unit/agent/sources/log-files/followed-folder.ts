/**
 * A folder of log files that a source follows, and what came of it. What `emit` took is kept
 * over restarts as a buffer would keep it: a batch's lines and its cursors together.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Clock } from '../../../../../packages/agent/src/host/clock.ts';
import type { Batch, LineRecord } from '../../../../../packages/agent/src/record.ts';
import {
  type LogFilesSettings,
  openLogFiles,
} from '../../../../../packages/agent/src/sources/log-files/log-files.ts';
import type { Source } from '../../../../../packages/agent/src/sources/source.ts';
import { createFakeHost } from '../../../../support/fake-host.ts';
import { type LineFields, lineFieldsOf } from '../../../../support/line-records.ts';
import type { RecordedLog } from '../../../../support/recorded-log.ts';
import { until } from '../../../../support/until.ts';

export const KEY = 'logFiles:app';

/** Rests after which all that happened before has been found and read, deleted files included. */
const RESTS_TO_SETTLE = 32;

/** Sleeps take one turn of the event loop and as much of its own time as was asked for. */
class HurriedClock implements Clock {
  sleepCount = 0;
  #monotonicMs = 0;

  now(): number {
    return Date.UTC(2025, 2, 1) + this.#monotonicMs;
  }

  monotonic(): number {
    return this.#monotonicMs;
  }

  pass(ms: number): void {
    this.#monotonicMs += ms;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#monotonicMs += ms;
    this.sleepCount += 1;
  }
}

export type Taking = (batch: Batch<LineRecord>) => Promise<void>;

/** A batch as it was handed over, its lines as they were then. */
interface KeptBatch extends Batch<LineRecord> {
  readonly lines: readonly LineFields[];
}

export class FollowedFolder {
  readonly path: string;
  readonly batches: KeptBatch[] = [];
  lineCount: number = 0;
  readonly cursors: Map<string, string> = new Map();
  log: RecordedLog | undefined;
  source: Source<LineRecord> | undefined;

  hasEnded: boolean = true;

  #clock = new HurriedClock();
  #abort = new AbortController();
  #run: Promise<void> = Promise.resolve();

  private constructor(path: string) {
    this.path = path;
  }

  static async create(t: TestContext): Promise<FollowedFolder> {
    const folder = new FollowedFolder(await mkdtemp(join(tmpdir(), 'dcr-log-files-')));
    t.after(async () => {
      await folder.stop();
      await rm(folder.path, { recursive: true });
    });
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get records(): LineFields[] {
    return this.batches.flatMap(({ lines }) => lines);
  }

  /** Keys of the cursors of files; others tell which patterns were followed before. */
  get fileCursors(): string[] {
    return [...this.cursors.keys()].filter((key) => !key.includes('#started '));
  }

  get lines(): string[] {
    return this.records.map(({ line }) => line);
  }

  /** Several patterns are parted by blanks. `taking` is awaited before a batch is kept; when it throws, the batch is not. */
  start(
    pattern: string,
    settings: Partial<LogFilesSettings> = {},
    taking: Taking = async () => {},
  ): void {
    this.#clock = new HurriedClock();
    this.#abort = new AbortController();
    const host = { ...createFakeHost(), clock: this.#clock };
    this.log = host.log;
    this.source = openLogFiles(
      {
        key: KEY,
        patterns: pattern.split(' ').map((one) => this.file(one)),
        startAt: 'beginning',
        ...settings,
      },
      new Map(this.cursors),
      host,
    );
    const emit = async (batch: Batch<LineRecord>): Promise<void> => {
      // What is read later may take the place of these lines.
      const lines: LineFields[] = [];
      batch.records.each((record) => void lines.push(lineFieldsOf(record)));
      await taking(batch);
      this.#keep({ ...batch, lines });
    };
    this.#run = this.source.run(emit, this.#abort.signal);
    this.hasEnded = false;
    void this.#run
      .catch(() => {})
      .finally(() => {
        this.hasEnded = true;
      });
  }

  /** Waits until everything written so far has been read, or the source has ended. */
  async settle(): Promise<void> {
    const enough = this.#clock.sleepCount + RESTS_TO_SETTLE;
    await until(
      'the source has nothing to do',
      () => this.#clock.sleepCount >= enough || this.hasEnded,
    );
  }

  /** Waits until the source has rested so often, 250 ms of its time each. */
  async rest(times: number): Promise<void> {
    const enough = this.#clock.sleepCount + times;
    await until('the source has rested', () => this.#clock.sleepCount >= enough || this.hasEnded);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#run.catch(() => {});
  }

  /** Lets time pass during which the source does nothing. */
  pass(ms: number): void {
    this.#clock.pass(ms);
  }

  /** Settles as the source's run does. */
  get ended(): Promise<void> {
    return this.#run;
  }

  #keep(batch: KeptBatch): void {
    this.batches.push(batch);
    this.lineCount += batch.lines.length;
    for (const { key, value } of batch.cursors) {
      if (value === null) this.cursors.delete(key);
      else this.cursors.set(key, value);
    }
  }
}

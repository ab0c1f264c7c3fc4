/**
 * Brings what was committed to the disk itself, outside the event loop: a commit waits for the
 * process only, and a power cut takes back what came in the moment before, each commit whole.
 *
 * SQLite does the same itself before it folds the write-ahead log into the file.
 */
import { open } from 'node:fs/promises';

/** Between two flushes; the disk has other things to do, too. */
const INTERVAL_MS = 500;

export class BackgroundSync {
  readonly #file: string;
  readonly #monotonic: () => number;
  #isDirty = false;
  #startedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  /** `file` is the write-ahead log. Nobody holds locks on it that closing it could drop. */
  constructor(file: string, monotonic: () => number) {
    this.#file = file;
    this.#monotonic = monotonic;
  }

  /** Whether something waits to be flushed. */
  get isDirty(): boolean {
    return this.#isDirty;
  }

  /** Something was committed. */
  note(): void {
    this.#isDirty = true;
    this.flushInTime();
  }

  /** To be called now and then: flushes what was noted, not more often than it may. */
  flushInTime(): void {
    const isTooSoon = this.#monotonic() - this.#startedAt < INTERVAL_MS;
    if (!this.#isDirty || this.#running !== undefined || isTooSoon) return;
    this.#isDirty = false;
    this.#startedAt = this.#monotonic();
    this.#running = this.#flush().finally(() => {
      this.#running = undefined;
    });
  }

  /** Resolves when no flush is under way. */
  async settled(): Promise<void> {
    await this.#running;
  }

  /** A disk that does not flush shows in the commits, which SQLite flushes too. */
  async #flush(): Promise<void> {
    const handle = await open(this.#file, 'r').catch(() => undefined);
    if (handle === undefined) return;
    try {
      await handle.datasync();
    } catch {
      this.#isDirty = true;
    } finally {
      await handle.close().catch(() => {});
    }
  }
}

/**
 * Between a pipeline and the buffer: portions are compressed outside the event loop, several at a
 * time, and committed one after another in the order they came. What waits here is bounded.
 */
import type { Commit, Entry } from './buffer/durable-buffer.ts';
import { compressRows } from './fragment/compress.ts';
import { giveBack } from './pipeline/block-memory.ts';
import type { Portion } from './pipeline/pipeline.ts';

/** JSON that may wait: enough for every core to compress while others commit. */
const WAITING_BYTES_MAX = 5_000_000;

export class CommitQueue {
  readonly #commit: (commit: Commit) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #waitingBytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #roomWaiters: (() => void)[] = [];

  /** `commit` rejects for good: what has cursors is not committed any more behind that. */
  constructor(commit: (commit: Commit) => Promise<void>) {
    this.#commit = commit;
  }

  /** `isPause`: nothing more is to be expected for a while. */
  add(portion: Portion, isPause = false): void {
    const bytes = portion.blocks.reduce((sum, { json }) => sum + json.length, 0);
    this.#waitingBytes += bytes;
    const compressing = compressed(portion, isPause);
    // Whether it is awaited before it fails is a matter of chance.
    compressing.catch(() => {});
    this.#last = this.#last
      .then(() => compressing)
      .then((commit) => this.#commitUnlessBroken(commit))
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .then(() => {
        this.#waitingBytes -= bytes;
        if (this.#hasRoom) for (const resolve of this.#roomWaiters.splice(0)) resolve();
      });
  }

  /** Resolves when more may be added. Rejects with what the first commit failed with. */
  async whenRoom(): Promise<void> {
    while (!this.#hasRoom) await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    this.#throwFailure();
  }

  /** Resolves when everything is committed. Rejects with what the first commit failed with. */
  async whenEmpty(): Promise<void> {
    let last: Promise<void> | undefined;
    while (last !== this.#last) {
      last = this.#last;
      await last;
    }
    this.#throwFailure();
  }

  get #hasRoom(): boolean {
    return this.#waitingBytes < WAITING_BYTES_MAX;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** A cursor must not pass records that are nowhere: they are read again from the one before. */
  async #commitUnlessBroken(commit: Commit): Promise<void> {
    if (this.#failure === undefined || commit.cursors.length === 0) await this.#commit(commit);
  }
}

async function compressed({ blocks, cursors, counts }: Portion, isPause: boolean): Promise<Commit> {
  const entries = blocks.map(async ({ outlets, json, recordCount }): Promise<Entry[]> => {
    const fragment = await compressRows(json, recordCount);
    giveBack(json);
    return outlets.map((outlet) => ({ outlet, fragment }));
  });
  return { entries: (await Promise.all(entries)).flat(), cursors, counts, isPause };
}

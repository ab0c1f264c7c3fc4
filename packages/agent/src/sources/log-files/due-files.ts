/**
 * Which files are looked at in a round: those that were written to, as far as the system tells,
 * and those that were not at rest when they were looked at last. All of them every second, so that
 * each one finds out itself whether it is due.
 */
import type { FollowedFile } from './followed-file.ts';
import type { FollowedFiles } from './followed-files.ts';

const ALL_AFTER_MS = 1_000;

export interface Round {
  readonly files: readonly FollowedFile[];
  /** Paths that were written to since the round before. */
  readonly written: ReadonlySet<string>;
}

export class DueFiles {
  #written = new Set<string>();
  readonly #restless = new Set<FollowedFile>();
  #allAtMs = Number.NEGATIVE_INFINITY;

  wrote(path: string): void {
    this.#written.add(path);
  }

  /** Files came, went or were renamed. */
  changed(): void {
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Whether a file that was looked at is to be looked at in the next round in any case. */
  looked(file: FollowedFile, isRestless: boolean): void {
    if (isRestless) this.#restless.add(file);
    else this.#restless.delete(file);
  }

  /** `nowMs`: of the monotonic clock. */
  next(files: FollowedFiles, nowMs: number): Round {
    const written = this.#written;
    this.#written = new Set();
    if (nowMs - this.#allAtMs >= ALL_AFTER_MS) {
      this.#allAtMs = nowMs;
      this.#restless.clear();
      return { files: [...files], written };
    }
    const due = new Set(this.#restless);
    for (const path of written) {
      const file = files.at(path);
      if (file !== undefined) due.add(file);
    }
    return { files: [...due], written };
  }
}

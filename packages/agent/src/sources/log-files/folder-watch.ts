/**
 * Tells that files appeared, went or were renamed, sooner than looking would. Only a hint: where
 * the system cannot watch a directory, looking again finds out all the same.
 */
import { type FSWatcher, watch } from 'node:fs';

const WATCHES_MAX = 64;

export class FolderWatch {
  readonly #onRename: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(onRename: () => void) {
    this.#onRename = onRename;
  }

  /** Watches these directories, the first 64 of them, and no others. */
  follow(directories: readonly string[]): void {
    const wanted = new Set(directories.slice(0, WATCHES_MAX));
    for (const path of this.#watchers.keys()) if (!wanted.has(path)) this.#stop(path);
    for (const path of wanted) if (!this.#watchers.has(path)) this.#start(path);
  }

  close(): void {
    for (const path of [...this.#watchers.keys()]) this.#stop(path);
  }

  #start(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, (change) => {
        if (change === 'rename') this.#onRename();
      });
      watcher.on('error', () => this.#stop(path));
      this.#watchers.set(path, watcher);
    } catch {
      // Missing, not readable, or too many watches: tried again with the next call.
    }
  }

  #stop(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }
}

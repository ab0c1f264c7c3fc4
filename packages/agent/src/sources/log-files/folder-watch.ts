/**
 * Tells that files appeared, went or were renamed, and which were written to, sooner and cheaper
 * than looking would. Only hints: where the system cannot watch a directory, or does not tell of
 * what other machines do there, looking again finds out all the same.
 */
import { type FSWatcher, watch } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../host/clock.ts';

const WATCHES_MAX = 64;
/**
 * File systems of Linux whose files only this machine writes to: ext2 to 4, XFS, Btrfs, tmpfs,
 * overlay, F2FS and ZFS. Source: statfs(2).
 */
const LOCAL_TYPES: ReadonlySet<number> = new Set([
  ...[0xef53, 0x58465342, 0x9123683e, 0x01021994, 0x794c7630, 0xf2f52010, 0x2fc12fc1],
]);

export interface FolderNews {
  /** Something appeared, went or was renamed. */
  renamed(): void;
  /** A file may have been written to. */
  written(path: string): void;
}

interface Watched {
  readonly watcher: FSWatcher;
  /** Of the monotonic clock. */
  readonly sinceMs: number;
  /** Whether all writing is told of. */
  isLocal: boolean;
}

export class FolderWatch {
  readonly #news: FolderNews;
  readonly #clock: Clock;
  readonly #watched = new Map<string, Watched>();

  constructor(news: FolderNews, clock: Clock) {
    this.#news = news;
    this.#clock = clock;
  }

  /**
   * Watches these directories, the first 64 of them, and no others. Returns whether all of them
   * have been watched for a while, and tell of everything.
   */
  follow(directories: readonly string[]): boolean {
    const wanted = new Set(directories.slice(0, WATCHES_MAX));
    for (const path of this.#watched.keys()) if (!wanted.has(path)) this.#stop(path);
    const isSettled = directories.every((path) => this.tellsOf(path));
    for (const path of wanted) if (!this.#watched.has(path)) this.#start(path);
    return isSettled;
  }

  /** Whether it is told when a file of the directory is written to. */
  tellsOf(directory: string): boolean {
    return this.#watched.get(directory)?.isLocal ?? false;
  }

  /** Since when that is so, by the monotonic clock; infinite where it is not. */
  tellsSinceMs(directory: string): number {
    const watched = this.#watched.get(directory);
    return watched?.isLocal ? watched.sinceMs : Number.POSITIVE_INFINITY;
  }

  close(): void {
    for (const path of [...this.#watched.keys()]) this.#stop(path);
  }

  #start(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, (change, name) => {
        if (change === 'rename') this.#news.renamed();
        else if (name !== null) this.#news.written(join(path, name));
      });
      watcher.on('error', () => this.#stop(path));
      const watched = { watcher, sinceMs: this.#clock.monotonic(), isLocal: false };
      this.#watched.set(path, watched);
      void isLocal(path).then((is) => {
        watched.isLocal = is;
      });
    } catch {
      // Missing, not readable, or too many watches: tried again with the next call.
    }
  }

  #stop(path: string): void {
    this.#watched.get(path)?.watcher.close();
    this.#watched.delete(path);
  }
}

async function isLocal(path: string): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const type = await statfs(path).then(
    (system) => system.type,
    () => 0,
  );
  return LOCAL_TYPES.has(type);
}

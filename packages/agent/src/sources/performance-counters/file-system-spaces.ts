/**
 * How full file systems are. A file server that is gone may leave a question unanswered for hours,
 * and with it one of the process's few threads for such work. So there is one question at a time,
 * a file system that has not answered is not asked again before it has, and while one does not,
 * no other that is not on a device of this machine is asked; while two do not, none is.
 */
import { reasonOf } from '../../errors.ts';
import type { Clock } from '../../host/clock.ts';
import type { Mount } from './proc/mounts.ts';

const ANSWER_MS_MAX = 500;
const UNANSWERED_MAX = 2;

/** What the system says of a file system, in blocks. */
export interface StatFs {
  readonly bsize: number;
  /** Unit of the counts; older versions of Node do not tell it. */
  readonly frsize?: number;
  readonly blocks: number;
  readonly bfree: number;
  readonly bavail: number;
  readonly files: number;
  readonly ffree: number;
}

export interface Space {
  readonly sizeBytes: number;
  readonly usedBytes: number;
  /** What users other than root may still write. */
  readonly availableBytes: number;
  /** Inodes; 0 where the file system does not count them. */
  readonly files: number;
  readonly freeFiles: number;
}

export interface ReadSpaces {
  readonly spaces: ReadonlyMap<string, Space>;
  /** Why a file system could not be read, by mount point. */
  readonly leftOut: ReadonlyMap<string, string>;
}

/** One for the whole process, because the threads are. */
export class FileSystemSpaces {
  readonly #statfs: (path: string) => Promise<StatFs>;
  readonly #asked = new Map<string, Promise<StatFs>>();
  /** Those asked that have taken too long. */
  readonly #unanswered = new Set<string>();

  constructor(statfs: (path: string) => Promise<StatFs>) {
    this.#statfs = statfs;
  }

  /** Never rejects, and takes half a second at most for each file system that does not answer. */
  async read(mounts: readonly Mount[], clock: Clock): Promise<ReadSpaces> {
    const spaces = new Map<string, Space>();
    const leftOut = new Map<string, string>();
    for (const mount of mounts) {
      try {
        const space = spaceOf(await this.#ask(mount, clock));
        if (space !== undefined) spaces.set(mount.mountPoint, space);
      } catch (error) {
        leftOut.set(mount.mountPoint, reasonOf(error));
      }
    }
    return { spaces, leftOut };
  }

  async #ask({ mountPoint, source }: Mount, clock: Clock): Promise<StatFs> {
    const waiting = this.#unanswered;
    if (waiting.has(mountPoint)) throw new Error('the file system does not answer');
    if (waiting.size >= (source.startsWith('/dev/') ? UNANSWERED_MAX : 1)) {
      throw new Error(`not asked while ${[...waiting].join(', ')} does not answer`);
    }
    const known = this.#asked.get(mountPoint);
    const answer = known ?? this.#statfs(mountPoint);
    if (known === undefined) this.#remember(mountPoint, answer);
    const answered = new AbortController();
    const timeUp = clock.sleep(ANSWER_MS_MAX, answered.signal).then(() => {
      if (answered.signal.aborted) return undefined;
      waiting.add(mountPoint);
      return undefined;
    });
    const first = await Promise.race([answer, timeUp]).finally(() => answered.abort());
    if (first === undefined) throw new Error('the file system does not answer');
    return first;
  }

  #remember(mountPoint: string, answer: Promise<StatFs>): void {
    this.#asked.set(mountPoint, answer);
    const forget = (): void => {
      this.#asked.delete(mountPoint);
      this.#unanswered.delete(mountPoint);
    };
    answer.then(forget, forget);
  }
}

/** `undefined` for a file system without blocks: it holds nothing. */
function spaceOf(stat: StatFs): Space | undefined {
  // They differ on some FUSE file systems.
  const unit = stat.frsize || stat.bsize;
  if (!(stat.blocks > 0 && unit > 0)) return undefined;
  return {
    sizeBytes: stat.blocks * unit,
    usedBytes: Math.max(0, stat.blocks - stat.bfree) * unit,
    availableBytes: Math.max(0, stat.bavail) * unit,
    files: stat.files,
    freeFiles: Math.min(stat.ffree, stat.files),
  };
}

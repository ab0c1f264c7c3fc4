/** All files of the patterns, and those that were of them and are not yet read to their end. */
import { dirname } from 'node:path';
import type { Complaints } from './complaints.ts';
import type { FileCursor, FileIdentity } from './file-cursor.ts';
import { type FoundFiles, filesIn, findFiles } from './find-files.ts';
import { fingerprintOf, hasFingerprint } from './fingerprint.ts';
import { FollowedFile } from './followed-file.ts';
import type { ReadBuffers } from './line-reader.ts';
import {
  isLink,
  localStatusOf,
  type OpenedFile,
  openFile,
  readHead,
  statusOf,
} from './open-file.ts';
import { OpenHandles } from './open-handles.ts';
import type { RecordForm } from './record-reader.ts';
import { matchesPattern } from './wildcard.ts';

export type StartAt = 'beginning' | 'end';

export interface FollowedFilesOptions {
  readonly patterns: readonly string[];
  readonly buffers: ReadBuffers;
  readonly complaints: Complaints;
  readonly form: RecordForm;
  /** Whether a directory is known to be on a disk of this machine. */
  isLocal(directory: string): boolean;
  /** An open file can be read to its end after it was renamed or deleted. */
  readonly openFilesMax: number;
}

/** What has changed since files were looked for before. */
export interface Discovery {
  /** Files that had no cursor. One is due, or they are not found once they are renamed. */
  readonly added: readonly FollowedFile[];
  /**
   * Files that do not exist any more and are not followed any longer. One that is open is not
   * among them: it tells itself when it is gone.
   */
  readonly gone: readonly FileIdentity[];
}

interface Found {
  readonly pathsOf: Map<FileIdentity, readonly string[]>;
  readonly added: FollowedFile[];
}

type Cursors = ReadonlyMap<FileIdentity, FileCursor>;
type Listings = Map<string, ReturnType<typeof filesIn>>;

/** Stands in a name for what is no character. */
const REPLACEMENT = '\ufffd';
const NAME_NO_TEXT = 'its name is not UTF-8; rename it, or have its writer do so';
const BEGINNING = { offset: 0, fingerprint: fingerprintOf(Buffer.of()) };

export class FollowedFiles implements Iterable<FollowedFile> {
  /** Directories in which another file of the patterns could appear. */
  directories: readonly string[] = [];

  readonly #patterns: readonly string[];
  readonly #buffers: ReadBuffers;
  readonly #complaints: Complaints;
  /** Cursors whose files have not been found yet, nor found to be gone. */
  readonly #pending = new Map<FileIdentity, FileCursor>();
  readonly #files = new Map<FileIdentity, FollowedFile>();
  readonly #byLocation = new Map<string, FollowedFile>();
  readonly #form: RecordForm;
  readonly #isLocal: FollowedFilesOptions['isLocal'];
  readonly #handles: OpenHandles;

  constructor(options: FollowedFilesOptions) {
    this.#patterns = options.patterns;
    this.#buffers = options.buffers;
    this.#complaints = options.complaints;
    this.#form = options.form;
    this.#isLocal = options.isLocal;
    this.#handles = new OpenHandles(options.openFilesMax);
  }

  [Symbol.iterator](): Iterator<FollowedFile> {
    return this.#files.values();
  }

  has(file: FollowedFile): boolean {
    return this.#files.get(file.identity) === file;
  }

  /** What is followed at a path, as far as is known since files were looked for. */
  at(location: string): FollowedFile | undefined {
    return this.#byLocation.get(location);
  }

  /**
   * Takes up the files of the cursors where those stand, wherever in their directory the files
   * are now, and the other files of the patterns from their beginning; of the patterns in
   * `fromEnd`, from their end. A file that no pattern names any more is left where it stands.
   */
  async resume(cursors: Cursors, fromEnd: readonly string[]): Promise<Discovery> {
    for (const [identity, cursor] of cursors) this.#pending.set(identity, cursor);
    const { added } = await this.#find(fromEnd);
    for (const [identity, { path }] of this.#pending) {
      if (!this.#patterns.some((pattern) => matchesPattern(pattern, path))) {
        this.#pending.delete(identity);
      }
    }
    const gone = await this.#resumeRenamed();
    this.#locate();
    return { added, gone };
  }

  /** Takes up new files, from their beginning, and finds out which ones were renamed. */
  async discover(): Promise<Discovery> {
    const { pathsOf, added } = await this.#find([]);
    const gone = await this.#resumeRenamed();
    const listings: Listings = new Map();
    for (const file of [...this.#files.values()]) {
      const paths = pathsOf.get(file.identity);
      file.isDetached = paths === undefined;
      if (paths !== undefined) file.foundAt(paths);
      else if (!file.isHeld && (await isLost(file, listings))) {
        await this.remove(file);
        gone.push(file.identity);
      }
    }
    this.#locate();
    return { added, gone };
  }

  async remove(file: FollowedFile): Promise<void> {
    this.#files.delete(file.identity);
    await file.release();
  }

  async close(): Promise<void> {
    for (const file of [...this.#files.values()]) await this.remove(file);
  }

  /** Follows what is new, and tells under which paths the patterns name what they name. */
  async #find(fromEnd: readonly string[]): Promise<Found> {
    const found: Found = { pathsOf: new Map(), added: [] };
    const directories = new Set<string>();
    const seen = new Set<string>();
    for (const pattern of this.#patterns) {
      const files = await findFiles(pattern);
      this.#complain(files);
      for (const directory of files.directories) directories.add(directory);
      const startAt = fromEnd.includes(pattern) ? 'end' : 'beginning';
      for (const path of files.paths) {
        // Patterns may overlap: a path is looked at once.
        if (seen.has(path)) continue;
        seen.add(path);
        const identity = await this.#identify(path, startAt, found.added);
        if (identity === undefined) continue;
        found.pathsOf.set(identity, [...(found.pathsOf.get(identity) ?? []), path]);
      }
    }
    this.directories = [...directories];
    return found;
  }

  #locate(): void {
    this.#byLocation.clear();
    for (const file of this.#files.values()) this.#byLocation.set(file.location, file);
  }

  #complain({ directories, unreadable }: FoundFiles): void {
    for (const path of directories) {
      const failure = unreadable.find((directory) => directory.path === path);
      if (failure !== undefined) this.#complaints.about(path, failure.error);
      else this.#complaints.settle(path);
    }
  }

  /** The file that is at the path, followed from now on if it was not yet. */
  async #identify(
    path: string,
    startAt: StartAt,
    added: FollowedFile[],
  ): Promise<FileIdentity | undefined> {
    try {
      const status = this.#isLocal(dirname(path)) ? localStatusOf(path) : await statusOf(path);
      if (status === undefined && path.includes(REPLACEMENT)) {
        this.#complaints.about(path, new Error(NAME_NO_TEXT));
      }
      if (!status?.isFile) return undefined;
      if (this.#files.has(status.identity)) return status.identity;
      const opened = await openFile(path);
      if (opened === undefined) return undefined;
      this.#complaints.settle(path);
      const cursor = this.#pending.get(opened.status.identity);
      const file = await this.#follow(opened, path, { ...(cursor ?? BEGINNING), path });
      if (cursor !== undefined) return file.identity;
      if (startAt === 'end') await file.startAtEnd(this.#buffers);
      added.push(file);
      return file.identity;
    } catch (error) {
      this.#complaints.about(path, error);
      return undefined;
    }
  }

  async #follow(opened: OpenedFile, location: string, cursor: FileCursor): Promise<FollowedFile> {
    const { identity } = opened.status;
    const known = this.#files.get(identity);
    if (known !== undefined) {
      // Renamed to here between looking and opening.
      await opened.handle.close();
      return known;
    }
    const file = new FollowedFile(opened, location, cursor, {
      handles: this.#handles,
      form: this.#form,
      isLink: await isLink(location),
    });
    this.#files.set(identity, file);
    this.#pending.delete(identity);
    await this.#handles.use(file);
    return file;
  }

  /** Looks where the pattern does not for files of cursors; resolves to those that are gone. */
  async #resumeRenamed(): Promise<FileIdentity[]> {
    const gone: FileIdentity[] = [];
    const listings: Listings = new Map();
    for (const [identity, cursor] of this.#pending) {
      const files = await listing(listings, dirname(cursor.path));
      if (files === undefined) continue;
      const location = files.get(identity);
      try {
        const opened = location === undefined ? undefined : await openFile(location);
        if (opened !== undefined && (await isOf(opened, cursor))) {
          const file = await this.#follow(opened, location!, cursor);
          file.isDetached = true;
          continue;
        }
        await opened?.handle.close();
        this.#pending.delete(identity);
        gone.push(identity);
      } catch (error) {
        this.#complaints.about(location ?? cursor.path, error);
      }
    }
    return gone;
  }
}

async function isOf(opened: OpenedFile, cursor: FileCursor): Promise<boolean> {
  return hasFingerprint(await readHead(opened.handle), cursor.fingerprint);
}

/** Looks for a file where it was last; moves its location if it was renamed there. */
async function isLost(file: FollowedFile, listings: Listings): Promise<boolean> {
  const files = await listing(listings, dirname(file.location));
  const location = files?.get(file.identity);
  if (location !== undefined) file.location = location;
  return files !== undefined && location === undefined;
}

function listing(listings: Listings, directory: string): ReturnType<typeof filesIn> {
  const known = listings.get(directory) ?? filesIn(directory);
  listings.set(directory, known);
  return known;
}

/** Where reading of one file stands, as it is kept over restarts. */
import type { CommittedCursors } from '../source.ts';

export interface FileCursor {
  /** Where the file was when its lines were read. */
  readonly path: string;
  /** Bytes; the beginning of a line. */
  readonly offset: number;
  /** Of the file's beginning, see `fingerprintOf`. */
  readonly fingerprint: string;
}

/** `dev:inode`, decimal. Does not change when a file is renamed, and is used again later. */
export type FileIdentity = string;

export function cursorKey(sourceKey: string, identity: FileIdentity): string {
  return `${sourceKey}#${identity}`;
}

/** Kept once a pattern was followed, so that files of later are known to be new. */
export function startedKey(sourceKey: string, pattern: string): string {
  return `${sourceKey}#started ${pattern}`;
}

/** The committed cursors of a source's files; one that cannot be read counts as none. */
export function readCursors(
  sourceKey: string,
  committed: CommittedCursors,
): Map<FileIdentity, FileCursor> {
  const cursors = new Map<FileIdentity, FileCursor>();
  const prefix = `${sourceKey}#`;
  for (const [key, value] of committed) {
    const identity = key.startsWith(prefix) ? key.slice(prefix.length) : '';
    const cursor = /^\d+:\d+$/.test(identity) ? parseCursor(value) : undefined;
    if (cursor !== undefined) cursors.set(identity, cursor);
  }
  return cursors;
}

export function hasStarted(
  sourceKey: string,
  pattern: string,
  committed: CommittedCursors,
): boolean {
  return committed.has(startedKey(sourceKey, pattern));
}

function parseCursor(text: string): FileCursor | undefined {
  try {
    const { path, offset, fingerprint } = JSON.parse(text) as Record<string, unknown>;
    const isOffset = typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0;
    if (typeof path !== 'string' || !isOffset || typeof fingerprint !== 'string') return undefined;
    return { path, offset, fingerprint };
  } catch {
    return undefined;
  }
}

/** Where reading of one file stands, as it is kept over restarts. */
import type { W3cHeader } from '../../record.ts';
import type { CommittedCursors } from '../source.ts';
import { readHeader } from './w3c-header.ts';

export interface FileCursor {
  /** Where the file was when its lines were read. */
  readonly path: string;
  /** Bytes; the beginning of a record. */
  readonly offset: number;
  /** Of the file's beginning, see `fingerprintOf`. */
  readonly fingerprint: string;
  /** In force there, in logs in W3C format. */
  readonly header?: W3cHeader;
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
    const { path, offset, fingerprint, header } = JSON.parse(text) as Record<string, unknown>;
    const isOffset = typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0;
    if (typeof path !== 'string' || !isOffset || typeof fingerprint !== 'string') return undefined;
    const known = readHeader(header);
    return { path, offset, fingerprint, ...(known && { header: known }) };
  } catch {
    return undefined;
  }
}

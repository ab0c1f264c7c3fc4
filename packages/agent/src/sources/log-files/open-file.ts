/** Opening and looking at files without being held up by what is not a regular file. */
import { type BigIntStats, constants, fstatSync, readSync, statSync } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { isAbsence } from '../../errors.ts';
import type { FileIdentity } from './file-cursor.ts';
import { FINGERPRINT_BYTES } from './fingerprint.ts';

/** What tells files and their changes apart. */
export interface FileStatus {
  readonly identity: FileIdentity;
  readonly isFile: boolean;
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
  /** False once it is deleted and lives on only for those who have it open. */
  readonly hasName: boolean;
}

export interface OpenedFile {
  readonly handle: FileHandle;
  readonly status: FileStatus;
}

const BIGINT = { bigint: true } as const;

/** `undefined` where there is nothing; rejects with the system's error otherwise. */
export async function statusOf(at: string | FileHandle): Promise<FileStatus | undefined> {
  try {
    return statusFrom(await (typeof at === 'string' ? stat(at, BIGINT) : at.stat(BIGINT)));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * The same, held up by the disk and nothing else: for files of this machine. With a thousand of
 * them, asking another thread costs six times as much.
 */
export function localStatusOf(at: string | FileHandle): FileStatus | undefined {
  try {
    return statusFrom(typeof at === 'string' ? statSync(at, BIGINT) : fstatSync(at.fd, BIGINT));
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function statusFrom(found: BigIntStats): FileStatus {
  return {
    identity: `${found.dev}:${found.ino}`,
    isFile: found.isFile(),
    sizeBytes: Number(found.size),
    modifiedNs: found.mtimeNs,
    hasName: found.nlink > 0n,
  };
}

/** Whether a path is another name of what is there; that is also said of what cannot be told. */
export async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink() || found.nlink > 1,
    () => true,
  );
}

/** Opens a regular file for reading; `undefined` where there is none. */
export async function openFile(path: string): Promise<OpenedFile | undefined> {
  // Not to block on a pipe that somebody has put there.
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  const status = await statusOf(handle);
  if (status?.isFile) return { handle, status };
  await handle.close();
  return undefined;
}

/**
 * Reads up to the end of `into` or of the file; resolves to the bytes read. `isLocal`: on a disk of
 * this machine, which gives all there is at once.
 */
export async function readAt(
  handle: FileHandle,
  into: Buffer,
  offset: number,
  isLocal = false,
): Promise<number> {
  let length = 0;
  while (length < into.length) {
    const wanted = into.length - length;
    const { bytesRead } = await handle.read(into, length, wanted, offset + length);
    length += bytesRead;
    if (bytesRead === 0 || (isLocal && bytesRead < wanted)) break;
  }
  return length;
}

/** Reads without another thread what a file of this machine has; returns the bytes read. */
export function readNow(handle: FileHandle, into: Buffer, offset: number): number {
  return readSync(handle.fd, into, 0, into.length, offset);
}

/** Reads a few bytes, as `readAt` does; without another thread on a disk of this machine. */
export async function readFew(
  handle: FileHandle,
  into: Buffer,
  offset: number,
  isLocal: boolean,
): Promise<number> {
  return isLocal ? readNow(handle, into, offset) : readAt(handle, into, offset);
}

/** The beginning of a file, as much as a fingerprint is made of. */
export async function readHead(handle: FileHandle, isLocal = false): Promise<Buffer> {
  const head = Buffer.alloc(FINGERPRINT_BYTES);
  return head.subarray(0, await readFew(handle, head, 0, isLocal));
}

/** Opening and looking at files without being held up by what is not a regular file. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
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

/** `undefined` where there is nothing; rejects with the system's error otherwise. */
export async function statusOf(at: string | FileHandle): Promise<FileStatus | undefined> {
  try {
    const options = { bigint: true } as const;
    const found = await (typeof at === 'string' ? stat(at, options) : at.stat(options));
    return {
      identity: `${found.dev}:${found.ino}`,
      isFile: found.isFile(),
      sizeBytes: Number(found.size),
      modifiedNs: found.mtimeNs,
      hasName: found.nlink > 0n,
    };
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
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

/** Reads up to the end of `into` or of the file; resolves to the bytes read. */
export async function readAt(handle: FileHandle, into: Buffer, offset: number): Promise<number> {
  let length = 0;
  while (length < into.length) {
    const { bytesRead } = await handle.read(into, length, into.length - length, offset + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}

/** The beginning of a file, as much as a fingerprint is made of. */
export async function readHead(handle: FileHandle): Promise<Buffer> {
  const head = Buffer.alloc(FINGERPRINT_BYTES);
  return head.subarray(0, await readAt(handle, head, 0));
}

/** Whether an error says that there is no such file or directory. */
export function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

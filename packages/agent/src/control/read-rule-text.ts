/** Reads a file that may be anything: only regular files, and never more than a limit. */
import { constants, type FileHandle, open } from 'node:fs/promises';

const PIECE_BYTES = 65_536;

/**
 * The text of a regular file. Rejects with the system's error where there is none, and with a
 * sentence for a pipe, a device and the like, and for more than `bytesMax` bytes. The size that
 * the system tells is not relied on: it may be zero, or out of date.
 */
export async function readRuleText(path: string, bytesMax: number): Promise<string> {
  // Without waiting: opening a pipe would not end before somebody writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await file.stat()).isFile()) throw new Error('this is not a regular file');
    return await readAll(file, bytesMax);
  } finally {
    await file.close();
  }
}

async function readAll(file: FileHandle, bytesMax: number): Promise<string> {
  const pieces: Buffer[] = [];
  for (let total = 0; ; ) {
    const piece = Buffer.alloc(PIECE_BYTES);
    const { bytesRead } = await file.read(piece, 0, PIECE_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(pieces).toString('utf8');
    pieces.push(piece.subarray(0, bytesRead));
    total += bytesRead;
    if (total > bytesMax) throw new Error(`the file is larger than ${bytesMax} bytes`);
  }
}

/** A file, pipe or standard input to its end, which a pipe may let wait for. */
import { closeSync, openSync, readSync } from 'node:fs';
import { codeOf } from '../../errors.ts';
import { waitedForDescriptor } from '../files/wait-for-descriptor.ts';

/** The largest templates of solutions have some megabytes. */
const BYTES_MAX = 64 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;
const STANDARD_INPUT = 0;

/** `-` is standard input. Throws the system's error, and one of its own for what is too long. */
export function readWhole(name: string): Buffer {
  if (name === '-') return readToEnd(STANDARD_INPUT);
  const descriptor = openSync(name, 'r');
  try {
    return readToEnd(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readToEnd(descriptor: number): Buffer {
  const chunks: Buffer[] = [];
  for (let total = 0; ; ) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = readSome(descriptor, chunk);
    if (length === 0) return Buffer.concat(chunks);
    total += length;
    if (total > BYTES_MAX) throw new Error('it has more than 64 MB');
    chunks.push(chunk.subarray(0, length));
  }
}

/** 0 at the end. */
function readSome(descriptor: number, into: Buffer): number {
  for (;;) {
    try {
      return readSync(descriptor, into);
    } catch (error) {
      // What Windows calls the end of a pipe.
      if (codeOf(error) === 'EOF') return 0;
      if (!waitedForDescriptor(error)) throw error;
    }
  }
}

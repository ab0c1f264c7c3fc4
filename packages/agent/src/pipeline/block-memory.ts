/**
 * Memory of full blocks. It can be seen by the threads that compress, and is used again: getting
 * a megabyte for each block, and letting go of it, is what makes a collector of garbage busy.
 */

const KEPT_MAX = 6;

/** Just below the 1 MB that both ingestion services take, with room for the envelope. */
export const BLOCK_BYTES_MAX = 950_000;
/** A full block, and the row that does not fit any more. */
const FULL_BLOCK_BYTES = BLOCK_BYTES_MAX + 64 * 1024;

const kept: Buffer[] = [];

/** What it holds does not matter. */
export function takeFullBlock(): Buffer {
  return kept.pop() ?? Buffer.from(new SharedArrayBuffer(FULL_BLOCK_BYTES));
}

/** Nobody looks at it any more. Memory of another kind is not kept. */
export function giveBack({ buffer }: Buffer): void {
  const isFullBlock = buffer instanceof SharedArrayBuffer;
  if (isFullBlock && kept.length < KEPT_MAX) kept.push(Buffer.from(buffer));
}

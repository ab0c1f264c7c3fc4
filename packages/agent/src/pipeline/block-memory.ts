/**
 * Memory of full blocks. It can be seen by the threads that compress, and is used again: getting
 * a megabyte for each block, and letting go of it, is what makes a collector of garbage busy.
 */

const KEPT_MAX = 12;
/** Smaller ones come and go like any other. */
const SHARED_BYTES_MIN = 256 * 1024;

const kept: Buffer[] = [];

/** At least so many bytes; what they hold does not matter. */
export function takeMemory(bytes: number): Buffer {
  if (bytes < SHARED_BYTES_MIN) return Buffer.allocUnsafeSlow(bytes);
  const last = kept.at(-1);
  if (last === undefined || last.length < bytes) return Buffer.from(new SharedArrayBuffer(bytes));
  kept.pop();
  return last;
}

/** Nobody looks at it any more. It need not be given back; what is smaller is not kept. */
export function giveBack(memory: ArrayBufferLike, bytesMin: number): void {
  if (memory.byteLength >= bytesMin && kept.length < KEPT_MAX) kept.push(Buffer.from(memory));
}

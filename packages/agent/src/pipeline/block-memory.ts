/**
 * Memory of full blocks, used again: getting a megabyte for each, and letting go of it, is what
 * makes a collector of garbage busy.
 */

const KEPT_MAX = 12;

const kept: Buffer[] = [];

/** At least so many bytes; what they hold does not matter. */
export function takeMemory(bytes: number): Buffer {
  const last = kept.at(-1);
  if (last === undefined || last.length < bytes || last.length > 4 * bytes) {
    return Buffer.allocUnsafeSlow(bytes);
  }
  kept.pop();
  return last;
}

/** Nobody looks at it any more. It need not be given back. */
export function giveBack(memory: ArrayBufferLike, bytesMin: number): void {
  if (memory.byteLength >= bytesMin && kept.length < KEPT_MAX) kept.push(Buffer.from(memory));
}

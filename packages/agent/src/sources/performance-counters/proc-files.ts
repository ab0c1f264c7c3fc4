/**
 * Files of /proc and /sys, read at once: the kernel makes their content while it is asked for, and
 * waits for no device. All share one piece of memory, for their size is not known beforehand.
 */
import { closeSync, openSync, readSync } from 'node:fs';

const BYTES_AT_FIRST = 64 * 1024;
/** Far beyond what the largest machines have; what is longer is cut there. */
const BYTES_MAX = 4 * 1024 * 1024;

export class ProcFiles {
  #memory = Buffer.allocUnsafeSlow(BYTES_AT_FIRST);

  text(path: string): string {
    return this.bytes(path).toString('utf8');
  }

  /** Good until the next file is read. Throws what the system says. */
  bytes(path: string): Buffer {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const count = readSync(file, this.#memory, length, this.#memory.length - length, null);
        length += count;
        if (count === 0 || length === BYTES_MAX) return this.#memory.subarray(0, length);
        if (length === this.#memory.length) this.#grow();
      }
    } finally {
      closeSync(file);
    }
  }

  #grow(): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(BYTES_MAX, 2 * this.#memory.length));
    this.#memory.copy(larger);
    this.#memory = larger;
  }
}

/** Text to a stream that may be slower than what is written: gathered, and waited for. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Characters gathered before they are written. */
const GATHERED_MAX = 65_536;

export class PacedOutput {
  readonly #stream: Writable;
  #gathered = '';
  #isFull = false;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  readonly print = (text: string): void => {
    this.#gathered += text;
    if (this.#gathered.length >= GATHERED_MAX) this.flush();
  };

  flush(): void {
    if (this.#gathered === '') return;
    this.#isFull = !this.#stream.write(this.#gathered);
    this.#gathered = '';
  }

  /** Resolves at once while the reader keeps up. */
  async room(): Promise<void> {
    if (!this.#isFull) return;
    this.#isFull = false;
    await once(this.#stream, 'drain');
  }
}

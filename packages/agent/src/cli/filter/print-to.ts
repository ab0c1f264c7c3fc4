/**
 * Text to a file descriptor, gathered. Written synchronously: a reader that is slow slows the
 * reading of logs, so memory stays small, and no stream has to be set up for a few lines.
 */
import { writeSync } from 'node:fs';
import { waitedForDescriptor } from '../files/wait-for-descriptor.ts';

/** Characters gathered before they are written. */
const GATHERED_MAX = 65_536;

export class PrintTo {
  readonly #descriptor: number;
  readonly #name: string;
  #gathered = '';

  /** `name` is for messages. */
  constructor(descriptor: number, name: string) {
    this.#descriptor = descriptor;
    this.#name = name;
  }

  /** Throws the system's error, with the name in its message, where it cannot be written. */
  readonly print = (text: string): void => {
    this.#gathered += text;
    if (this.#gathered.length >= GATHERED_MAX) this.flush();
  };

  /** Bytes, after all that was printed before. */
  readonly write = (bytes: Buffer): void => {
    this.flush();
    for (let at = 0; at < bytes.length; ) at += this.#write(bytes.subarray(at));
  };

  flush(): void {
    if (this.#gathered === '') return;
    const bytes = Buffer.from(this.#gathered);
    this.#gathered = '';
    this.write(bytes);
  }

  #write(bytes: Buffer): number {
    try {
      return writeSync(this.#descriptor, bytes);
    } catch (error) {
      if (!waitedForDescriptor(error)) throw this.#named(error as Error);
      return 0;
    }
  }

  #named(error: Error): Error {
    error.message = `cannot write ${this.#name}: ${error.message}`;
    return error;
  }
}

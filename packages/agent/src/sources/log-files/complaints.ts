/** Says once that something cannot be read, and once that it can again. */
import { reasonOf } from '../../errors.ts';
import type { Log } from '../../host/log.ts';

export class Complaints {
  readonly #log: Log;
  readonly #paths = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  get count(): number {
    return this.#paths.size;
  }

  about(path: string, error: unknown): void {
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.#log.warn({ path, reason: reasonOf(error) }, 'Cannot be read; tried again from now on.');
  }

  settle(path: string): void {
    if (this.#paths.delete(path)) this.#log.info({ path }, 'Can be read again.');
  }
}

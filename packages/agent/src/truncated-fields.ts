/** How many fields of each flow were cut, because they were longer than the service takes. */
import type { FlowCount } from './buffer/durable-buffer.ts';
import type { Log } from './host/log.ts';

export class TruncatedFields {
  readonly #log: Log;
  readonly #byFlow = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** For the status; empty where nothing was cut. */
  get facts(): { readonly truncatedFields?: Readonly<Record<string, number>> } {
    return this.#byFlow.size === 0 ? {} : { truncatedFields: Object.fromEntries(this.#byFlow) };
  }

  /** Told once per flow: a source of long fields has thousands. */
  count(counts: readonly FlowCount[]): void {
    for (const { flow, truncatedFields = 0 } of counts) {
      if (truncatedFields === 0) continue;
      const before = this.#byFlow.get(flow) ?? 0;
      this.#byFlow.set(flow, before + truncatedFields);
      if (before > 0) continue;
      this.#log.warn({ flow }, 'fields longer than the service takes, 64 KB, are cut');
    }
  }
}

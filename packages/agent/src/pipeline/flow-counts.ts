/** What flows that are alike have done with the records they were shown: each the same. */
import type { FlowCount } from '../buffer/durable-buffer.ts';
import type { SourceReject } from '../record.ts';

export class FlowCounts {
  readonly #flows: readonly Pick<FlowCount, 'flow' | 'destinations'>[];
  #read = 0;
  #filtered = 0;
  readonly #rejected = new Map<string, number>();

  constructor(flows: readonly { id: string; destinations: readonly string[] }[]) {
    this.#flows = flows.map(({ id, destinations }) => ({ flow: id, destinations }));
  }

  read(): void {
    this.#read += 1;
  }

  filter(): void {
    this.#filtered += 1;
  }

  /** The same for many. */
  add(read: number, filtered: number): void {
    this.#read += read;
    this.#filtered += filtered;
  }

  reject(reason: string, count = 1): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + count);
  }

  /** What the source had to give up was read too. */
  rejectUnread(rejects: readonly SourceReject[]): void {
    for (const { reason, count } of rejects) {
      this.#read += count;
      this.reject(reason, count);
    }
  }

  /** Counts from zero again. */
  take(truncatedFields: number, remarks?: ReadonlyMap<string, number>): FlowCount[] {
    const rejected = [...this.#rejected].map(([reason, count]) => ({ reason, count }));
    const counts = { read: this.#read, filtered: this.#filtered, rejected };
    const taken = this.#flows.map((flow) => ({
      ...flow,
      ...counts,
      ...(truncatedFields > 0 && { truncatedFields }),
      ...(remarks !== undefined && remarks.size > 0 && { remarks }),
    }));
    this.#read = 0;
    this.#filtered = 0;
    this.#rejected.clear();
    return taken;
  }
}

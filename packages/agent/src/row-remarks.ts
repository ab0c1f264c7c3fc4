/** What the rows of each flow lost, and why records of it were refused, for status and log. */
import type { FlowCount } from './buffer/durable-buffer.ts';
import type { Log } from './host/log.ts';

/** What is remarked may name something of the data, so there is a limit to what is kept apart. */
const KINDS_MAX = 64;
const OTHERS = 'others';

type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export class RowRemarks {
  readonly #log: Log;
  /** By flow, then by what it says. */
  readonly #remarks = new Map<string, Map<string, number>>();
  readonly #toldRejects = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Empty where there is nothing to say. */
  get facts(): { readonly remarks?: Counts } {
    if (this.#remarks.size === 0) return {};
    const entries = [...this.#remarks].map(([flow, counts]) => [flow, Object.fromEntries(counts)]);
    return { remarks: Object.fromEntries(entries) as Counts };
  }

  /** Each thing is told once per flow: a source that has one has thousands. */
  count(counts: readonly FlowCount[]): void {
    for (const { flow, remarks = [], rejected } of counts) {
      for (const [what, count] of remarks) this.#add(flow, what, count);
      for (const { reason } of rejected) this.#tellReject(flow, reason);
    }
  }

  #add(flow: string, remark: string, count: number): void {
    const known = this.#remarks.get(flow) ?? new Map<string, number>();
    this.#remarks.set(flow, known);
    const what = known.has(remark) || known.size < KINDS_MAX ? remark : OTHERS;
    if (!known.has(what)) this.#log.warn({ flow, what }, 'rows do not hold all of their records');
    known.set(what, (known.get(what) ?? 0) + count);
  }

  #tellReject(flow: string, reason: string): void {
    const key = `${flow}\n${reason}`;
    if (this.#toldRejects.has(key)) return;
    this.#toldRejects.add(key);
    this.#log.warn({ flow, reason }, 'records are refused; `dcr-agent status` counts them');
  }
}

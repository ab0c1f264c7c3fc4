/** What a replay knows of one flow: counts, rows and bytes. Nothing is kept of a record but samples. */
import type { FlowCount, Outlet } from '../buffer/durable-buffer.ts';
import type { Fragment } from '../fragment.ts';
import { ADDED_BYTES, billedValueBytes, FREE_COLUMNS } from './billed-size.ts';
import { RowScan, type RowVisitor } from './row-scan.ts';
import type { RuleFlow } from './rule-plan.ts';
import { SentBodies } from './sent-bodies.ts';
import type { StreamDelivery } from './stream-deliveries.ts';
import { TimeSpan } from './time-span.ts';

export interface TableTally {
  readonly delivery: StreamDelivery;
  rows: number;
  billedBytes: number;
}

/** Deliveries whose rows have the same columns are billed alike. */
interface Billing {
  readonly columns: ReadonlySet<string> | undefined;
  readonly tables: readonly TableTally[];
}

export class FlowTally {
  readonly flow: RuleFlow;
  hasInput = false;
  read = 0;
  filtered = 0;
  readonly rejected: Map<string, number> = new Map();
  readonly remarks: Map<string, number> = new Map();
  truncatedFields = 0;
  /** Of all records that were read. */
  readonly span: TimeSpan = new TimeSpan();
  readonly sent: Map<Outlet['protocol'], SentBodies> = new Map();
  readonly tables: readonly TableTally[];
  /** JSON objects with the columns of the table. */
  readonly samples: string[] = [];
  readonly #samplesMax: number;
  readonly #billings: readonly Billing[];
  readonly #scan = new RowScan();

  constructor(flow: RuleFlow, samplesMax: number) {
    this.flow = flow;
    this.#samplesMax = samplesMax;
    this.tables = flow.deliveries.map((delivery) => ({ delivery, rows: 0, billedBytes: 0 }));
    const alike = Map.groupBy(this.tables, ({ delivery: { columns } }) =>
      columns === undefined ? '' : [...columns].join('\n'),
    );
    this.#billings = [...alike.values()].map((tables) => {
      return { columns: tables[0]?.delivery.columns, tables };
    });
  }

  get kept(): number {
    let rejected = 0;
    for (const count of this.rejected.values()) rejected += count;
    return this.read - this.filtered - rejected;
  }

  count({ read, filtered, rejected, truncatedFields = 0, remarks }: FlowCount): void {
    this.read += read;
    this.filtered += filtered;
    this.truncatedFields += truncatedFields;
    for (const { reason, count } of rejected) add(this.rejected, reason, count);
    for (const [what, count] of remarks ?? []) add(this.remarks, what, count);
  }

  /** Rows as they are sent, by one of the flow's protocols. */
  addSent(outlet: Outlet, fragment: Fragment): void {
    const bodies = this.sent.get(outlet.protocol) ?? new SentBodies(outlet);
    this.sent.set(outlet.protocol, bodies);
    bodies.add(fragment);
    for (const table of this.tables) {
      if (table.delivery.protocol === outlet.protocol) table.rows += fragment.recordCount;
    }
  }

  /**
   * The same rows with the columns of their table. `undatedMs` is what rows are dated with whose
   * records have no time, epoch milliseconds; `withTimes`: the times of rows are those of records.
   */
  addColumns(json: Uint8Array, undatedMs: number, withTimes: boolean): void {
    const visitor = this.#visitor(withTimes, new Date(undatedMs).toISOString());
    this.#scan.scan(json, visitor);
  }

  #visitor(withTimes: boolean, undated: string): RowVisitor {
    const billings = this.#billings.map((billing) => ({ ...billing, bytes: 0 }));
    return {
      member: (name, json, start, end) => {
        if (withTimes && name === 'TimeGenerated') this.#addTime(json, start, end, undated);
        if (FREE_COLUMNS.has(name)) return;
        let bytes = -1;
        for (const billing of billings) {
          if (billing.columns !== undefined && !billing.columns.has(name)) continue;
          if (bytes < 0) bytes = billedValueBytes(json, start, end);
          billing.bytes += bytes;
        }
      },
      row: (json, start, end) => {
        for (const billing of billings) {
          for (const table of billing.tables) table.billedBytes += billing.bytes + ADDED_BYTES;
          billing.bytes = 0;
        }
        if (this.samples.length < this.#samplesMax) {
          this.samples.push(Buffer.from(json.subarray(start, end)).toString());
        }
      },
    };
  }

  #addTime(json: Uint8Array, start: number, end: number, undated: string): void {
    const text = Buffer.from(json.buffer, json.byteOffset + start, end - start).toString('latin1');
    const time = text.slice(1, -1);
    if (time !== undated) this.span.add(Date.parse(time));
  }
}

function add(counts: Map<string, number>, what: string, count: number): void {
  counts.set(what, (counts.get(what) ?? 0) + count);
}

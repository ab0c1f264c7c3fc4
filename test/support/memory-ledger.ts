/** The ledger of the buffer in memory: one row for each flow and destination. */
import type {
  FlowCount,
  LedgerRow,
  SealedBatch,
} from '../../packages/agent/src/buffer/durable-buffer.ts';

interface Row {
  readonly flow: string;
  readonly destination: string;
  read: number;
  filtered: number;
  delivered: number;
  readonly rejected: Map<string, number>;
}

export class MemoryLedger {
  readonly #rows = new Map<string, Row>();

  count({ flow, destinations, read, filtered, rejected }: FlowCount): void {
    for (const destination of destinations) {
      const row = this.#row(flow, destination);
      row.read += read;
      row.filtered += filtered;
      for (const { reason, count } of rejected) add(row.rejected, reason, count);
    }
  }

  delivered({ outlet, recordCount }: SealedBatch, destination: string): void {
    this.#row(outlet.flow, destination).delivered += recordCount;
  }

  rejected({ outlet, recordCount }: SealedBatch, destination: string, reason: string): void {
    add(this.#row(outlet.flow, destination).rejected, reason, recordCount);
  }

  rows(
    stored: readonly { readonly batch: SealedBatch; readonly waiting: ReadonlySet<string> }[],
  ): readonly LedgerRow[] {
    return [...this.#rows.values()].map((row) => ({
      ...row,
      rejected: [...row.rejected.values()].reduce((sum, count) => sum + count, 0),
      dropped: 0,
      buffered: stored
        .filter(({ batch, waiting }) => {
          return batch.outlet.flow === row.flow && waiting.has(row.destination);
        })
        .reduce((sum, { batch }) => sum + batch.recordCount, 0),
      reasons: [...row.rejected].map(([reason, count]) => ({ reason, count })),
    }));
  }

  #row(flow: string, destination: string): Row {
    const key = JSON.stringify([flow, destination]);
    const existing = this.#rows.get(key);
    if (existing !== undefined) return existing;
    const counts = { read: 0, filtered: 0, delivered: 0, rejected: new Map<string, number>() };
    const row = { flow, destination, ...counts };
    this.#rows.set(key, row);
    return row;
  }
}

function add(counts: Map<string, number>, reason: string, count: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}

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
  readonly dropped: Map<string, number>;
}

interface Refused {
  readonly batch: SealedBatch;
  readonly destination: string;
  readonly reason: string;
}

export class MemoryLedger {
  readonly #rows = new Map<string, Row>();

  count({ flow, destinations, read, filtered, rejected, dropped = [] }: FlowCount): void {
    for (const destination of destinations) {
      const row = this.#row(flow, destination);
      row.read += read;
      row.filtered += filtered;
      for (const { reason, count } of rejected) add(row.rejected, reason, count);
      for (const { reason, count } of dropped) add(row.dropped, reason, count);
    }
  }

  delivered({ outlet, recordCount }: SealedBatch, destination: string): void {
    this.#row(outlet.flow, destination).delivered += recordCount;
  }

  dropped({ outlet, recordCount }: SealedBatch, destination: string, reason: string): void {
    add(this.#row(outlet.flow, destination).dropped, reason, recordCount);
  }

  rows(
    stored: readonly { readonly batch: SealedBatch; readonly waiting: ReadonlySet<string> }[],
    quarantine: readonly Refused[],
  ): readonly LedgerRow[] {
    return [...this.#rows.values()].map((row) => this.#ledgerRow(row, stored, quarantine));
  }

  #ledgerRow(
    row: Row,
    stored: Parameters<MemoryLedger['rows']>[0],
    quarantine: readonly Refused[],
  ): LedgerRow {
    const quarantined = new Map<string, number>();
    for (const { batch, destination, reason } of quarantine) {
      if (batch.outlet.flow !== row.flow || destination !== row.destination) continue;
      add(quarantined, reason, batch.recordCount);
    }
    const all = [row.rejected, row.dropped, quarantined].flatMap((reasons) => [...reasons]);
    return {
      ...row,
      rejected: total(row.rejected),
      dropped: total(row.dropped),
      quarantined: total(quarantined),
      buffered: stored
        .filter(({ batch, waiting }) => {
          return batch.outlet.flow === row.flow && waiting.has(row.destination);
        })
        .reduce((sum, { batch }) => sum + batch.recordCount, 0),
      reasons: all.map(([reason, count]) => ({ reason, count })),
    };
  }

  #row(flow: string, destination: string): Row {
    const key = JSON.stringify([flow, destination]);
    const existing = this.#rows.get(key);
    if (existing !== undefined) return existing;
    const reasons = { rejected: new Map<string, number>(), dropped: new Map<string, number>() };
    const row = { flow, destination, read: 0, filtered: 0, delivered: 0, ...reasons };
    this.#rows.set(key, row);
    return row;
  }
}

function add(counts: Map<string, number>, reason: string, count: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + count);
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

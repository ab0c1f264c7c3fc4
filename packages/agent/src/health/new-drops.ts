/** Which destinations have lost records of late: what the ledger says now, beside what it said. */
import type { LedgerRow } from '../buffer/durable-buffer.ts';
import { DISCARDED } from '../buffer/quarantined-entries.ts';
import { isOperationFlow } from './operation-flow.ts';

/** A loss is news for so long after the last record. */
const NEWS_MS = 600_000;

export interface NewDrops {
  readonly destination: string;
  readonly records: number;
  /** Of the look before the first of them, epoch milliseconds. */
  readonly sinceMs: number;
}

interface Moment {
  readonly epochMs: number;
  readonly monotonicMs: number;
}

interface Seen {
  readonly total: number;
  /** The total before the news, and when that was. */
  readonly before: { readonly total: number; readonly atMs: number };
  /** Monotonic, of the last growth. */
  readonly grewAt: number;
}

export class DropWatch {
  #seen: ReadonlyMap<string, Seen> | undefined;
  #lookedAtMs = 0;

  /** What was lost before the first look is no news. */
  look(ledger: readonly LedgerRow[], now: Moment): readonly NewDrops[] {
    const isFirst = this.#seen === undefined;
    const totals = new Map<string, number>();
    for (const row of ledger) {
      if (isOperationFlow(row.flow)) continue;
      totals.set(row.destination, (totals.get(row.destination) ?? 0) + lostIn(row));
    }
    const seen = new Map<string, Seen>();
    for (const [destination, total] of totals) {
      const former =
        this.#seen?.get(destination) ?? firstSeen(isFirst ? total : 0, this.#lookedAtMs);
      seen.set(destination, this.#next(former, total, now.monotonicMs));
    }
    this.#seen = seen;
    this.#lookedAtMs = now.epochMs;
    return [...seen]
      .filter(([, { grewAt }]) => now.monotonicMs - grewAt < NEWS_MS)
      .map(([destination, { total, before }]) => ({
        destination,
        records: total - before.total,
        sinceMs: before.atMs,
      }));
  }

  #next(former: Seen, total: number, nowMs: number): Seen {
    if (total <= former.total) return { ...former, total };
    const isNews = nowMs - former.grewAt >= NEWS_MS;
    const before = isNews ? { total: former.total, atMs: this.#lookedAtMs } : former.before;
    return { total, before, grewAt: nowMs };
  }
}

/** What an operator gave up is no loss to tell of. */
function lostIn({ dropped, reasons }: LedgerRow): number {
  return dropped - (reasons.find(({ reason }) => reason === DISCARDED)?.count ?? 0);
}

function firstSeen(total: number, atMs: number): Seen {
  return { total, before: { total, atMs }, grewAt: Number.NEGATIVE_INFINITY };
}

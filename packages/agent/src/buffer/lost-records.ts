/** What a damaged database has lost: counted as dropped, and told by destination and time. */
import type { DatabaseSync } from 'node:sqlite';
import { type Loss, OUTCOMES } from './durable-buffer.ts';
import { createLedger } from './ledger.ts';
import { createLosses } from './losses.ts';

const LOST_REASON = 'lost with a damaged buffer';

/** When it was noticed, and when the damaged file was last written; epoch milliseconds. */
export interface Damage {
  readonly atMs: number;
  readonly writtenAtMs: number;
}

/** Records that batches lack, for one destination, and when the first of them began, and the last. */
export type Shortage = Omit<Loss, 'atMs'>;

const SELECT_SHORTAGES = `
  WITH kept AS (SELECT batch AS seq, sum(record_count) AS records FROM fragments GROUP BY batch)
  SELECT flow, destination, sum(record_count - coalesce(kept.records, 0)) AS records,
    min(created_at_ms) AS fromMs, max(created_at_ms) AS toMs
  FROM deliveries JOIN batches ON batches.seq = deliveries.batch LEFT JOIN kept USING (seq)
  WHERE record_count > coalesce(kept.records, 0)
  GROUP BY flow, destination`;

/** Of batches that still count the fragments they had. */
export function shortagesOf(db: DatabaseSync): Shortage[] {
  return db.prepare(SELECT_SHORTAGES).all() as unknown as Shortage[];
}

/**
 * Makes the ledger add up again, and tells what that took. Where more is there than it can
 * explain, records are sent again or their count was lost.
 */
export function countLost(
  { fresh, ...damage }: Damage & { readonly fresh: DatabaseSync },
  incomplete: readonly Shortage[],
): Loss[] {
  const ledger = createLedger(fresh);
  const losses = createLosses(fresh);
  const lost: Loss[] = [];
  for (const row of ledger.rows()) {
    const { flow, destination, read, delivered } = row;
    const missing = read - OUTCOMES.reduce((sum, outcome) => sum + row[outcome], 0);
    if (missing > 0) {
      ledger.drop(flow, destination, LOST_REASON, missing);
      const known = incomplete.find((of) => of.flow === flow && of.destination === destination);
      lost.push(...timesOf({ flow, destination, records: missing }, known, damage));
    } else if (missing < 0) {
      const again = Math.min(delivered, -missing);
      ledger.add(flow, destination, { delivered: -again, read: -missing - again });
    }
  }
  for (const loss of lost) losses.add(loss);
  return lost;
}

/** Of records whose batch is gone too, only the latest possible time is known. */
function timesOf(
  lost: Pick<Loss, 'flow' | 'destination' | 'records'>,
  known: Shortage | undefined,
  { atMs, writtenAtMs }: Damage,
): Loss[] {
  const dated = Math.min(lost.records, known?.records ?? 0);
  const undated = lost.records - dated;
  return [
    ...(known === undefined ? [] : [{ ...known, atMs, records: dated }]),
    ...(undated > 0 ? [{ ...lost, atMs, records: undated, fromMs: null, toMs: writtenAtMs }] : []),
  ];
}

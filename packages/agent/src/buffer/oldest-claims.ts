/** What each destination has waited for longest. Sealed batches only: others are still written. */
import type { DatabaseSync } from 'node:sqlite';
import type { BatchRow } from './batch-rows.ts';
import type { Delivery } from './sealed-batches.ts';

export interface OldestClaims {
  /** One per destination that waits for anything. */
  all(): Delivery[];
  /** Of batches of these flows only. */
  ofFlows(destination: string, flows: readonly string[]): Delivery | undefined;
  /** The newest batch there is, 0 without any. */
  newestSeq(): number;
}

export function createOldestClaims(db: DatabaseSync): OldestClaims {
  // Hops from destination to destination in the index instead of reading all of it.
  const selectNext = db.prepare(
    'SELECT destination FROM deliveries WHERE destination > ? ORDER BY destination LIMIT 1',
  );
  const select = (condition: string) =>
    db.prepare(`
      SELECT position, batches.* FROM deliveries JOIN batches ON seq = batch
      WHERE destination = ? AND is_sealed = 1 ${condition} ORDER BY position LIMIT 1`);
  const selectOldest = select('');
  const selectOfFlows = select('AND flow IN (SELECT value FROM json_each(?))');
  const selectNewest = db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM batches');

  function claim(destination: string, row: unknown): Delivery | undefined {
    if (row === undefined) return undefined;
    const { position, ...batch } = row as BatchRow & { readonly position: string };
    return { destination, position, batch };
  }

  function of(destination: string): Delivery | undefined {
    return claim(destination, selectOldest.get(destination));
  }

  return {
    all() {
      const claims: Delivery[] = [];
      let next = selectNext.get('');
      while (next !== undefined) {
        const destination = String(next.destination);
        const oldest = of(destination);
        if (oldest !== undefined) claims.push(oldest);
        next = selectNext.get(destination);
      }
      return claims;
    },
    ofFlows: (destination, flows) =>
      claim(destination, selectOfFlows.get(destination, JSON.stringify(flows))),
    newestSeq: () => Number(selectNewest.get()?.seq),
  };
}

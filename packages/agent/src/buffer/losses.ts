/** What damage has cost, destination by destination, for the operator to read later. */
import type { DatabaseSync } from 'node:sqlite';
import type { Loss } from './durable-buffer.ts';

/** So many are kept; what went before them is in the log, and counted in the ledger. */
const LOSSES_MAX = 100;

export interface Losses {
  add(loss: Loss): void;
  /** Newest first. */
  recent(): Loss[];
}

export function createLosses(db: DatabaseSync): Losses {
  const insert = db.prepare(`
    INSERT INTO losses (at_ms, flow, destination, records, from_ms, to_ms)
    VALUES (?, ?, ?, ?, ?, ?)`);
  const forget = db.prepare(`
    DELETE FROM losses WHERE id <= (SELECT max(id) FROM losses) - ${LOSSES_MAX}`);
  const select = db.prepare(`
    SELECT at_ms AS atMs, flow, destination, records, from_ms AS fromMs, to_ms AS toMs
    FROM losses ORDER BY id DESC LIMIT ${LOSSES_MAX}`);

  return {
    add({ atMs, flow, destination, records, fromMs, toMs }) {
      insert.run(atMs, flow, destination, records, fromMs, toMs);
      forget.run();
    },
    recent: () => (select.all() as unknown as Loss[]).map((loss) => ({ ...loss })),
  };
}

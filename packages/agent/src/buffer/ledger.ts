/**
 * What became of every record, per flow and destination. Counts change in the transaction that
 * changes the records, so the sum is exact whatever happens in between.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { FlowCount, LedgerRow, ReasonCount } from './durable-buffer.ts';

/** Reasons come from services too: so many different ones are told apart per row. */
const REASONS_MAX = 50;
const REASON_CHARS_MAX = 200;
const OTHER_REASONS = 'other reasons';

/** A reason, for records whose fragment did not survive on the disk. */
export const DAMAGED = 'damaged in the buffer';

export interface LedgerChange {
  readonly read?: number;
  readonly filtered?: number;
  readonly rejected?: number;
  readonly dropped?: number;
  readonly delivered?: number;
}

export interface Ledger {
  /** What a flow did with a source batch, for each of its destinations. */
  count(count: FlowCount): void;
  add(flow: string, destination: string, change: LedgerChange): void;
  /** Explains `records` of the rejected or dropped ones. */
  explain(flow: string, destination: string, reason: string, records: number): void;
  /** Counts records as dropped under a reason. */
  drop(flow: string, destination: string, reason: string, records: number): void;
  rows(): LedgerRow[];
}

interface StoredRow {
  readonly flow: string;
  readonly destination: string;
  readonly read: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly delivered: number;
  readonly quarantined: number;
  readonly buffered: number;
}

type StoredReason = ReasonCount & Pick<StoredRow, 'flow' | 'destination'>;

export function createLedger(db: DatabaseSync): Ledger {
  const upsert = db.prepare(`
    INSERT INTO ledger (flow, destination, read, filtered, rejected, dropped, delivered)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      read = read + excluded.read, filtered = filtered + excluded.filtered,
      rejected = rejected + excluded.rejected, dropped = dropped + excluded.dropped,
      delivered = delivered + excluded.delivered`);
  const upsertReason = db.prepare(`
    INSERT INTO ledger_reasons (flow, destination, reason, count) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET count = count + excluded.count`);
  const otherReasons = db.prepare(`
    SELECT count(*) AS reasons FROM ledger_reasons
    WHERE flow = ? AND destination = ? AND reason NOT IN (?, '${OTHER_REASONS}')`);
  const selectRows = db.prepare(`
    WITH buffered AS (
      SELECT batches.flow, deliveries.destination, sum(batches.record_count) AS records
      FROM deliveries JOIN batches ON batches.seq = deliveries.batch
      GROUP BY batches.flow, deliveries.destination
    ), quarantined AS (
      SELECT flow, destination, sum(record_count) AS refused FROM quarantine
      GROUP BY flow, destination
    )
    SELECT flow, destination, coalesce(read, 0) AS read, coalesce(filtered, 0) AS filtered,
      coalesce(rejected, 0) AS rejected, coalesce(dropped, 0) AS dropped,
      coalesce(delivered, 0) AS delivered, coalesce(refused, 0) AS quarantined,
      coalesce(records, 0) AS buffered
    FROM ledger FULL JOIN buffered USING (flow, destination)
      FULL JOIN quarantined USING (flow, destination)
    ORDER BY flow, destination`);
  const selectReasons = db.prepare(`
    SELECT flow, destination, reason, sum(count) AS count FROM (
      SELECT flow, destination, reason, count FROM ledger_reasons
      UNION ALL SELECT flow, destination, reason, record_count FROM quarantine
    ) GROUP BY flow, destination, reason ORDER BY count DESC, reason`);

  function add(flow: string, destination: string, change: LedgerChange): void {
    const { read = 0, filtered = 0, rejected = 0, dropped = 0, delivered = 0 } = change;
    upsert.run(flow, destination, read, filtered, rejected, dropped, delivered);
  }

  function explain(flow: string, destination: string, reason: string, records: number): void {
    const short = shortReason(reason);
    const others = otherReasons.get(flow, destination, short)?.reasons as number;
    upsertReason.run(flow, destination, others < REASONS_MAX ? short : OTHER_REASONS, records);
  }

  return {
    add,
    explain,
    drop(flow, destination, reason, records) {
      add(flow, destination, { dropped: records });
      explain(flow, destination, reason, records);
    },
    count({ flow, destinations, read, filtered, rejected, dropped = [] }) {
      const counts = { read, filtered, rejected: sum(rejected), dropped: sum(dropped) };
      for (const destination of new Set(destinations)) {
        add(flow, destination, counts);
        for (const { reason, count } of [...rejected, ...dropped]) {
          explain(flow, destination, reason, count);
        }
      }
    },
    rows() {
      const reasons = new Map<string, ReasonCount[]>();
      for (const row of selectReasons.all() as unknown as StoredReason[]) {
        const key = keyOf(row);
        const known = reasons.get(key) ?? [];
        known.push({ reason: row.reason, count: row.count });
        reasons.set(key, known);
      }
      const rows = selectRows.all() as unknown as StoredRow[];
      return rows.map((row) => ({ ...row, reasons: fewReasons(reasons.get(keyOf(row)) ?? []) }));
    },
  };
}

/** As it is stored and shown. */
export function shortReason(reason: string): string {
  return reason.slice(0, REASON_CHARS_MAX);
}

/** The most frequent ones, the rest summed up. */
function fewReasons(reasons: readonly ReasonCount[]): readonly ReasonCount[] {
  if (reasons.length <= REASONS_MAX + 1) return reasons;
  const count = sum(reasons.slice(REASONS_MAX));
  return [...reasons.slice(0, REASONS_MAX), { reason: OTHER_REASONS, count }];
}

function sum(reasons: readonly ReasonCount[]): number {
  return reasons.reduce((total, { count }) => total + count, 0);
}

function keyOf({ flow, destination }: Pick<StoredRow, 'flow' | 'destination'>): string {
  return JSON.stringify([flow, destination]);
}

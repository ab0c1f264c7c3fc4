/** What an operator does with an entry of the quarantine. All of it runs inside a transaction. */
import type { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { type BatchRows, positionOf } from './batch-rows.ts';
import type { DiskQuota } from './disk-quota.ts';
import type { QuarantineOutcome } from './durable-buffer.ts';
import { DAMAGED, type Ledger } from './ledger.ts';
import { type Quarantine, quarantinedFragment, quarantinedOutlet } from './quarantine.ts';

/** In the ledger, for records that nobody wants any more. */
export const DISCARDED = 'dropped from the quarantine';

export interface QuarantinedEntriesParts {
  readonly db: DatabaseSync;
  readonly host: Pick<Host, 'clock' | 'guid'>;
  readonly quarantine: Quarantine;
  readonly ledger: Pick<Ledger, 'drop'>;
  readonly rows: BatchRows;
  readonly quota: Pick<DiskQuota, 'roomBytes'>;
}

export interface QuarantinedEntries {
  /** Makes it a new sealed batch. Throws `BUFFER_FULL` where there is no room for that. */
  replay(id: number): QuarantineOutcome;
  /** Deletes it and counts its records as dropped. */
  discard(id: number): QuarantineOutcome;
}

export function createQuarantinedEntries(parts: QuarantinedEntriesParts): QuarantinedEntries {
  const { db, host, quarantine, ledger, rows, quota } = parts;
  return {
    replay(id) {
      const entry = quarantine.entry(id);
      if (entry === undefined) return 'missing';
      const { flow, destination, record_count: records } = entry;
      const fragment = quarantinedFragment(entry);
      quarantine.remove(id);
      if (fragment === undefined) {
        ledger.drop(flow, destination, DAMAGED, records);
        return 'damaged';
      }
      // A new batch in every respect: under its old id a service might remember its refusal.
      const [batchId, createdAtMs] = [host.guid(), host.clock.now()];
      const outlet = quarantinedOutlet(entry);
      const seq = rows.insertBatch({ id: batchId, outlet, createdAtMs, isSealed: true });
      rows.insertFragment(seq, 0, fragment);
      rows.insertDelivery(destination, positionOf(seq), seq);
      if (quota.roomBytes(db) >= 0) return 'done';
      throw new AgentError('BUFFER_FULL', 'There is no room to send quarantined records again');
    },
    discard(id) {
      const entry = quarantine.entry(id);
      if (entry === undefined) return 'missing';
      quarantine.remove(id);
      ledger.drop(entry.flow, entry.destination, DISCARDED, entry.record_count);
      return 'done';
    },
  };
}

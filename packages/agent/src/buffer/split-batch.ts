/** Two halves of a batch, cut between two records; at most one fragment is compressed again. */

import { recordBoundary, recordsOf } from '../fragment/record-boundaries.ts';
import { createFragment, type Fragment } from '../fragment.ts';
import type { Host } from '../host/host.ts';
import { type BatchRows, DamagedBatchError, outletOf } from './batch-rows.ts';
import type { PendingBatch } from './durable-buffer.ts';
import type { Delivery } from './sealed-batches.ts';

export interface SplitParts {
  readonly rows: BatchRows;
  readonly host: Pick<Host, 'guid'>;
}

/**
 * The halves, or `undefined` for a batch of one record. Runs inside a transaction.
 * Throws `DamagedBatchError` when a fragment does not hold the records it claims.
 */
export function splitBatch(
  { rows, host }: SplitParts,
  { destination, position, batch }: Delivery,
): [PendingBatch, PendingBatch] | undefined {
  if (batch.record_count < 2) return undefined;
  const outlet = { ...outletOf(batch), destinations: [destination] };
  const halves = splitFragments(rows.fragments(batch), Math.floor(batch.record_count / 2));
  if (halves === undefined) throw new DamagedBatchError(batch.seq);
  const [first, second] = halves.map((fragments, half) => {
    const id = host.guid();
    const createdAtMs = batch.created_at_ms;
    const seq = rows.insertBatch({ id, outlet, createdAtMs, isSealed: true });
    fragments.forEach((fragment, ordinal) => {
      rows.insertFragment(seq, ordinal, fragment);
    });
    const place = position + 'ab'.charAt(half);
    rows.insertDelivery(destination, place, seq);
    return { id, flow: outlet.flow, position: place };
  });
  rows.deleteDelivery(destination, position, batch.seq);
  return [first!, second!];
}

function splitFragments(
  fragments: readonly Fragment[],
  firstRecords: number,
): [Fragment[], Fragment[]] | undefined {
  const first: Fragment[] = [];
  const second: Fragment[] = [];
  let wanted = firstRecords;
  for (const fragment of fragments) {
    if (wanted === 0) {
      second.push(fragment);
    } else if (fragment.recordCount <= wanted) {
      first.push(fragment);
      wanted -= fragment.recordCount;
    } else {
      const parts = splitFragment(fragment, wanted);
      if (parts === undefined) return undefined;
      first.push(parts[0]);
      second.push(parts[1]);
      wanted = 0;
    }
  }
  return [first, second];
}

function splitFragment(fragment: Fragment, headRecords: number): [Fragment, Fragment] | undefined {
  const json = recordsOf(fragment);
  if (json === undefined) return undefined;
  const comma = recordBoundary(json, headRecords);
  return [
    createFragment(json.subarray(0, comma), headRecords),
    createFragment(json.subarray(comma + 1), fragment.recordCount - headRecords),
  ];
}

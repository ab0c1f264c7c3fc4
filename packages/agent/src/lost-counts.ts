/** What a flow did with records that could not be stored, in numbers. */
import type { FlowCount } from './buffer/durable-buffer.ts';

/** In the ledger, for records the buffer had not taken when their source ended. */
const NOT_STORED = 'could not be stored';

/** Records that were shown to a flow. */
export function handedOver({ read, rejected }: FlowCount): number {
  return read - rejected.reduce((sum, { count }) => sum + count, 0);
}

/** Whatever the flow would have kept. */
export function asDropped(count: FlowCount): FlowCount {
  const rejected = count.rejected.reduce((sum, reason) => sum + reason.count, 0);
  const dropped = count.read - count.filtered - rejected;
  return dropped === 0 ? count : { ...count, dropped: [{ reason: NOT_STORED, count: dropped }] };
}

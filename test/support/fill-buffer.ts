/** Batches for tests that are not about how records come into a buffer. */
import type { Protocol } from '@dcr-agent/schema';
import type { DurableBuffer, Outlet } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { encodeFragment } from './fragments.ts';

export interface FillOptions {
  readonly destinations: readonly string[];
  readonly protocol?: Protocol;
  readonly stream?: string;
  readonly solution?: string;
}

/** Appends the records as one commit and seals them as one batch. */
export async function fillBuffer(
  buffer: DurableBuffer,
  records: readonly unknown[],
  options: FillOptions,
): Promise<void> {
  await appendRecords(buffer, records, options);
  buffer.seal(0);
}

/** Appends the records as one commit and leaves their batch open. */
export async function appendRecords(
  buffer: DurableBuffer,
  records: readonly unknown[],
  { destinations, protocol = 'ods', stream = 'LINUX_SYSLOGS_BLOB', solution }: FillOptions,
): Promise<void> {
  const flow = `dcr-1/source/${stream}`;
  const outlet: Outlet = {
    flow,
    stream,
    protocol,
    destinations,
    ...(solution !== undefined && { solution }),
  };
  await buffer.append({
    entries: [{ outlet, fragment: encodeFragment(records) }],
    cursors: [],
    counts: [{ flow, destinations, read: records.length, filtered: 0, rejected: [] }],
  });
}

/** `count` records that differ in their `id`, from `first` on. */
export function numbered(count: number, first = 0): { id: number }[] {
  return Array.from({ length: count }, (_, index) => ({ id: first + index }));
}

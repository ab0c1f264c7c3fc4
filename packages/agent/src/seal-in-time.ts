/** Gives every record its turn after the flush interval, however few there are. */
import type { DurableBuffer } from './buffer/durable-buffer.ts';
import { reasonOf } from './errors.ts';
import type { Host } from './host/host.ts';

/** Looks this often for batches that are old enough to go. */
const LOOK_MS_MAX = 500;

/** Resolves when the signal aborts. A buffer that cannot seal is reported once and tried again. */
export async function sealInTime(
  buffer: Pick<DurableBuffer, 'seal'>,
  { clock, log }: Pick<Host, 'clock' | 'log'>,
  flushIntervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  const lookMs = Math.min(LOOK_MS_MAX, flushIntervalMs / 2);
  let toldReason: string | undefined;
  while (!signal.aborted) {
    await clock.sleep(lookMs, signal);
    if (signal.aborted) return;
    try {
      buffer.seal(flushIntervalMs);
      toldReason = undefined;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason !== toldReason) log.warn({ reason }, 'batches cannot be sealed now');
      toldReason = reason;
    }
  }
}

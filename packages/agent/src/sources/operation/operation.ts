/**
 * Hands over what the agent has to tell of itself, as soon as there is something. Who knows what
 * that is keeps it until somebody takes it, so nothing gets lost before the first workspace is
 * known.
 */
import { listed, type OperationRecord } from '../../record.ts';
import type { Source } from '../source.ts';

export interface OperationQueue {
  /** Resolves when there is something to take, or when the signal aborts. One caller at a time. */
  whenAny(signal: AbortSignal): Promise<void>;
  /** Whatever waits, oldest first; it is the caller's from then on. */
  take(): readonly OperationRecord[];
}

export function openOperation(key: string, operations: OperationQueue): Source<OperationRecord> {
  return {
    key,
    async run(emit, signal) {
      const handOver = async (): Promise<void> => {
        const records = operations.take();
        if (records.length > 0) await emit({ records: listed(records), cursors: [] });
      };
      while (!signal.aborted) {
        await operations.whenAny(signal);
        await handOver();
      }
    },
  };
}

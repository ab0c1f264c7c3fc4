/** A destination that answers as a test says, and tells what it was asked. */
import type { SealedBatch } from '../../packages/agent/src/buffer/durable-buffer.ts';
import type {
  DeliveryOutcome,
  Destination,
} from '../../packages/agent/src/destinations/destination.ts';
import { decodeFragment } from './fragments.ts';

export const DELIVERED: DeliveryOutcome = { kind: 'delivered', status: 200 };

export interface Attempt {
  readonly batchId: string;
  readonly ids: readonly unknown[];
  readonly signal: AbortSignal;
}

export interface ScriptedDestination extends Destination {
  /** In the order they began. */
  readonly attempts: readonly Attempt[];
}

export function createScriptedDestination(
  id: string,
  answer: (attempt: Attempt, index: number) => DeliveryOutcome | Promise<DeliveryOutcome>,
): ScriptedDestination {
  const attempts: Attempt[] = [];
  return {
    id,
    address: `https://${id}.example`,
    attempts,
    async deliver(batch, signal) {
      const attempt = { batchId: batch.id, ids: recordIds(batch), signal };
      attempts.push(attempt);
      return answer(attempt, attempts.length - 1);
    },
  };
}

function recordIds({ fragments }: SealedBatch): unknown[] {
  return fragments.flatMap(decodeFragment).map((record) => (record as { id: unknown }).id);
}

/** An answer that does not come before the request is aborted. */
export function never(signal: AbortSignal): Promise<DeliveryOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ kind: 'retry', reason: 'aborted' }));
  });
}

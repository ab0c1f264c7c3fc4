/** Of an agent that has nothing to tell of itself. */
import type { OperationQueue } from '../../packages/agent/src/sources/operation/operation.ts';

export const NOTHING_TO_TELL: OperationQueue = { whenAny: async () => {}, take: () => [] };

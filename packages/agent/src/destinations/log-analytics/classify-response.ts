/**
 * What an answer means for the batch that was sent. One table for both ingestion services.
 *
 * Sources: Logs Ingestion API (statuses 204–5xx, limits); HTTP Data Collector API; what the
 * legacy and container agents do. That ODS answers 413, and that 404 never means "too large"
 * there, is inferred.
 */

import { retryAfterMs } from '../../host/retry-after.ts';
import type { DeliveryOutcome } from '../destination.ts';
import type { Answer } from './read-answer.ts';

export interface SentBatch {
  /** Where it was sent, without secrets. */
  readonly address: string;
  readonly recordCount: number;
}

export function classifyResponse(answer: Answer, sent: SentBatch, nowMs: number): DeliveryOutcome {
  const { status, errorCode, excerpt } = answer;
  const facts = { status, ...(excerpt !== '' && { detail: excerpt }) };
  const reason = errorCode === undefined ? `HTTP ${status}` : `HTTP ${status} ${errorCode}`;

  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  if (status < 400) {
    const target = redirectTarget(answer.location);
    return {
      ...facts,
      kind: 'retry',
      isHeld: true,
      reason: `${reason}: ${sent.address} redirects${target}, which is not followed`,
    };
  }
  if (status === 401 || status === 403) return { ...facts, kind: 'unauthorized', reason };
  if (status === 404) {
    return {
      ...facts,
      kind: 'retry',
      isHeld: true,
      reason: `${reason}: ${sent.address} does not exist`,
    };
  }
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(answer.retryAfter, nowMs);
    return { ...facts, kind: 'retry', reason, ...(afterMs !== undefined && { afterMs }) };
  }
  // 413, 400 and the like: the halves tell a body that is too large, or which record spoils it.
  return { ...facts, kind: sent.recordCount > 1 ? 'split' : 'rejected', reason };
}

function redirectTarget(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

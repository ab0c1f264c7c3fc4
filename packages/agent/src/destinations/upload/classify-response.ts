/**
 * What an answer means for the batch that was sent. One table for both ingestion services.
 *
 * Sources: Logs Ingestion API (statuses 204–5xx, limits); HTTP Data Collector API; what the
 * legacy and container agents do. That ODS answers 413, that 404 never means "too large" there,
 * and the code for a stream the rule does not have, are inferred.
 */

import { retryAfterMs } from '../../host/retry-after.ts';
import type { DeliveryOutcome } from '../destination.ts';
import type { Answer } from './read-answer.ts';

/** Statuses that speak of the body: another body may do better. */
const ABOUT_THE_BODY: ReadonlySet<number> = new Set([400, 413, 422]);
/**
 * The rule there does not have the stream. Rules change here and there at different moments, so
 * it may have had it when the records were made, or get it soon.
 */
const STREAM_UNKNOWN = 'InvalidStream';

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
      concerns: 'flow',
      reason: `${reason}: ${sent.address} does not exist`,
    };
  }
  if (status === 408 || status === 429 || status >= 500) {
    const afterMs = retryAfterMs(answer.retryAfter, nowMs);
    return {
      ...facts,
      kind: 'retry',
      reason,
      ...(afterMs !== undefined && { afterMs }),
      // What is too much is counted per rule; what is broken may be so for one stream.
      ...(status !== 429 && { concerns: 'flow' }),
    };
  }
  if (!ABOUT_THE_BODY.has(status)) {
    // A proxy, a wrong route, an unpaid bill: nothing that other records would change.
    return { ...facts, kind: 'retry', isHeld: true, concerns: 'flow', reason };
  }
  if (errorCode === STREAM_UNKNOWN) return { ...facts, kind: 'aside', reason };
  // The halves tell a body that is too large, or which record spoils it.
  return { ...facts, kind: sent.recordCount > 1 ? 'split' : 'rejected', reason };
}

function redirectTarget(location: string | undefined): string {
  return location !== undefined && URL.canParse(location) ? ` to ${new URL(location).host}` : '';
}

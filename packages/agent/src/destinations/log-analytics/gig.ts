/**
 * Protocol `gig`: the Logs Ingestion API, at the URL the control plane hands out per rule.
 *
 * Source: Logs Ingestion API 2023-01-01 (array body, gzip, request id). That the agent's
 * channel takes the same body with the ingestion token as bearer is inferred.
 */
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import { AgentError } from '../../errors.ts';
import type { DestinationContext, DestinationKind } from '../destination.ts';
import { ingestionAudience } from '../upload/audience.ts';
import { addressOf, checkEndpoint } from '../upload/endpoint.ts';
import { createUploader } from '../upload/upload.ts';
import { logsIngestionLimit } from './service-limits.ts';

const STREAM_PLACEHOLDER = '<STREAM>';
const ARRAY_START = new TextEncoder().encode('[');
const ARRAY_END = new TextEncoder().encode(']');

export const gig: DestinationKind = {
  protocol: 'gig',
  open(planned, context) {
    const template = planned.endpoint;
    const base = checkEndpoint(template, context.allowPlainHttp === true);
    if (!template.includes(STREAM_PLACEHOLDER)) {
      throw new AgentError(
        'DESTINATION_UNUSABLE',
        `the endpoint at ${base.origin} has no ${STREAM_PLACEHOLDER} in it`,
      );
    }
    return createUploader({
      planned,
      context,
      address: addressOf(base).replace(/%3CSTREAM%3E/i, STREAM_PLACEHOLDER),
      limit: logsIngestionLimit(base, context.serviceLimits),
      audience: ingestionAudience,
      describe: (batch) => ({
        url: new URL(template.replace(STREAM_PLACEHOLDER, () => streamSegment(batch))),
        headers: headers(batch, context),
        body: {
          prefix: ARRAY_START,
          suffix: ARRAY_END,
          fragments: batch.fragments,
          wrapper: 'gzip',
        },
      }),
    });
  },
};

function streamSegment({ outlet }: SealedBatch): string {
  return encodeURIComponent(outlet.stream);
}

function headers(batch: SealedBatch, context: DestinationContext): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
    'User-Agent': context.userAgent,
    'x-ms-client-request-id': batch.id,
  };
}

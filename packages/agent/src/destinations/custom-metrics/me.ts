/**
 * Protocol `me`: the custom metrics of one resource, in the public form. (The reference agent
 * sends them by a binary protocol that is not published.)
 *
 * Source: Azure REST API specification, custom metrics ingestion 2018-09-01-preview; many
 * documents in one request, one a line, and gzip: telegraf's output for Azure Monitor.
 */
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import type { Join } from '../../fragment/join-fragments.ts';
import { splitRecords } from '../../fragment/record-boundaries.ts';
import { createFragment, inflateFragment } from '../../fragment.ts';
import type { DeliveryOutcome, DestinationContext, DestinationKind } from '../destination.ts';
import { METRICS_AUDIENCE } from '../upload/audience.ts';
import { classifyNetworkFailure, mayHaveArrived } from '../upload/classify-failure.ts';
import { addressOf, checkEndpoint } from '../upload/endpoint.ts';
import { createUploader } from '../upload/upload.ts';
import { metricsResource } from './metrics-resource.ts';
import { whyOutside } from './time-window.ts';

const NOTHING = new Uint8Array();
const LINE_FEED = Uint8Array.of(0x0a);
const UNANSWERED = 'no answer, and a repetition would count twice';
/** End of the service's own hosts. */
const AZURE_HOSTS = '.monitoring.azure.com';

export const me: DestinationKind = {
  protocol: 'me',
  open(planned, context) {
    const base = checkEndpoint(planned.endpoint, context.allowPlainHttp === true);
    const isAzure = base.hostname.endsWith(AZURE_HOSTS);
    const { resourceId } = metricsResource(context.resourceId);
    // Inferred: what stands behind the service's host is for the protocol that is not published.
    const before = isAzure ? '' : base.pathname.replace(/\/+$/, '');
    const url = new URL(`${before}${encodeURI(resourceId)}/metrics`, base.origin);
    const uploader = createUploader({
      planned,
      context,
      address: addressOf(url),
      // None is published by requests or bytes.
      limit: undefined,
      audience: () => METRICS_AUDIENCE,
      describe: (batch) => ({ url, headers: headers(batch, context), body: lines(batch) }),
      ...(isAzure && { classifyFailure: classifyOnce }),
    });
    return {
      ...uploader,
      async deliver(batch, signal) {
        const untimely = judgeTimes(batch, context.host.clock.now());
        return untimely ?? uploader.deliver(batch, signal);
      },
    };
  },
};

function headers(batch: SealedBatch, context: DestinationContext): Record<string, string> {
  return {
    'Content-Type': 'application/x-ndjson',
    'Content-Encoding': 'gzip',
    'User-Agent': context.userAgent,
    'x-ms-client-request-id': batch.id,
  };
}

/**
 * The service refuses a request for one minute it does not take, so each is judged by itself: the
 * age of the batch says nothing of minutes that a jump of the clock, or a full buffer, kept back.
 */
function judgeTimes(batch: SealedBatch, nowMs: number): DeliveryOutcome | undefined {
  const reasons = new Set(recordsOf(batch).map((record) => whyOutside(startOf(record), nowMs)));
  const reason = [...reasons].find((each) => each !== undefined);
  if (reason === undefined) return undefined;
  return { kind: reasons.size === 1 ? 'expired' : 'split', reason };
}

function startOf(document: Uint8Array): number {
  const { time } = JSON.parse(Buffer.from(document).toString()) as { readonly time?: unknown };
  return typeof time === 'string' ? Date.parse(time) : Number.NaN;
}

function recordsOf({ fragments }: SealedBatch): Uint8Array[] {
  return fragments.flatMap((fragment) => splitRecords(inflateFragment(fragment)));
}

/** A comma may not stand between documents, so they are compressed again; they are few. */
function lines(batch: SealedBatch): Join {
  const records = recordsOf(batch);
  const text = Buffer.concat(records.flatMap((record) => [LINE_FEED, record]).slice(1));
  const fragment = createFragment(text, records.length);
  return { prefix: NOTHING, suffix: NOTHING, fragments: [fragment], wrapper: 'gzip' };
}

/**
 * The service adds what comes twice to the same minute, so what may have arrived is not sent
 * again. (The project's own handlers tell a repeated request by its id.)
 */
function classifyOnce(error: unknown, address: string): DeliveryOutcome {
  const outcome = classifyNetworkFailure(error, address);
  if (outcome.kind !== 'retry' || !mayHaveArrived(error)) return outcome;
  return { kind: 'rejected', reason: UNANSWERED, detail: outcome.reason };
}

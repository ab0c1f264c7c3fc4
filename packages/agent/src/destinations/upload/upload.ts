/**
 * One batch to one of Azure Monitor's ingestion services: token, request, verdict. The services
 * differ in the request, which their own folders describe, and in what no answer means.
 */
import type { Readable } from 'node:stream';
import type { PlannedDestination } from '@dcr-agent/schema';
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import { isAgentError } from '../../errors.ts';
import { type Join, joinFragments } from '../../fragment/join-fragments.ts';
import type { AccessToken } from '../../identity/access-token.ts';
import type {
  DeliveryOutcome,
  Destination,
  DestinationContext,
  ServiceLimit,
} from '../destination.ts';
import { classifyCredentialFailure, classifyNetworkFailure } from './classify-failure.ts';
import { classifyResponse } from './classify-response.ts';
import { addressOf } from './endpoint.ts';
import { type Answer, readAnswer } from './read-answer.ts';
import { RequestBody } from './request-body.ts';

/**
 * What the services take as one request, envelope and commas included.
 * Source: Azure Monitor service limits, "Logs Ingestion API", read 2026-11: 1 MB, "both compressed
 * and uncompressed data". Decimal, as the service's own client libraries have it: nobody says
 * which is meant. For ODS no maximum is published, and the same is kept.
 */
const BODY_BYTES_MAX = 1_000_000;

/** What a service wants for a batch; the same on every attempt. */
interface UploadRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Join;
}

type PostRequest = Omit<UploadRequest, 'body'> & { readonly body: RequestBody };

export interface UploadOptions {
  readonly planned: PlannedDestination;
  readonly context: DestinationContext;
  readonly address: string;
  readonly limit: ServiceLimit | undefined;
  /** Of the machine's own token, by the host that is asked. */
  readonly audience: (hostname: string) => string;
  readonly describe: (batch: SealedBatch) => UploadRequest;
  /** What it means that no answer came. */
  readonly classifyFailure?: typeof classifyNetworkFailure;
}

export function createUploader({ planned, context, ...service }: UploadOptions): Destination {
  const { host, tokens } = context;
  const { tokenEndpointUri } = planned;
  const { classifyFailure = classifyNetworkFailure } = service;

  const token = (url: URL, signal: AbortSignal, refresh: boolean): Promise<AccessToken> =>
    tokenEndpointUri === undefined
      ? tokens.machineToken(service.audience(url.hostname), signal, refresh)
      : tokens.ingestionToken(tokenEndpointUri, signal, refresh);

  const attempt = async (
    batch: SealedBatch,
    request: PostRequest,
    bearer: AccessToken,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> => {
    const address = addressOf(request.url);
    let answer: Answer;
    try {
      answer = await post(context, request, bearer, signal);
    } catch (error) {
      return classifyFailure(error, address);
    }
    return classifyResponse(answer, { address, recordCount: batch.recordCount }, host.clock.now());
  };

  return {
    id: planned.id,
    address: service.address,
    ...(service.limit !== undefined && { limit: service.limit }),
    async deliver(batch, signal) {
      const { body: parts, ...described } = service.describe(batch);
      if (rawBytesOf(parts) > BODY_BYTES_MAX) return tooLarge(batch);
      const body = new RequestBody(joinFragments(parts));
      if (body.byteLength > BODY_BYTES_MAX) return tooLarge(batch);
      const request = { ...described, body };
      try {
        const bearer = await token(request.url, signal, false);
        const outcome = await attempt(batch, request, bearer, signal);
        if (outcome.kind !== 'unauthorized') return outcome;
        const fresh = await token(request.url, signal, true);
        return await attempt(batch, request, fresh, signal);
      } catch (error) {
        if (isAgentError(error)) return classifyCredentialFailure(error);
        throw error;
      } finally {
        if (body.isReleased) batch.release?.();
      }
    },
  };
}

/** Before compression. */
function rawBytesOf({ prefix, suffix, fragments }: Join): number {
  const commas = Math.max(0, fragments.length - 1);
  const rawBytes = fragments.reduce((sum, fragment) => sum + fragment.rawBytes, 0);
  return prefix.byteLength + rawBytes + commas + suffix.byteLength;
}

/** Known without asking. */
function tooLarge({ recordCount }: SealedBatch): DeliveryOutcome {
  const reason = `larger than a request of ${BODY_BYTES_MAX} bytes`;
  return { kind: recordCount > 1 ? 'split' : 'rejected', reason };
}

async function post(
  { host }: DestinationContext,
  { url, headers, body }: PostRequest,
  bearer: AccessToken,
  signal: AbortSignal,
): Promise<Answer> {
  const authorization = bearer.authorization();
  const response = await host.network.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: {
      ...headers,
      'Content-Length': String(body.byteLength),
      authorization,
      'X-Request-ID': host.guid(),
    },
    // Its types leave out what it documents: whatever can be iterated.
    body: body as unknown as Readable,
    signal,
  });
  return readAnswer(response, authorization.replace(/^Bearer /, ''));
}

/**
 * One batch to one of Azure Monitor's ingestion services: token, request, verdict. The services
 * differ only in the request, which their own files describe.
 */
import type { PlannedDestination } from '@dcr-agent/schema';
import type { SealedBatch } from '../../buffer/durable-buffer.ts';
import { isAgentError } from '../../errors.ts';
import type { AccessToken } from '../../identity/access-token.ts';
import type {
  DeliveryOutcome,
  Destination,
  DestinationContext,
  ServiceLimit,
} from '../destination.ts';
import { ingestionAudience } from './audience.ts';
import { classifyCredentialFailure, classifyNetworkFailure } from './classify-failure.ts';
import { classifyResponse } from './classify-response.ts';
import { addressOf } from './endpoint.ts';
import { type Answer, readAnswer } from './read-answer.ts';

/** What a service wants for a batch; the same on every attempt. */
interface UploadRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface UploadOptions {
  readonly planned: PlannedDestination;
  readonly context: DestinationContext;
  readonly address: string;
  readonly limit: ServiceLimit | undefined;
  readonly describe: (batch: SealedBatch) => UploadRequest;
}

export function createUploader({ planned, context, ...service }: UploadOptions): Destination {
  const { host, tokens } = context;
  const { tokenEndpointUri } = planned;

  const token = (url: URL, signal: AbortSignal, refresh: boolean): Promise<AccessToken> =>
    tokenEndpointUri === undefined
      ? tokens.machineToken(ingestionAudience(url.hostname), signal, refresh)
      : tokens.ingestionToken(tokenEndpointUri, signal, refresh);

  const attempt = async (
    batch: SealedBatch,
    request: UploadRequest,
    bearer: AccessToken,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> => {
    const address = addressOf(request.url);
    let answer: Answer;
    try {
      answer = await post(context, request, bearer, signal);
    } catch (error) {
      return classifyNetworkFailure(error, address);
    }
    return classifyResponse(answer, { address, recordCount: batch.recordCount }, host.clock.now());
  };

  return {
    id: planned.id,
    address: service.address,
    ...(service.limit !== undefined && { limit: service.limit }),
    async deliver(batch, signal) {
      const request = service.describe(batch);
      try {
        const bearer = await token(request.url, signal, false);
        const outcome = await attempt(batch, request, bearer, signal);
        if (outcome.kind !== 'unauthorized') return outcome;
        const fresh = await token(request.url, signal, true);
        return await attempt(batch, request, fresh, signal);
      } catch (error) {
        if (isAgentError(error)) return classifyCredentialFailure(error);
        throw error;
      }
    },
  };
}

async function post(
  { host }: DestinationContext,
  { url, headers, body }: UploadRequest,
  bearer: AccessToken,
  signal: AbortSignal,
): Promise<Answer> {
  const authorization = bearer.authorization();
  const response = await host.network.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: { ...headers, authorization, 'X-Request-ID': host.guid() },
    body,
    signal,
  });
  return readAnswer(response, authorization.replace(/^Bearer /, ''));
}

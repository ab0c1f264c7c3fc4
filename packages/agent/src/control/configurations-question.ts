/** The question for a machine's rules, and what the answer means by its status. */
import type { Host } from '../host/host.ts';
import type { AccessTokens } from '../identity/access-token.ts';
import type { EndpointTrust } from './endpoint.ts';
import { askEndpoint } from './endpoint-get.ts';

const API_VERSION = '2022-06-02';
const ANSWER_BYTES_MAX = 16 * 1_048_576;

export interface Asking {
  readonly host: Host;
  readonly tokens: AccessTokens;
  readonly audience: string;
  readonly trust: EndpointTrust;
  readonly machine: { readonly resourceId: string; readonly region: string };
  readonly platform: 'linux' | 'windows';
  readonly userAgent: string;
}

export interface Asked {
  /** Base URL. */
  readonly endpoint: string;
  /** Of the answer in force: nothing is sent if it is still the same. */
  readonly eTag?: string;
}

export type ConfigurationsAnswer =
  | {
      readonly kind: 'configurations';
      /** The one that answered. */
      readonly endpoint: string;
      readonly json: unknown;
      readonly eTag: string | undefined;
    }
  | { readonly kind: 'unchanged'; readonly endpoint: string }
  /** The machine is not known, or no rule is attached to it. */
  | { readonly kind: 'absent'; readonly endpoint: string; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number };

/** Throws as `askEndpoint` does. */
export async function askConfigurations(
  asking: Asking,
  { endpoint, eTag }: Asked,
  signal: AbortSignal,
): Promise<ConfigurationsAnswer> {
  const { host, tokens, audience, trust, userAgent } = asking;
  const answer = await askEndpoint(
    host,
    {
      endpoint,
      path: configurationsPath(asking),
      // Only our own handlers were seen to send an ETag; a service that sends none gets none.
      headers: eTag === undefined ? {} : { 'if-none-match': eTag },
      bytesMax: ANSWER_BYTES_MAX,
      userAgent,
      trust,
      token: (refresh) => tokens.machineToken(audience, signal, refresh),
    },
    signal,
  );
  if (answer.kind === 'unreachable') return { ...answer, kind: 'failed' };
  if (answer.kind === 'refused') {
    return answer.status === 404
      ? { kind: 'absent', endpoint: answer.endpoint, reason: answer.reason }
      : { kind: 'failed', reason: answer.reason };
  }
  const { http } = answer;
  if (http.status === 304 && eTag !== undefined) {
    return { kind: 'unchanged', endpoint: answer.endpoint };
  }
  const json = jsonOf(http.text);
  if (json === undefined) {
    const reason = `${answer.endpoint} answered ${http.status} with something that is not JSON`;
    return { kind: 'failed', reason };
  }
  const newTag = http.headers.etag;
  return { kind: 'configurations', endpoint: answer.endpoint, json, eTag: newTag };
}

/**
 * The form current agents use; without a region the older form, which has no location.
 * Source: captures of the reference agent's own requests.
 */
function configurationsPath({ machine, platform }: Pick<Asking, 'machine' | 'platform'>): string {
  const location = machine.region === '' ? '' : `/locations/${encodeURIComponent(machine.region)}`;
  const query = `platform=${platform}&includeMeConfig=true&api-version=${API_VERSION}`;
  return `${location}${encodeURI(machine.resourceId)}/agentConfigurations?${query}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

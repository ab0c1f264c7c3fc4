/** What the metadata service says of this machine. */
import type { Dispatcher } from 'undici';
import { reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { httpGet } from '../host/http-get.ts';

/** Source: Microsoft Learn, "Azure Instance Metadata Service", member `compute`. */
export interface Compute {
  /** ARM id, without a slash at its end. */
  readonly resourceId: string;
  /** Lower case. */
  readonly location?: string;
  readonly azEnvironment?: string;
  /** GUID of the machine. */
  readonly vmId?: string;
}

export interface MetadataAnswer {
  /** Where it was asked, without the query. */
  readonly address: string;
  readonly compute?: Compute;
  /** Why there is no `compute`. */
  readonly reason?: string;
  /** It was there and said no: asking again will not help. */
  readonly isRefusal?: boolean;
}

export interface MetadataQuestion {
  /** Base URL; absent: Azure Arc's service if it is here, else Azure's. */
  readonly endpoint?: string | undefined;
  readonly triesMax: number;
  readonly network: Dispatcher;
  readonly signal: AbortSignal;
}

const AZURE_METADATA = 'http://169.254.169.254';
/** Azure Arc serves an older version. Source: azure-linux-extensions `metrics_ext_handler.py`. */
const API_VERSION = { azure: '2021-02-01', arc: '2019-11-01' };
const TIMEOUT_MS = 3_000;
const ANSWER_BYTES_MAX = 1_048_576;
const TRY_DELAY_MS = 1_000;
const QUOTED_MAX = 200;

/** Never rejects. */
export async function askMetadata(
  host: Host,
  { endpoint, triesMax, network, signal }: MetadataQuestion,
): Promise<MetadataAnswer> {
  const arc = endpoint === undefined ? process.env.IMDS_ENDPOINT : undefined;
  const base = (endpoint ?? arc ?? AZURE_METADATA).replace(/\/+$/, '');
  const version = arc === undefined ? API_VERSION.azure : API_VERSION.arc;
  const address = `${base}/metadata/instance`;
  for (let tries = 1; ; tries++) {
    const answer = await askOnce(host, `${address}?api-version=${version}`, network, signal);
    const isLast = tries === triesMax || signal.aborted || !answer.mayPass;
    if (answer.compute !== undefined) return { address, compute: answer.compute };
    const { reason, isRefusal } = answer;
    if (isLast) return { address, reason, isRefusal };
    await host.clock.sleep(TRY_DELAY_MS, signal);
  }
}

interface Attempt {
  readonly compute?: Compute;
  readonly reason: string;
  readonly isRefusal: boolean;
  readonly mayPass: boolean;
}

async function askOnce(
  host: Host,
  url: string,
  network: Dispatcher,
  signal: AbortSignal,
): Promise<Attempt> {
  try {
    const { status, text } = await httpGet({
      url,
      headers: { metadata: 'true' },
      network,
      clock: host.clock,
      timeoutMs: TIMEOUT_MS,
      bytesMax: ANSWER_BYTES_MAX,
      signal,
    });
    if (status === 200) return readCompute(text);
    const isRefusal = status < 500 && status !== 429 && status !== 410;
    const reason = `answered ${status}${quotedError(text)}`;
    return { reason, isRefusal, mayPass: !isRefusal };
  } catch (error) {
    const reason = reasonOf(error);
    return { reason, isRefusal: false, mayPass: !/ECONNREFUSED|ENOTFOUND/.test(reason) };
  }
}

function readCompute(text: string): Attempt {
  const refusal = (reason: string): Attempt => ({ reason, isRefusal: true, mayPass: false });
  const answer = jsonObject(text);
  if (answer === undefined) return refusal('the answer is not JSON');
  const { resourceId, location, azEnvironment, vmId } = jsonMember(answer, 'compute');
  if (typeof resourceId !== 'string' || !resourceId.startsWith('/')) {
    return refusal('the answer has no compute.resourceId');
  }
  const compute = {
    resourceId: resourceId.replace(/\/+$/, ''),
    ...(typeof location === 'string' && { location: location.toLowerCase() }),
    ...(typeof azEnvironment === 'string' && { azEnvironment }),
    ...(typeof vmId === 'string' && { vmId }),
  };
  return { compute, reason: '', isRefusal: false, mayPass: false };
}

/** The service's own words: `error_description` or `message` of Azure's, `error.message` of ARM's. */
function quotedError(text: string): string {
  const answer = jsonObject(text) ?? {};
  const words = [answer.error_description, answer.message, jsonMember(answer, 'error').message];
  const said = words.find((word) => typeof word === 'string' && word !== '');
  return said === undefined ? '' : `: ${String(said).slice(0, QUOTED_MAX)}`;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return undefined;
  }
}

function jsonMember(object: Record<string, unknown>, name: string): Record<string, unknown> {
  const member = object[name];
  return typeof member === 'object' && member !== null ? { ...member } : {};
}

/** Which machine this is: from the configuration, else from the metadata service. */
import type { Dispatcher } from 'undici';
import { AgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { httpGet } from '../host/http-get.ts';
import { type Cloud, cloudOfEndpoint, cloudOfEnvironment } from './cloud.ts';
import { directNetwork } from './direct-network.ts';

export interface Machine {
  /** ARM id, from the first slash on; empty when nobody says and that was allowed. */
  readonly resourceId: string;
  /** Lower case, such as `westeurope`; empty when nobody says. */
  readonly region: string;
  readonly cloud: Cloud;
}

export interface MachineConfig {
  readonly resourceId?: string;
  readonly region?: string;
  /** Tells the cloud when metadata is not asked. */
  readonly controlEndpoint?: string;
  /** Base URL of the metadata service; absent: Azure Arc's if it is here, else Azure's. */
  readonly metadataEndpoint?: string;
  /** For a machine with local rules only: metadata is asked once, and may not know it. */
  readonly mayBeUnknown?: boolean;
}

const AZURE_METADATA = 'http://169.254.169.254';
/** Azure Arc serves an older version. Source: azure-linux-extensions `metrics_ext_handler.py`. */
const API_VERSION = { azure: '2021-02-01', arc: '2019-11-01' };
const TIMEOUT_MS = 3_000;
const ANSWER_BYTES_MAX = 1_048_576;
/** Without an id the agent cannot go on; without a region it can. */
const TRIES_MAX = { id: 3, region: 1 };
const TRY_DELAY_MS = 1_000;

/**
 * Asks the metadata service only for what the configuration leaves open. Throws
 * `MACHINE_UNKNOWN` when the resource id stays unknown.
 */
export async function identifyMachine(
  host: Host,
  config: MachineConfig,
  signal: AbortSignal,
  network: Dispatcher = directNetwork,
): Promise<Machine> {
  const { resourceId, region, controlEndpoint, mayBeUnknown = false } = config;
  if (resourceId !== undefined && region !== undefined) {
    return { resourceId, region, cloud: cloudOfEndpoint(controlEndpoint ?? '') };
  }
  const triesMax = resourceId === undefined && !mayBeUnknown ? TRIES_MAX.id : TRIES_MAX.region;
  const asked = await askMetadata(host, config, triesMax, signal, network);
  const told = asked.compute;
  const id = resourceId ?? told?.resourceId ?? (mayBeUnknown ? '' : undefined);
  if (id === undefined) throw unknownMachine(asked);
  if (told === undefined && !mayBeUnknown) {
    host.log.warn({ reason: asked.reason }, 'the region of this machine is not known');
  }
  return {
    resourceId: id,
    region: region ?? told?.location ?? '',
    cloud:
      controlEndpoint === undefined
        ? cloudOfEnvironment(told?.azEnvironment)
        : cloudOfEndpoint(controlEndpoint),
  };
}

interface Metadata {
  readonly address: string;
  readonly compute?: { resourceId?: string; location?: string; azEnvironment?: string };
  readonly reason?: string;
}

/** Source: Microsoft Learn, "Azure Instance Metadata Service", member `compute`. */
async function askMetadata(
  host: Host,
  { metadataEndpoint }: MachineConfig,
  triesMax: number,
  signal: AbortSignal,
  network: Dispatcher,
): Promise<Metadata> {
  const arc = metadataEndpoint === undefined ? process.env.IMDS_ENDPOINT : undefined;
  const base = (metadataEndpoint ?? arc ?? AZURE_METADATA).replace(/\/+$/, '');
  const version = arc === undefined ? API_VERSION.azure : API_VERSION.arc;
  const address = `${base}/metadata/instance`;
  for (let tries = 1; ; tries++) {
    let reason: string;
    let isFinal = tries === triesMax || signal.aborted;
    try {
      const { status, text } = await httpGet({
        url: `${address}?api-version=${version}`,
        headers: { metadata: 'true' },
        network,
        clock: host.clock,
        timeoutMs: TIMEOUT_MS,
        bytesMax: ANSWER_BYTES_MAX,
        signal,
      });
      if (status === 200) return { address, ...readCompute(text) };
      reason = `answered ${status}`;
      isFinal ||= status < 500 && status !== 429 && status !== 410;
    } catch (error) {
      reason = reasonOf(error);
      isFinal ||= /ECONNREFUSED|ENOTFOUND/.test(reason);
    }
    if (isFinal) return { address, reason };
    await host.clock.sleep(TRY_DELAY_MS, signal);
  }
}

function readCompute(text: string): Pick<Metadata, 'compute' | 'reason'> {
  let compute: Record<string, unknown>;
  try {
    compute = { ...(JSON.parse(text) as { compute?: object }).compute };
  } catch {
    return { reason: 'the answer is not JSON' };
  }
  const { resourceId, location, azEnvironment } = compute;
  if (typeof resourceId !== 'string' || !resourceId.startsWith('/')) {
    return { reason: 'the answer has no compute.resourceId' };
  }
  return {
    compute: {
      resourceId: resourceId.replace(/\/+$/, ''),
      ...(typeof location === 'string' && { location: location.toLowerCase() }),
      ...(typeof azEnvironment === 'string' && { azEnvironment }),
    },
  };
}

function unknownMachine({ address, reason }: Metadata): AgentError {
  return new AgentError(
    'MACHINE_UNKNOWN',
    `this machine's resource id is not known: ${address}: ${reason ?? 'no answer'}; ` +
      'set machine.resourceId and machine.region (DCR_AGENT_MACHINE_RESOURCE_ID, ' +
      'DCR_AGENT_MACHINE_REGION), or identity.metadataEndpoint to the address of a handler',
  );
}

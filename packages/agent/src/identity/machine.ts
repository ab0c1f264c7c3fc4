/**
 * Which machine this is: from the configuration, else from the metadata service, else from what
 * that service said last.
 */
import type { Dispatcher } from 'undici';
import { AgentError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { type Cloud, cloudOfEndpoint, cloudOfEnvironment } from './cloud.ts';
import { directNetwork } from './direct-network.ts';
import { askMetadata, type Compute, type MetadataAnswer } from './instance-metadata.ts';
import { RememberedMachine } from './remembered-machine.ts';

export interface Machine {
  /** ARM id, from the first slash on; empty when nobody says and that was allowed. */
  readonly resourceId: string;
  /** Lower case, such as `westeurope`; empty when nobody says. */
  readonly region: string;
  readonly cloud: Cloud;
  /** GUID that the metadata service knows it by; absent where that was not asked. */
  readonly vmId?: string;
}

export interface MachineConfig {
  /** Where the last answer is kept. */
  readonly stateDir: string;
  readonly resourceId?: string;
  readonly region?: string;
  /** Tells the cloud when metadata is not asked. */
  readonly controlEndpoint?: string;
  /** Base URL of the metadata service; absent: Azure Arc's if it is here, else Azure's. */
  readonly metadataEndpoint?: string;
  /** For a machine with local rules only: metadata is asked once, and may not know it. */
  readonly mayBeUnknown?: boolean;
}

/** Without an id the agent cannot go on; without a region it can. */
const TRIES_MAX = { id: 3, region: 1 };

/**
 * Asks the metadata service only for what the configuration leaves open. When the resource id
 * stays unknown it throws `METADATA_UNAVAILABLE` if the service did not answer, `MACHINE_UNKNOWN`
 * if it does not know this machine.
 */
export async function identifyMachine(
  host: Host,
  config: MachineConfig,
  signal: AbortSignal,
  network: Dispatcher = directNetwork,
): Promise<Machine> {
  const { resourceId, region, controlEndpoint, metadataEndpoint, mayBeUnknown = false } = config;
  if (resourceId !== undefined && region !== undefined) {
    return { resourceId, region, cloud: cloudOfEndpoint(controlEndpoint ?? '') };
  }
  const triesMax = resourceId === undefined && !mayBeUnknown ? TRIES_MAX.id : TRIES_MAX.region;
  const question = { endpoint: metadataEndpoint, triesMax, network, signal };
  const answer = await askMetadata(host, question);
  const told = await recall(host, config.stateDir, answer);
  const id = resourceId ?? told?.resourceId ?? (mayBeUnknown ? '' : undefined);
  if (id === undefined) throw unknownMachine(answer);
  if (told === undefined && !mayBeUnknown) {
    host.log.warn({ reason: answer.reason }, 'the region of this machine is not known');
  }
  return {
    resourceId: id,
    region: region ?? told?.location ?? '',
    cloud:
      controlEndpoint === undefined
        ? cloudOfEnvironment(told?.azEnvironment)
        : cloudOfEndpoint(controlEndpoint),
    ...(told?.vmId !== undefined && { vmId: told.vmId }),
  };
}

/** The answer, or the last one where the service is away; a service that says no is believed. */
async function recall(
  host: Host,
  stateDir: string,
  { address, compute, reason, isRefusal }: MetadataAnswer,
): Promise<Compute | undefined> {
  const remembered = new RememberedMachine(stateDir, host.log);
  if (compute !== undefined) {
    await remembered.save(address, compute);
    return compute;
  }
  if (isRefusal === true) return undefined;
  const last = await remembered.load(address);
  if (last !== undefined) {
    host.log.warn(
      { address, reason, machine: last.resourceId },
      'the metadata service does not answer; this machine is taken to be what it was',
    );
  }
  return last;
}

function unknownMachine({ address, reason, isRefusal }: MetadataAnswer): AgentError {
  return new AgentError(
    isRefusal === true ? 'MACHINE_UNKNOWN' : 'METADATA_UNAVAILABLE',
    `this machine's resource id is not known: ${address}: ${reason ?? 'no answer'}; ` +
      'set machine.resourceId and machine.region (DCR_AGENT_MACHINE_RESOURCE_ID, ' +
      'DCR_AGENT_MACHINE_REGION), or identity.metadataEndpoint to the address of a handler',
  );
}

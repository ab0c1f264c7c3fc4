/**
 * The straight line, wired: rule feed → plan → sources → pipelines → durable buffer → delivery.
 * The only file that knows all the parts.
 */
import { arch, platform } from 'node:os';
import { resolve } from 'node:path';
import { type DurableBuffer, isBalanced } from './buffer/durable-buffer.ts';
import type { RepairableBuffer } from './buffer/recovery.ts';
import { openSqliteBuffer } from './buffer/sqlite-buffer.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { controlSocketPaths } from './config/control-socket.ts';
import type { RuleFeed } from './control/rule-feed.ts';
import { createDelivery, type Delivery } from './delivery/delivery.ts';
import { LEGACY_RETRIES } from './delivery/retry-policy.ts';
import { openDestination } from './destinations/kinds.ts';
import { reasonOf } from './errors.ts';
import { onKernelFailure } from './fragment/compress.ts';
import { openControlSocket } from './health/control-socket.ts';
import { readMachineFacts } from './health/machine-facts.ts';
import { OperationsLog } from './health/operations-log.ts';
import type { AgentStatus } from './health/status.ts';
import { watchOperations } from './health/watch-operations.ts';
import type { Host } from './host/host.ts';
import { createAccessTokens } from './identity/access-tokens.ts';
import { readAgentId } from './identity/agent-id.ts';
import { controlAudienceOf } from './identity/cloud.ts';
import { identifyMachine, type Machine } from './identity/machine.ts';
import { readMachineNumbers } from './identity/machine-numbers.ts';
import { createManagedIdentity } from './identity/managed-identity.ts';
import { openFeed } from './open-feed.ts';
import { machineDimensions } from './pipeline/metrics/machine-dimensions.ts';
import { quotaInForce } from './quota-in-force.ts';
import { RulesInForce } from './rules-in-force.ts';
import { sealInTime } from './seal-in-time.ts';
import { shutDown } from './shutdown.ts';
import { VERSION } from './version.ts';

export interface Agent {
  /** Looks for rules now. */
  reload(): void;
  /** Throws once the agent has stopped. */
  status(): AgentStatus;
  /**
   * Stops the sources, seals what they gave, tries one last upload within the configured time,
   * and closes everything, the host's network included. What was not delivered stays in the
   * buffer. Twice is harmless.
   */
  stop(): Promise<void>;
}

/**
 * Starts an agent. Throws an `AgentError` when it cannot: another agent on the same state
 * directory, an unknown machine, a control socket that is taken.
 */
export async function startAgent(config: AgentConfig, host: Host): Promise<Agent> {
  const life = new AbortController();
  const { ageHoursMax } = config.buffer;
  const buffer = openSqliteBuffer({
    path: config.stateDir,
    host,
    quotaBytes: quotaInForce(config).quotaBytes,
    dropAfterMs: config.buffer.dropAfterSeconds * 1_000,
    ageMsMax: ageHoursMax === undefined ? undefined : ageHoursMax * 3_600_000,
  });
  try {
    return await assemble(config, host, buffer, life);
  } catch (error) {
    life.abort();
    await buffer.close();
    throw error;
  }
}

/** Everything that may fail comes before the first part that runs by itself. */
async function assemble(
  config: AgentConfig,
  host: Host,
  buffer: RepairableBuffer,
  life: AbortController,
): Promise<Agent> {
  const startedAtMs = host.clock.now();
  onKernelFailure((error) => {
    const facts = { reason: reasonOf(error) };
    host.log.warn(facts, 'the compression kernel cannot run here; zlib takes twice the time');
  });
  const userAgent = `dcr-agent/${VERSION} (${platform()}; ${arch()})`;
  const agentId = await readAgentId(host, config.stateDir);
  const machine = await identify(config, host, life.signal);
  const tokens = createAccessTokens({
    host,
    credential: createManagedIdentity(host, config.identity),
    controlAudience: controlAudienceOf(machine.cloud),
    userAgent,
    trust: { allowPlainHttp: config.allowPlainHttp },
    signal: life.signal,
  });
  const { resourceId, region } = machine;
  const { allowPlainHttp } = config;
  const { concurrency, profile, serviceLimits } = config.delivery;
  const trust = { allowPlainHttp, serviceLimits };
  const context = {
    ...{ host, tokens, resourceId, region, userAgent, agentId, ...trust },
    machine: readMachineNumbers(machine.vmId),
  };
  const delivery = createDelivery({
    buffer,
    host,
    open: (planned) => openDestination(planned, context),
    options: { concurrency, ...(profile === 'legacy' && { retries: LEGACY_RETRIES }) },
  });
  const facts = readMachineFacts(agentId, VERSION);
  const operations = new OperationsLog(host.clock);
  const rules = new RulesInForce({
    ...{ config, host, buffer, delivery, operations, machine: facts },
    machineDimensions: machineDimensions(resourceId, region),
  });
  const feed = openFeed(config, { host, tokens, machine, userAgent });
  const parts: StatusParts = { config, machine, startedAtMs, buffer, delivery, rules, feed };
  const status = (): AgentStatus => statusOf(parts);
  const reload = (): void => feed.poke();
  const paths = controlSocketPaths(config);
  const feedLife = new AbortController();
  const socket = await openControlSocket({
    ...{ paths, log: host.log, status, reload },
    books: buffer,
    profileSyslog: (forMs, signal) =>
      rules.profileSyslog(forMs, AbortSignal.any([signal, feedLife.signal])),
  });
  host.log.info(
    { version: VERSION, machine: resourceId, stateDir: config.stateDir, socket: socket.path },
    'the agent is running',
  );

  const flushIntervalMs = config.delivery.flushIntervalSeconds * 1_000;
  // A rejection here is our own mistake; nobody handles it, and the process ends with it.
  const work = Promise.all([
    sealInTime(buffer, host, flushIntervalMs, life.signal),
    watchOperations({ host, operations, status }, feedLife.signal),
    deliverBacklog(delivery, host).then(() =>
      feed.run((configurations) => rules.apply(configurations), feedLife.signal),
    ),
  ]);
  const timeoutMs = config.shutdown.timeoutSeconds * 1_000;
  let stopped: Promise<void> | undefined;
  return {
    reload,
    status,
    stop: () => {
      const running = { host, buffer, delivery, rules, socket, feedLife, life, work };
      stopped ??= shutDown(running, timeoutMs);
      return stopped;
    },
  };
}

/** A machine that takes local rules only needs no name; one that asks for rules does. */
async function identify(config: AgentConfig, host: Host, signal: AbortSignal): Promise<Machine> {
  const { machine, identity, control, rulesDir } = config;
  return identifyMachine(
    host,
    {
      ...machine,
      stateDir: config.stateDir,
      mayBeUnknown: rulesDir !== undefined,
      ...(control.endpoint !== undefined && { controlEndpoint: control.endpoint }),
      ...(identity.metadataEndpoint !== undefined && {
        metadataEndpoint: identity.metadataEndpoint,
      }),
    },
    signal,
  );
}

/** A backlog of rules that are gone has its lanes before any rule is known. */
async function deliverBacklog(delivery: Delivery, { log }: Host): Promise<void> {
  try {
    await delivery.setDestinations([]);
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, 'the backlog waits until rules are in force');
  }
}

interface StatusParts {
  readonly config: AgentConfig;
  readonly machine: Machine;
  readonly startedAtMs: number;
  readonly buffer: DurableBuffer;
  readonly delivery: Delivery;
  readonly rules: RulesInForce;
  readonly feed: RuleFeed;
}

function statusOf(parts: StatusParts): AgentStatus {
  const { config, machine, startedAtMs, buffer, delivery, rules, feed } = parts;
  const ledger = buffer.ledger();
  return {
    version: VERSION,
    processId: process.pid,
    startedAtMs,
    stateDir: resolve(config.stateDir),
    machine: { resourceId: machine.resourceId, region: machine.region },
    rules: { ...feed.status() },
    skipped: rules.skipped,
    refusedQueries: rules.refusedQueries,
    sources: rules.sources(),
    lanes: delivery.status(),
    ledger,
    isBalanced: ledger.every(isBalanced),
    buffer: { ...buffer.usage(), quotaFrom: rules.quotaFrom },
  };
}

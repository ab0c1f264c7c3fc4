/**
 * Handlers and agents in one process, over loopback and on the real clock: the stage of the
 * integration tests. Everything between the two passes a gateway.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type Agent,
  type AgentConfig,
  type AgentStatus,
  createSystemHost,
  type Host,
  resolveConfig,
  startAgent,
} from '@dcr-agent/agent';
import {
  type AdminClient,
  createAdminClient,
  type HandlersOptions,
  type RunningHandlers,
  startHandlers,
} from '@dcr-agent/handlers';
import { createPinoLog } from '../../packages/agent/src/host/pino-log.ts';
import { networkOptionsOf } from '../../packages/agent/src/network-options.ts';
import { type Gateway, startGateway } from './gateway.ts';
import { pollUntil } from './processes.ts';
import { type Furniture, furnish, MACHINE_NAME } from './two-workspaces.ts';

export interface Laboratory extends Furniture {
  readonly folder: string;
  readonly gateway: Gateway;
  readonly admin: AdminClient;
  /** Takes the handler away; its data stay. */
  stopHandlers(): Promise<void>;
  /** Brings it back. */
  startHandlers(): Promise<void>;
  /** Members of the configuration file that differ from the laboratory's own. */
  startAgent(values?: AgentValues, host?: Partial<Host>): Promise<LabAgent>;
}

export type AgentValues = Readonly<Record<string, unknown>>;

export interface LabAgent {
  readonly config: AgentConfig;
  /** Lines of JSON. */
  readonly log: readonly string[];
  status(): AgentStatus;
  /** The first status that is right. Rejects when none is for a long while. */
  statusWhen(isRight: (status: AgentStatus) => boolean): Promise<AgentStatus>;
  reload(): void;
  stop(): Promise<void>;
}

const POLL_SECONDS = 0.1;

/** Everything is stopped and removed when the test ends. */
export async function openLaboratory(
  t: TestContext,
  rule: object,
  options: HandlersOptions = {},
): Promise<Laboratory> {
  const folder = await mkdtemp(join(tmpdir(), 'dcr-lab-'));
  const gateway = await startGateway();
  const agents: Agent[] = [];
  let handlers: RunningHandlers | undefined;
  t.after(async () => {
    try {
      await Promise.all(agents.map((agent) => agent.stop()));
    } finally {
      // With its connections gone, a handler has nobody left to wait for.
      await gateway.close();
      await handlers?.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
  const dataDirectory = join(folder, 'handlers');
  await mkdir(dataDirectory);
  await copyKeys(dataDirectory);
  const start = async (): Promise<RunningHandlers> => {
    handlers = await startHandlers({ dataDirectory, port: 0, ...options });
    gateway.target = handlers.url;
    return handlers;
  };
  const { adminToken } = await start();
  const admin = createAdminClient({ url: gateway.url, token: adminToken });
  return {
    folder,
    gateway,
    admin,
    ...(await furnish(admin, rule)),
    stopHandlers: async () => {
      gateway.target = undefined;
      await handlers?.close();
      handlers = undefined;
    },
    startHandlers: async () => void (await start()),
    startAgent: async (values = {}, parts = {}) => {
      const log: string[] = [];
      const config = agentConfig({ folder, gateway }, values);
      const agent = await startAgent(config, { ...labHost(config, log), ...parts });
      agents.push(agent);
      return {
        config,
        log,
        status: () => agent.status(),
        statusWhen: (isRight) => statusWhen(agent, isRight),
        reload: () => agent.reload(),
        stop: () => agent.stop(),
      };
    },
  };
}

let keys: Promise<ReadonlyMap<string, Buffer>> | undefined;

/** Making keys takes longer than everything else here: those of one handler serve all. */
async function copyKeys(dataDirectory: string): Promise<void> {
  keys ??= makeKeys();
  for (const [name, key] of await keys) {
    await writeFile(join(dataDirectory, name), key, { mode: 0o600 });
  }
}

async function makeKeys(): Promise<ReadonlyMap<string, Buffer>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'dcr-keys-'));
  const handlers = await startHandlers({ dataDirectory, port: 0 });
  await handlers.close();
  const made = new Map<string, Buffer>();
  for (const name of await readdir(dataDirectory)) {
    if (/\.(?:pem|key)$/.test(name)) made.set(name, await readFile(join(dataDirectory, name)));
  }
  await rm(dataDirectory, { recursive: true, force: true });
  return made;
}

async function statusWhen(
  agent: Agent,
  isRight: (status: AgentStatus) => boolean,
): Promise<AgentStatus> {
  const status = await pollUntil(async () => agent.status(), isRight);
  if (!isRight(status)) throw new Error(`still not as expected: ${JSON.stringify(status)}`);
  return status;
}

/** No jitter, so that waits are as short as they get; the rest is the real world. */
function labHost(config: AgentConfig, lines: string[]): Host {
  const network = networkOptionsOf(config);
  const log = createPinoLog({ level: 'debug', format: 'json' }, (line) => lines.push(line));
  return { ...createSystemHost({ level: 'error', format: 'json' }, network), random: () => 0, log };
}

/** Checked as a file would be; only the poll is faster than a file may say. */
function agentConfig(
  { folder, gateway }: { folder: string; gateway: Gateway },
  values: AgentValues,
): AgentConfig {
  const stateDir = join(folder, 'agent');
  const file = {
    stateDir,
    controlSocket: join(folder, 'control.sock'),
    control: { endpoint: gateway.url },
    identity: { metadataEndpoint: `${gateway.url}/machines/${MACHINE_NAME}` },
    sources: { syslog: { tcp: ['127.0.0.1:0'] } },
    delivery: { flushIntervalSeconds: 0.1 },
    ...values,
  };
  const { config } = resolveConfig({
    flags: { config: join(folder, 'agent.yaml') },
    env: {},
    readFile: () => JSON.stringify(file),
  });
  const { pollIntervalSeconds, ...control } = config.control;
  const isAsked = pollIntervalSeconds !== 300;
  return {
    ...config,
    control: { ...control, pollIntervalSeconds: isAsked ? pollIntervalSeconds : POLL_SECONDS },
  };
}

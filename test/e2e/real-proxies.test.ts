/**
 * The agent behind proxies of others: squid with a user, a password and an allow-list, tinyproxy
 * without. Between the proxy and the handlers is a gateway that speaks TLS under names of its own.
 * The tests skip, saying so, where the proxies are not installed.
 */
import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import { createAuthority } from '../support/certificates.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import type { LabAgent } from '../support/laboratory.ts';
import {
  type AgentOptions,
  type AgentProcess,
  pollUntil,
  startAgentProcess,
} from '../support/processes.ts';
import { lacks, startSquid, startTinyproxy } from '../support/real-proxies.ts';
import {
  arrivedNumbers,
  keptMessages,
  numbersIn,
  range,
  SYSLOG_RULE,
  sendSyslog,
} from '../support/syslog-rule.ts';
import { BOTH, MACHINE_NAME, type Stage, setStage } from '../support/two-workspaces.ts';

const ALLOWED = 'handlers.azure.example';
const BLOCKED = 'workspace.blocked.example';
const USER = 'agent';
/** Everything that means something in a URL. */
const PASSWORD = 'Canary@:/#?%40[ö]';

interface Surroundings {
  readonly stage: Stage;
  readonly gateway: Gateway;
  /** File with the gateway's authority. */
  readonly caFile: string;
  /** Members of the configuration file beside the handlers. */
  startAgent(config: object, env?: NodeJS.ProcessEnv): Promise<AgentProcess>;
}

/** `names`: of the gateway; the first one is what the handlers call themselves. */
async function surround(
  t: TestContext,
  names: readonly string[],
  address: string,
): Promise<Surroundings> {
  const stage = await setStage(t, SYSLOG_RULE);
  const authority = createAuthority('Gateway Authority');
  const caFile = join(stage.folder, 'authority.pem');
  await writeFile(caFile, authority.cert);
  const certificate = authority.issue({ names });
  const gateway = await startGateway({ certificate, address, name: names[0]! });
  gateway.target = stage.handler.url;
  t.after(() => gateway.close());
  const options: AgentOptions = {
    stateDir: join(stage.folder, 'agent'),
    // Tokens and metadata come from there, straight.
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
  };
  return {
    stage,
    gateway,
    caFile,
    startAgent: async (own, env = {}) => {
      const config = {
        control: { endpoint: gateway.url, pollIntervalSeconds: 1 },
        sources: { syslog: { tcp: ['127.0.0.1:0'] } },
        delivery: { flushIntervalSeconds: 0.2 },
        ...own,
      };
      const agent = await startAgentProcess({ ...options, config, env });
      t.after(() => agent.stop());
      return agent;
    },
  };
}

async function statusWhen(
  agent: AgentProcess,
  isRight: (status: AgentStatus) => boolean,
): Promise<AgentStatus> {
  const status = await pollUntil(() => agent.status(), isRight);
  assert.ok(isRight(status), `${JSON.stringify(status)}\n${agent.log()}`);
  return status;
}

function send(agent: AgentProcess, text: string): Promise<void> {
  const asked: Pick<LabAgent, 'statusWhen'> = { statusWhen: (is) => statusWhen(agent, is) };
  return sendSyslog(asked, text);
}

/** What was sent one after another, so that there are many requests. */
async function sendOneByOne(agent: AgentProcess, stage: Stage, count: number): Promise<void> {
  for (const n of range(1, count)) {
    await send(agent, keptMessages(n, n));
    assert.deepEqual(await arrivedNumbers(stage, 'one', n), range(1, n), agent.log());
  }
}

function metadataRequests({ requests }: Gateway): string[] {
  return requests.map(({ url }) => url).filter((url) => url.includes('/metadata/'));
}

test('squid lets the agent through with user and password, to the hosts it allows', {
  skip: lacks('squid'),
}, async (t) => {
  const { stage, gateway, caFile, startAgent } = await surround(t, [ALLOWED, BLOCKED], '127.0.0.1');
  const squid = await startSquid(t, {
    names: [ALLOWED, BLOCKED],
    allowed: [ALLOWED],
    user: USER,
    password: PASSWORD,
  });
  // The second workspace is at a host that the proxy does not allow.
  const ods = `${gateway.url}/ods/${stage.workspaceIds.two}`;
  const blocked = ods.replace(ALLOWED, BLOCKED);
  gateway.rewrite = (body) => body.replaceAll(ods, blocked);
  const proxy = { mode: 'application', address: `http://${squid.address}`, auth: 'true' };
  const configWith = (password: string): object => ({
    tls: { caFile },
    settings: { proxy },
    protectedSettings: { proxy: { username: USER, password } },
  });

  const stranger = await startAgent(configWith('Wrong0'));
  const lost = await statusWhen(stranger, ({ rules }) => rules.lastFailure !== null);
  assert.match(
    JSON.stringify(lost.rules.lastFailure),
    /the proxy http:\/\/127\.0\.0\.1:\d+ answered 407 to CONNECT handlers\.azure\.example:\d+: it did not accept the user name and password/,
  );
  assert.equal(await stranger.stop(), 0);

  const agent = await startAgent(configWith(PASSWORD));
  await sendOneByOne(agent, stage, 10);
  const { lanes, isBalanced } = await statusWhen(agent, (status) =>
    status.lanes.some(({ state }) => state === 'held'),
  );
  const held = lanes.find(({ address }) => address.startsWith(blocked))!;
  assert.match(
    String(held.lastFailure?.reason),
    /^the proxy http:\/\/127\.0\.0\.1:\d+ answered 403 to CONNECT workspace\.blocked\.example:\d+: it does not allow that host/,
  );
  assert.equal(isBalanced, true);
  assert.deepEqual(numbersIn(await stage.rows('Syslog', 'two')), []);
  assert.doesNotMatch(agent.log() + stranger.log() + JSON.stringify(lanes), /Canary|Wrong0/);

  assert.equal(await agent.stop(), 0);
  await squid.stop();
  // Not the probes of whether it is up.
  const log = (await squid.accessLog()).filter((line) => line.startsWith('CONNECT '));
  const targets = new Set(log.map((line) => line.split(' ').slice(0, 2).join(' ')));
  const port = new URL(gateway.url).port;
  const expected = [`CONNECT ${ALLOWED}:${port}`, `CONNECT ${BLOCKED}:${port}`];
  assert.deepEqual([...targets].toSorted(), expected, log.join('\n'));
  const tunnels = log.filter((line) => line.endsWith(`:${port} 200 ${USER}`));
  assert.ok(tunnels.length >= 1, log.join('\n'));
  assert.ok(
    tunnels.length * 2 < gateway.requests.length,
    `${tunnels.length} tunnels for ${gateway.requests.length} requests`,
  );
  assert.deepEqual(metadataRequests(gateway), []);
  t.diagnostic(`${gateway.requests.length} requests through ${tunnels.length} tunnels`);
});

/** A name of this machine that is not one of its loopback's, and where it leads. */
async function ownName(): Promise<{ name: string; address: string } | undefined> {
  const name = hostname().toLowerCase();
  if (name === 'localhost' || name.endsWith('.localhost')) return undefined;
  const found = await lookup(name, { family: 4 }).catch(() => undefined);
  return found && { name, address: found.address };
}

const own = await ownName();

test('tinyproxy from the environment is used for everything but metadata', {
  skip: lacks('tinyproxy') || (own === undefined && 'this machine has no name of its own'),
}, async (t) => {
  const { name, address } = own!;
  const { stage, gateway, caFile, startAgent } = await surround(t, [name], address);
  const tinyproxy = await startTinyproxy(t);
  const url = `http://${tinyproxy.address}`;
  const agent = await startAgent(
    {},
    {
      HTTPS_PROXY: url,
      HTTP_PROXY: url,
      ALL_PROXY: url,
      NO_PROXY: '',
      NODE_EXTRA_CA_CERTS: caFile,
    },
  );
  await sendOneByOne(agent, stage, 10);
  assert.deepEqual(await arrivedNumbers(stage, 'two', 10), range(1, 10));
  const status = await statusWhen(agent, ({ ledger }) =>
    ledger.every(({ buffered }) => buffered === 0),
  );
  assert.equal(status.isBalanced, true);
  assert.ok(status.lanes.length >= BOTH.length);
  assert.equal(await agent.stop(), 0);
  const log = await tinyproxy.accessLog();
  const asked = log.flatMap((line) => /Request .*?: (.*)$/.exec(line)?.[1] ?? []);
  const { port } = new URL(gateway.url);
  assert.deepEqual([...new Set(asked)], [`CONNECT ${name}:${port} HTTP/1.1`], log.join('\n'));
  assert.ok(
    asked.length * 2 < gateway.requests.length,
    `${asked.length} tunnels for ${gateway.requests.length} requests`,
  );
  assert.deepEqual(metadataRequests(gateway), []);
  t.diagnostic(`${gateway.requests.length} requests through ${asked.length} tunnels`);
});

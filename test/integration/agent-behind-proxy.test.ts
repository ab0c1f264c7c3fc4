/** A whole agent behind a proxy: what it does while the proxy refuses, and what it never says. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import { type Authority, createAuthority } from '../support/certificates.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type LabAgent, type Laboratory, openLaboratory } from '../support/laboratory.ts';
import { everythingLeft, everythingSaid } from '../support/said-and-left.ts';
import {
  arrivedNumbers,
  keptMessages,
  range,
  SYSLOG_RULE,
  sendSyslog,
} from '../support/syslog-rule.ts';
import { startTestProxy, type TestProxy, wantsUser } from '../support/test-proxy.ts';
import { BOTH, MACHINE_NAME } from '../support/two-workspaces.ts';

const NAME = 'handlers.example';
const USER = 'agent';
const PASSWORD = 'Canary@0/é';
const ENCODED = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');

interface Behind {
  readonly lab: Laboratory;
  readonly proxy: TestProxy;
  readonly gateway: Gateway;
  readonly authority: Authority;
  startAgent(password?: string): Promise<LabAgent>;
}

async function behindProxy(t: TestContext): Promise<Behind> {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const authority = createAuthority('Gateway Authority');
  const certificate = authority.issue({ names: [NAME] });
  const gateway = await startGateway({ certificate, name: NAME });
  gateway.target = lab.gateway.target;
  t.after(() => gateway.close());
  const proxy = await startTestProxy(t, { hosts: { [`${NAME}:${gateway.port}`]: gateway.port } });
  proxy.behave = wantsUser(USER, PASSWORD);
  const caFile = join(lab.folder, 'authority.pem');
  await writeFile(caFile, authority.cert);
  return {
    lab,
    proxy,
    gateway,
    authority,
    startAgent: (password = PASSWORD) =>
      lab.startAgent({
        control: { endpoint: gateway.url },
        identity: { metadataEndpoint: `${lab.gateway.url}/machines/${MACHINE_NAME}` },
        proxy: proxy.url.replace('//', `//${USER}:${encodeURIComponent(password)}@`),
        tls: { caFile },
      }),
  };
}

const failureOf = ({ lanes }: AgentStatus): string =>
  lanes.map(({ lastFailure }) => lastFailure?.reason ?? '').join('\n');

test('rows arrive through the proxy, and again after it was away', async (t) => {
  const { lab, proxy, gateway, startAgent } = await behindProxy(t);
  const agent = await startAgent();
  await sendSyslog(agent, keptMessages(1, 5));
  for (const one of BOTH) assert.deepEqual(await arrivedNumbers(lab, one, 5), range(1, 5));
  proxy.behave = () => ({ status: 503 });
  proxy.cut();
  await sendSyslog(agent, keptMessages(6, 9));
  const waiting = await agent.statusWhen((status) => /answered 503/.test(failureOf(status)));
  assert.ok(waiting.lanes.some(({ state }) => state === 'waiting'));
  proxy.behave = wantsUser(USER, PASSWORD);
  for (const one of BOTH) assert.deepEqual(await arrivedNumbers(lab, one, 9), range(1, 9));
  assert.equal(agent.status().isBalanced, true);
  const { url } = gateway;
  assert.deepEqual([...new Set(proxy.questions.map(({ target }) => target))], [new URL(url).host]);
  const { requests } = lab.gateway;
  assert.ok(
    requests.some(({ url: path }) => path.startsWith(`/machines/${MACHINE_NAME}/metadata`)),
  );
});

test('a proxy that wants another password holds what is sent, and tells nobody the wrong one', async (t) => {
  const { lab, proxy, startAgent, authority } = await behindProxy(t);
  const said: [string, string][] = [];
  const first = await startAgent();
  await first.statusWhen(({ lanes }) => lanes.length === BOTH.length);

  const scenes: readonly [RegExp, TestProxy['behave']][] = [
    [/answered 407 .* did not accept/, wantsUser(USER, 'changed')],
    [/answered 403 .* does not allow/, () => ({ status: 403 })],
    [
      /'Corp Inspection CA'.* inspects TLS/,
      () => ({ resignAs: createAuthority('Corp Inspection CA').issue({ names: [NAME] }) }),
    ],
    [
      /'Gateway Authority'|belongs to other\.example/,
      () => ({ resignAs: authority.issue({ names: ['other.example'] }) }),
    ],
    [/closed the connection/, () => 'close'],
    [/not HTTP/, () => 'babble'],
  ];
  let agent = first;
  for (const [index, [words, behave]] of scenes.entries()) {
    proxy.behave = behave;
    proxy.cut();
    await sendSyslog(agent, keptMessages(index + 1, index + 1));
    const { lanes } = await agent.statusWhen((status) => words.test(failureOf(status)));
    if (index < 4)
      assert.ok(
        lanes.some(({ state }) => state === 'held'),
        String(words),
      );
    said.push(...(await everythingSaid(agent)));
    await agent.stop();
    said.push(...(await everythingLeft(agent)));
    proxy.behave = wantsUser(USER, PASSWORD);
    agent = await startAgent();
    await agent.statusWhen((status) => status.lanes.length === BOTH.length);
  }
  const count = scenes.length;
  for (const one of BOTH) assert.deepEqual(await arrivedNumbers(lab, one, count), range(1, count));

  const leaks = said.filter(([, text]) => text.includes('Canary') || text.includes(ENCODED));
  assert.deepEqual(
    leaks.map(([place]) => place),
    [],
  );
  assert.ok(
    said.some(([, text]) => text.includes('answered 407')),
    'refusals are told',
  );
});

import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { PlannedSource } from '@dcr-agent/schema';
import type { AgentConfig } from '../../../../packages/agent/src/config/agent-config.ts';
import { resolveConfig } from '../../../../packages/agent/src/config/resolve-config.ts';
import { openSource } from '../../../../packages/agent/src/sources/kinds.ts';
import type { Source } from '../../../../packages/agent/src/sources/source.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { NOTHING_TO_TELL } from '../../../support/nothing-to-tell.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { settle, until } from '../../../support/until.ts';

function configOf(values: object): AgentConfig {
  const readFile = (): string => JSON.stringify(values);
  return resolveConfig({ flags: { config: '/agent.yaml' }, env: {}, readFile }).config;
}

const operations = NOTHING_TO_TELL;

function open(planned: PlannedSource, values: object = {}): Source<unknown> {
  return openSource(planned, new Map(), configOf(values), createFakeHost(), { operations });
}

/** Runs until the facts are right, or the test is over. */
async function factsOf(
  t: TestContext,
  source: Source<unknown>,
  isRight: (facts: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const abort = new AbortController();
  const run = source.run(async () => {}, abort.signal);
  t.after(async () => {
    abort.abort();
    await run;
  });
  await until('the facts are right', () => isRight(source.describe!()));
  return source.describe!();
}

test('a channel is read from its files, whatever the case of its name', () => {
  const key = 'windowsEventLogs:security';
  const planned: PlannedSource = { kind: 'windowsEventLogs', key, channel: 'SECURITY', flows: [] };
  const channels = { Security: ['/a.evtx', '/b.evtx'], System: '/c.evtx' };
  const source = open(planned, { sources: { windowsEventLogs: { channels } } });
  assert.equal(source.key, key);
  const { files } = source.describe!() as { files: { path: string }[] };
  assert.deepEqual(
    files.map(({ path }) => path),
    ['/a.evtx', '/b.evtx'],
  );
});

test('syslog listens where the configuration says, and nowhere else', async (t) => {
  const folder = await temporaryFolder();
  const path = `${folder}/log.sock`;
  const planned: PlannedSource = { kind: 'syslog', key: 'syslog', flows: [] };
  const syslog = { tcp: ['127.0.0.1:0'], udp: ['127.0.0.1:0', 'localhost:0'], unix: [path] };
  const source = open(planned, { sources: { syslog } });
  const facts = await factsOf(t, source, ({ udp }) => (udp as unknown[]).length === 2);
  const addresses = (list: unknown): string[] =>
    (list as { address: string }[]).map(({ address }) => address);
  assert.deepEqual(addresses(facts.tcp), ['127.0.0.1']);
  assert.deepEqual(addresses(facts.udp), ['127.0.0.1', 'localhost']);
  assert.deepEqual(facts.unixStream, [path]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

test('an IPv6 address is written in brackets', { skip: !hasIpv6 && 'no ::1 here' }, async (t) => {
  const planned: PlannedSource = { kind: 'syslog', key: 'syslog', flows: [] };
  const source = open(planned, { sources: { syslog: { tcp: ['[::1]:0'] } } });
  const facts = await factsOf(t, source, ({ tcp }) => (tcp as unknown[]).length === 1);
  assert.equal((facts.tcp as { address: string }[])[0]!.address, '::1');
});

test('log files are read by the patterns of the rule', () => {
  const key = 'logFiles:/var/log/*.log';
  const source = open({ kind: 'logFiles', key, patterns: ['/var/log/*.log'], flows: [] });
  assert.equal(source.key, key);
  assert.deepEqual(source.describe!().patterns, ['/var/log/*.log']);
});

const hasNoProc = process.platform !== 'linux' && 'performance counters are read from /proc';

test('performance counters are sampled as the rule says', { skip: hasNoProc }, () => {
  const key = 'performanceCounters:dcr-1/c';
  const groups = [{ everySeconds: 30, specifiers: ['System\\Load1'] }];
  const source = open({ kind: 'performanceCounters', key, groups, flows: [] });
  assert.equal(source.key, key);
  assert.deepEqual(source.describe!().everySeconds, [30]);
});

test('the heartbeat has the interval of the configuration', async () => {
  const host = createFakeHost();
  const config = configOf({ heartbeat: { intervalSeconds: 7 } });
  const planned: PlannedSource = { kind: 'heartbeat', key: 'heartbeat', flows: [] };
  const abort = new AbortController();
  let count = 0;
  const emit = async (): Promise<void> => void count++;
  const run = openSource(planned, new Map(), config, host, { operations }).run(emit, abort.signal);
  await settle();
  await host.clock.advance(21_000);
  assert.equal(count, 4);
  abort.abort();
  await run;
});

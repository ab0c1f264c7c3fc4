import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentConfiguration } from '@dcr-agent/schema';
import type { GivenFlags } from '../../../packages/agent/src/config/command-line.ts';
import { resolveConfig } from '../../../packages/agent/src/config/resolve-config.ts';
import type { Delivery } from '../../../packages/agent/src/delivery/delivery.ts';
import { AgentError } from '../../../packages/agent/src/errors.ts';
import { readMachineFacts } from '../../../packages/agent/src/health/machine-facts.ts';
import { OperationsLog } from '../../../packages/agent/src/health/operations-log.ts';
import { RulesInForce } from '../../../packages/agent/src/rules-in-force.ts';
import { createFakeHost, type FakeHost } from '../../support/fake-host.ts';
import { MemoryBuffer } from '../../support/memory-buffer.ts';
import { until } from '../../support/until.ts';

interface Bench {
  readonly host: FakeHost;
  readonly buffer: MemoryBuffer;
  readonly rules: RulesInForce;
  /** Destinations and sources whenever destinations were set. */
  readonly changes: string[];
  /** Thrown by delivery when it is set. */
  failure: Error | undefined;
}

function createBench(flags: GivenFlags = {}): Bench {
  const host = createFakeHost();
  const buffer = new MemoryBuffer({ clock: host.clock });
  const setDestinations: Delivery['setDestinations'] = async (planned) => {
    if (bench.failure !== undefined) throw bench.failure;
    const sources = rules.sources().map(({ key }) => key);
    bench.changes.push(`${planned.map(({ id }) => id)} | ${sources}`);
  };
  const readFile = (): undefined => undefined;
  const { config } = resolveConfig({ flags, env: {}, readFile });
  const delivery = { setDestinations } as unknown as Delivery;
  const machine = readMachineFacts('id', '0');
  const operations = new OperationsLog(host.clock);
  const rules = new RulesInForce({
    ...{ config, host, buffer, delivery, machine, operations },
    machineDimensions: {},
  });
  const bench: Bench = { host, buffer, rules, changes: [], failure: undefined };
  return bench;
}

/** A rule that reads a channel of the event log by these queries, to one workspace. */
function eventRule(id: string, ...queries: readonly string[]): AgentConfiguration {
  const wire = {
    configurationId: id,
    eTag: id,
    op: 'added',
    content: {
      dataSources: [
        {
          configuration: { xPathQueries: queries },
          id: 'events',
          kind: 'winEventLog',
          streams: [{ stream: 'GENERIC_EVENT_BLOB', solution: 'LogManagement' }],
          sendToChannels: ['ods-1'],
        },
        {
          configuration: {},
          id: 'odd',
          kind: 'odd',
          streams: [{ stream: 'X' }],
          sendToChannels: ['ods-1'],
        },
      ],
      channels: [{ endpoint: 'https://w.example', id: 'ods-1', protocol: 'ods' }],
      extensionConfigurations: {},
    },
  };
  return wire as unknown as AgentConfiguration;
}

test('lanes are there before the sources change, and for what the former ones left', async () => {
  const { rules, changes } = createBench();
  await rules.apply([eventRule('r1', 'System!*')]);
  await rules.apply([eventRule('r2', 'Security!*')]);
  const [first, second] = [
    'windowsEventLogs:system,heartbeat,operation',
    'heartbeat,operation,windowsEventLogs:security',
  ];
  assert.deepEqual(changes, [
    'r1/ods-1 | ',
    `r1/ods-1 | ${first}`,
    `r2/ods-1 | ${first}`,
    `r2/ods-1 | ${second}`,
  ]);
  await rules.stop();
});

test('what a source gives is committed after the interval that was configured', async () => {
  const { rules, host, buffer } = createBench({ 'buffer.commitIntervalSeconds': '7' });
  await rules.apply([eventRule('r1', 'System!*')]);
  await host.clock.advance(0);
  const heartbeats = () => buffer.ledger().reduce((sum, { read }) => sum + read, 0);
  await host.clock.advance(6_999);
  assert.equal(heartbeats(), 0);
  await host.clock.advance(1);
  await until('it is committed', () => heartbeats() === 1);
  await rules.stop();
});

test('what a rule asks for and this agent does not do is listed and told', async () => {
  const { rules, host } = createBench();
  await rules.apply([eventRule('r1', 'System!*', 'System!*[Foo()]')]);
  assert.deepEqual(
    rules.skipped.map(({ configurationId, dataSource }) => `${configurationId}/${dataSource}`),
    ['r1/odd'],
  );
  assert.deepEqual(
    rules.refusedQueries.map(({ flow, query }) => [flow, query]),
    [['r1/events/GENERIC_EVENT_BLOB', '*[Foo()]']],
  );
  const told = host.log.entries.map(({ level, message }) => `${level}: ${message}`);
  assert.ok(told.includes('warn: a part of a rule is not done'));
  assert.ok(told.includes('error: a query cannot be used; the others work on'));
  await rules.apply([eventRule('r1', 'System!*')]);
  assert.deepEqual(rules.refusedQueries, [], 'a corrected rule has none');
  await rules.stop();
});

function settingsRule(id: string, megabytes: string): AgentConfiguration {
  const settings = [{ name: 'MaxDiskQuotaInMB', value: megabytes }];
  return {
    configurationId: id,
    eTag: id,
    op: 'added',
    content: { kind: 'AgentSettings', settings },
  };
}

test('the disk quota of a rule holds while it is in force, and the default after it', async () => {
  const { rules, buffer, host } = createBench();
  assert.equal(rules.quotaFrom, 'default');
  await rules.apply([settingsRule('s1', '20000')]);
  assert.equal(buffer.usage().quotaBytes, 20_000_000_000);
  assert.equal(rules.quotaFrom, 'rule s1');
  await rules.apply([settingsRule('s1', '20')]);
  assert.equal(buffer.usage().quotaBytes, 10_000_000_000, 'it is no quota');
  assert.match(rules.skipped[0]?.reason ?? '', /MaxDiskQuotaInMB is '20', which is not/);
  await rules.apply([settingsRule('s2', '4000')]);
  await rules.apply([]);
  assert.equal(buffer.usage().quotaBytes, 10_000_000_000);
  assert.equal(rules.quotaFrom, 'default');
  const told = host.log.entries.filter(({ message }) => /quota/.test(message));
  assert.equal(told.length, 4);
});

test('a disk quota in the configuration of the machine holds against any rule', async () => {
  const { rules, buffer } = createBench({ 'buffer.quotaMegabytes': '500' });
  await rules.apply([settingsRule('s1', '20000')]);
  assert.equal(rules.quotaFrom, 'configuration');
  assert.notEqual(buffer.usage().quotaBytes, 20_000_000_000);
});

test('a failure that passes is handed on, and the rules before stay', async () => {
  const bench = createBench();
  await bench.rules.apply([eventRule('r1', 'System!*')]);
  bench.failure = new AgentError('BUFFER_IO', 'the disk is gone');
  await assert.rejects(bench.rules.apply([]), { code: 'BUFFER_IO' });
  assert.equal(bench.rules.sources().length, 3);
  bench.failure = undefined;
  await bench.rules.apply([]);
  assert.equal(bench.rules.sources().length, 0);
});

test('a bug costs the new rules and not the agent', async () => {
  const bench = createBench();
  await bench.rules.apply([eventRule('r1', 'System!*')]);
  bench.failure = new TypeError('x is not a function');
  await assert.rejects(bench.rules.apply([]), {
    code: 'RULES_UNUSABLE',
    message: 'the rules cannot be put in force: x is not a function',
  });
  const nonsense = { configurationId: 'r3', content: {} } as unknown as AgentConfiguration;
  await assert.rejects(bench.rules.apply([nonsense]), { code: 'RULES_UNUSABLE' });
  assert.equal(bench.rules.sources().length, 3);
  assert.match(bench.host.log.entries.at(-1)!.message, /which is a bug/);
  await bench.rules.stop();
});

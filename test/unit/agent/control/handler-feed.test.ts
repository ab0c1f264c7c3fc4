import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { AgentConfiguration } from '@dcr-agent/schema';
import { Agent } from 'undici';
import { createHandlerFeed } from '../../../../packages/agent/src/control/handler-feed.ts';
import { AgentError } from '../../../../packages/agent/src/errors.ts';
import { AccessToken } from '../../../../packages/agent/src/identity/access-token.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import {
  type LocalAnswer,
  type LocalServer,
  startLocalServer,
} from '../../../support/local-server.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

const MACHINE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm1';
const NOT_FOUND: LocalAnswer = {
  status: 404,
  body: { error: { code: 'NotFound', message: 'no association' } },
};

function rule(id: string, version = 1): AgentConfiguration {
  const dataSources = [
    { id: `v${version}`, kind: 'syslog', configuration: {}, streams: [], sendToChannels: [] },
  ];
  const content = { dataSources, channels: [] };
  return { configurationId: id, eTag: `${id}/${version}`, op: 'added', content };
}

function rules(...configurations: unknown[]): LocalAnswer {
  return { status: 200, headers: { etag: '"all"' }, body: { configurations } };
}

interface FeedOptions {
  readonly server?: LocalServer;
  readonly stateDir?: string;
  readonly resourceId?: string;
  readonly region?: string;
}

async function setUp(t: TestContext, answer: LocalAnswer, options: FeedOptions = {}) {
  const server = options.server ?? (await startLocalServer(t));
  server.answer = () => answer;
  const network = new Agent();
  t.after(() => network.destroy());
  const host = createFakeHost({ network });
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const refreshed: boolean[] = [];
  const feed = createHandlerFeed({
    host,
    tokens: {
      async machineToken(_audience, _signal, refresh = false) {
        refreshed.push(refresh);
        return new AccessToken('secret', 2e12);
      },
      ingestionToken: () => assert.fail('not used'),
    },
    audience: 'https://monitor.azure.com/',
    endpoint: server.url,
    trust: { allowPlainHttp: false },
    machine: {
      resourceId: options.resourceId ?? MACHINE,
      region: options.region ?? 'westeurope',
    },
    platform: 'linux',
    userAgent: 'dcr-agent/1 (linux; x64)',
    stateDir,
    pollIntervalMs: 300_000,
  });
  const applied: (readonly AgentConfiguration[])[] = [];
  const state = { failure: undefined as Error | undefined };
  const abort = new AbortController();
  let running: Promise<void> | undefined;
  const start = (): void => {
    running = feed.run(async (configurations) => {
      if (state.failure !== undefined) throw state.failure;
      applied.push(configurations);
    }, abort.signal);
  };
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  t.after(stop);
  /** Until the question was answered and the next one is due in `ms`. */
  const idle = async (ms = 300_000): Promise<void> => {
    const due = (): boolean => feed.status().nextAtMs === host.clock.now() + ms;
    await until(`the next question is due in ${ms} ms`, due);
  };
  const messages = (): string[] =>
    host.log.entries.map(({ level, message }) => `${level} ${message}`);
  return { server, host, feed, applied, refreshed, state, stateDir, start, stop, idle, messages };
}

const ids = (set: readonly AgentConfiguration[] | undefined): string[] =>
  (set ?? []).map(({ configurationId }) => configurationId);

suite('rules from the control plane', () => {
  test('are asked for in the form of current agents and applied', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a'), rule('dcr-b')));
    feed.start();
    await feed.idle();
    assert.equal(
      feed.server.requests[0]!.url,
      `/locations/westeurope${MACHINE}/agentConfigurations?platform=linux&includeMeConfig=true&api-version=2022-06-02`,
    );
    assert.deepEqual(feed.applied, [[rule('dcr-a'), rule('dcr-b')]]);
    assert.deepEqual(feed.feed.status(), {
      kind: 'handler',
      endpoint: feed.server.url,
      activeEndpoint: feed.server.url,
      lastSuccessAtMs: feed.host.clock.now(),
      lastFailure: null,
      refused: [],
      nextAtMs: feed.host.clock.now() + 300_000,
      configurations: [
        { id: 'dcr-a', eTag: 'dcr-a/1' },
        { id: 'dcr-b', eTag: 'dcr-b/1' },
      ],
    });
  });

  test('are asked for without a location where the region is not known', async (t) => {
    const feed = await setUp(t, rules(), { region: '' });
    feed.start();
    await feed.idle();
    assert.ok(feed.server.requests[0]!.url.startsWith(`${MACHINE}/agentConfigurations?`));
  });

  test('are asked for again at the interval, with the tag of the last answer', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.start();
    await feed.idle();
    feed.server.answer = () => ({ status: 304 });
    await feed.host.clock.advance(300_000);
    await feed.idle();
    assert.deepEqual(
      feed.server.requests.map(({ headers }) => headers['if-none-match']),
      [undefined, '"all"'],
    );
    assert.equal(feed.applied.length, 1);
    assert.equal(feed.feed.status().lastFailure, null);
  });

  test('are not applied again when the answer is the same in another order', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a'), rule('dcr-b')));
    feed.start();
    await feed.idle();
    feed.server.answer = () => rules(rule('dcr-b'), rule('dcr-a'));
    await feed.host.clock.advance(300_000);
    await feed.idle();
    assert.equal(feed.server.requests.length, 2);
    assert.equal(feed.applied.length, 1);
  });

  test('are applied when one changed, came or went', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.start();
    await feed.idle();
    for (const answer of [
      rules(rule('dcr-a', 2)),
      rules(rule('dcr-a', 2), rule('dcr-b')),
      rules(),
    ]) {
      feed.server.answer = () => answer;
      await feed.host.clock.advance(300_000);
      await feed.idle();
    }
    assert.deepEqual(feed.applied.map(ids), [['dcr-a'], ['dcr-a'], ['dcr-a', 'dcr-b'], []]);
  });

  test('are asked for at once when poked', async (t) => {
    const feed = await setUp(t, rules());
    feed.start();
    await feed.idle();
    feed.server.answer = () => rules(rule('dcr-a'));
    feed.feed.poke();
    await until('they are applied', () => feed.applied.length === 2);
    assert.equal(feed.server.requests.length, 2);
  });

  test('stay when the control plane is away, and are asked for after a minute, then later', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.start();
    await feed.idle();
    feed.server.answer = () => ({ status: 503, body: 'down' });
    await feed.host.clock.advance(300_000);
    for (const waitMs of [60_000, 120_000, 240_000, 300_000]) {
      for (const tryMs of [100, 200]) {
        await until('a pause begins', () => feed.host.clock.nextWakeMs === tryMs);
        await feed.host.clock.advance(tryMs);
      }
      await feed.idle(waitMs);
      await feed.host.clock.advance(waitMs);
    }
    assert.equal(feed.applied.length, 1);
    assert.match(feed.feed.status().lastFailure!.reason, /answered 503 down/);
    assert.equal(feed.feed.status().configurations.length, 1);
    const warnings = feed.messages().filter((message) => message.startsWith('warn'));
    assert.deepEqual(warnings, ['warn rules cannot be fetched; those in force stay']);
  });

  test('are asked for no earlier than the service wants', async (t) => {
    const feed = await setUp(t, { status: 429, headers: { 'retry-after': '900' } });
    feed.start();
    await feed.idle(900_000);
    assert.equal(feed.server.requests.length, 1);
  });

  test('stay when the machine is refused; the status tells why', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.start();
    await feed.idle();
    const error = { code: 'InvalidResourceId', message: 'ids differ' };
    feed.server.answer = () => ({ status: 403, body: { error } });
    await feed.host.clock.advance(300_000);
    await feed.idle(60_000);
    assert.match(feed.feed.status().lastFailure!.reason, /403 InvalidResourceId: ids differ/);
    assert.equal(feed.applied.length, 1);
  });

  test('a token that is refused is replaced once', async (t) => {
    const feed = await setUp(t, rules());
    feed.server.answer = ({ headers: _ }) =>
      feed.refreshed.length < 2 ? { status: 401 } : rules(rule('dcr-a'));
    feed.start();
    await feed.idle();
    assert.deepEqual(feed.refreshed, [false, true]);
    assert.deepEqual(feed.applied.map(ids), [['dcr-a']]);
  });

  test('a machine without rules runs with none, and says so once', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.start();
    await feed.idle();
    feed.server.answer = () => NOT_FOUND;
    for (let i = 0; i < 3; i++) {
      await feed.host.clock.advance(300_000);
      await feed.idle();
    }
    assert.deepEqual(feed.applied.map(ids), [['dcr-a'], []]);
    const absence = 'warn the control plane has no rules for this machine; nothing is collected';
    assert.equal(feed.messages().filter((message) => message === absence).length, 1);
  });

  test('a machine that loses its rules again is told of again', async (t) => {
    const feed = await setUp(t, NOT_FOUND);
    feed.start();
    await feed.idle();
    for (const answer of [rules(rule('dcr-a')), NOT_FOUND]) {
      feed.server.answer = () => answer;
      await feed.host.clock.advance(300_000);
      await feed.idle();
    }
    const warnings = feed.messages().filter((message) => message.startsWith('warn'));
    assert.equal(warnings.length, 2);
  });

  for (const [what, answer] of [
    ['no JSON', { status: 200, body: '<html>' }],
    ['no configurations', { status: 200, body: { value: [] } }],
    ['nothing new, though nothing was known', { status: 304 }],
  ] as const) {
    test(`an answer with ${what} changes nothing`, async (t) => {
      const feed = await setUp(t, answer);
      feed.start();
      await feed.idle(60_000);
      assert.deepEqual(feed.applied, []);
      assert.notEqual(feed.feed.status().lastFailure, null);
    });
  }

  test('a configuration that cannot be read any more goes on as it was', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a'), rule('dcr-b')));
    feed.start();
    await feed.idle();
    const damaged = { configurationId: 'dcr-a', content: 'x' };
    feed.server.answer = () => rules(damaged, rule('dcr-b', 2), { configurationId: 'dcr-c' });
    await feed.host.clock.advance(300_000);
    await feed.idle();
    assert.deepEqual(feed.applied[1], [rule('dcr-b', 2), rule('dcr-a')]);
    await feed.host.clock.advance(300_000);
    await feed.idle();
    assert.equal(feed.applied.length, 2);
    const reasons = feed.host.log.entries
      .filter(({ level }) => level === 'warn')
      .map(({ facts }) => (facts as { reason?: string }).reason);
    assert.deepEqual(reasons, [
      "configuration 'dcr-a' has no content",
      "configuration 'dcr-c' has no content",
    ]);
  });

  test('a set that cannot be put in force is tried again', async (t) => {
    const feed = await setUp(t, rules(rule('dcr-a')));
    feed.state.failure = new AgentError('BUFFER_IO', 'disk on fire');
    feed.start();
    await feed.idle(60_000);
    assert.equal(feed.feed.status().lastFailure?.reason, 'disk on fire');
    feed.state.failure = undefined;
    await feed.host.clock.advance(60_000);
    await feed.idle();
    assert.deepEqual(feed.applied.map(ids), [['dcr-a']]);
    assert.equal(feed.feed.status().lastFailure, null);
  });

  test("a mistake of the agent's own is not swallowed", async (t) => {
    const { feed } = await setUp(t, rules(rule('dcr-a')));
    const broken = feed.run(() => assert.fail('a bug'), new AbortController().signal);
    await assert.rejects(broken, /a bug/);
  });

  test('stopping ends a question under way without a word', async (t) => {
    const feed = await setUp(t, rules());
    feed.server.answer = () => new Promise(() => {});
    feed.start();
    await until('the question has arrived', () => feed.server.requests.length === 1);
    await feed.stop();
    assert.deepEqual(feed.messages(), []);
  });
});

suite('another control endpoint', () => {
  const sendTo = (url: string): LocalAnswer => ({
    status: 421,
    headers: { 'x-ms-agent-config-endpoint': url },
  });

  test('is remembered for all later questions', async (t) => {
    const other = await startLocalServer(t, () => rules(rule('dcr-a')));
    const feed = await setUp(t, sendTo(other.url));
    feed.start();
    await feed.idle();
    await feed.host.clock.advance(300_000);
    await feed.idle();
    assert.equal(feed.feed.status().kind === 'handler' && other.requests.length, 2);
    assert.equal(feed.server.requests.length, 1);
  });

  test('takes turns with the configured one when it fails', async (t) => {
    const other = await startLocalServer(t, () => rules(rule('dcr-a')));
    const feed = await setUp(t, sendTo(other.url));
    feed.start();
    await feed.idle();
    other.answer = () => ({ status: 403 });
    await feed.host.clock.advance(300_000);
    await feed.idle(60_000);
    feed.server.answer = () => ({ status: 403 });
    await feed.host.clock.advance(60_000);
    await feed.idle(120_000);
    assert.equal(feed.server.requests.length, 2);
    other.answer = () => rules(rule('dcr-b'));
    await feed.host.clock.advance(120_000);
    await feed.idle();
    assert.deepEqual(feed.applied.map(ids), [['dcr-a'], ['dcr-b']]);
  });
});

suite('the last good rules on disk', () => {
  test('know which endpoint gave them, and that one is asked first', async (t) => {
    const other = await startLocalServer(t, () => rules(rule('dcr-a')));
    const first = await setUp(t, {
      status: 421,
      headers: { 'x-ms-agent-config-endpoint': other.url },
    });
    first.start();
    await first.idle();
    await first.stop();
    const { server, stateDir } = first;
    const second = await setUp(t, { status: 500 }, { server, stateDir });
    second.start();
    await second.idle();
    assert.deepEqual([server.requests.length, other.requests.length], [1, 2]);
  });

  test('are not used for another endpoint', async (t) => {
    const first = await setUp(t, rules(rule('dcr-a')));
    first.start();
    await first.idle();
    await first.stop();
    const second = await setUp(t, { status: 403 }, { stateDir: first.stateDir });
    second.start();
    await second.idle(60_000);
    assert.deepEqual(second.applied, []);
  });

  test('are in force before the first answer, and for their owner only', async (t) => {
    const first = await setUp(t, rules(rule('dcr-a')));
    first.start();
    await first.idle();
    await first.stop();
    const { mode } = await stat(join(first.stateDir, 'configuration.json'));
    assert.equal(mode & 0o777, 0o600);

    const { server, stateDir } = first;
    const second = await setUp(t, rules(), { server, stateDir });
    server.answer = () => new Promise(() => {});
    second.start();
    await until('the kept rules are in force', () => second.applied.length === 1);
    assert.deepEqual(second.applied, [[rule('dcr-a')]]);
  });

  test('are not applied again by the first answer if it is the same', async (t) => {
    const first = await setUp(t, rules(rule('dcr-a')));
    first.start();
    await first.idle();
    await first.stop();
    const { server, stateDir } = first;
    const second = await setUp(t, rules(rule('dcr-a')), { server, stateDir });
    second.start();
    await second.idle();
    assert.equal(second.applied.length, 1);
    assert.equal(server.requests.length, 2);
  });

  test('are not used for another machine: disks are copied', async (t) => {
    const first = await setUp(t, rules(rule('dcr-a')));
    first.start();
    await first.idle();
    await first.stop();
    const { server, stateDir } = first;
    const second = await setUp(t, { status: 403 }, { server, stateDir, resourceId: '/other/vm' });
    second.start();
    await second.idle(60_000);
    assert.deepEqual(second.applied, []);
    assert.match(second.messages()[0]!, /of another machine or endpoint; not used/);
  });

  for (const [what, text] of [
    ['cut off', '{"version":1,"configurations":[{"conf'],
    ['empty', ''],
    ['of another shape', '{"version":1,"resourceId":7}'],
    ['of another version', '{"version":2}'],
    ['null', 'null'],
  ]) {
    test(`are set aside when the file is ${what}`, async (t) => {
      const stateDir = await temporaryFolder();
      const path = join(stateDir, 'configuration.json');
      await writeFile(path, text!);
      const feed = await setUp(t, rules(rule('dcr-a')), { stateDir });
      feed.start();
      await feed.idle();
      assert.deepEqual(feed.applied.map(ids), [['dcr-a']]);
      assert.equal(await readFile(`${path}.damaged`, 'utf8'), text);
      assert.match(feed.messages()[0]!, /^warn the kept rules cannot be read/);
      assert.match(await readFile(path, 'utf8'), /dcr-a/);
    });
  }

  test('are no condition: without a place to keep them they are in force all the same', async (t) => {
    const stateDir = join(await temporaryFolder(), 'missing');
    const feed = await setUp(t, rules(rule('dcr-a')), { stateDir });
    feed.start();
    await feed.idle();
    assert.equal(feed.applied.length, 1);
    assert.equal(feed.feed.status().lastFailure, null);
    assert.match(feed.messages()[0]!, /^warn the rules cannot be kept on disk/);
  });
});

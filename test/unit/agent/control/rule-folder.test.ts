import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { AgentConfiguration } from '@dcr-agent/schema';
import { localRuleId } from '../../../../packages/agent/src/control/rule-file.ts';
import { createRuleFolder } from '../../../../packages/agent/src/control/rule-folder.ts';
import { AgentError } from '../../../../packages/agent/src/errors.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { until } from '../../../support/until.ts';

const WORKSPACE =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w1';
const DESTINATIONS = {
  workspaces: [
    {
      resourceId: WORKSPACE.toUpperCase(),
      workspaceId: '22222222-2222-2222-2222-222222222222',
      endpoint: 'http://127.0.0.1:9/ods',
    },
  ],
};

function rule(facility = 'auth', immutableId?: string, workspace = WORKSPACE): string {
  return JSON.stringify({
    location: 'westeurope',
    properties: {
      ...(immutableId !== undefined && { immutableId }),
      dataSources: {
        syslog: [
          {
            name: 'sys',
            streams: ['Microsoft-Syslog'],
            facilityNames: [facility],
            logLevels: ['Error'],
          },
        ],
      },
      destinations: { logAnalytics: [{ name: 'w', workspaceResourceId: workspace }] },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['w'] }],
    },
  });
}

const GUID_A = `dcr-${'a'.repeat(32)}`;

async function setUp(t: TestContext, files: Readonly<Record<string, string>> = {}, root?: string) {
  const stateDir = root ?? (await temporaryFolder());
  const folder = join(stateDir, 'rules');
  if (root === undefined) await mkdir(folder);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  for (const [name, text] of Object.entries(files)) await write(name, text);
  const host = createFakeHost();
  const feed = createRuleFolder({ host, folder, stateDir, destinations: DESTINATIONS });
  const applied: (readonly AgentConfiguration[])[] = [];
  const state = { failure: undefined as Error | undefined };
  const abort = new AbortController();
  const running = feed.run(async (configurations) => {
    if (state.failure !== undefined) throw state.failure;
    applied.push(configurations);
  }, abort.signal);
  const stop = async (): Promise<void> => {
    abort.abort();
    await running;
  };
  t.after(stop);
  /** Until the folder was read `count` times more than its watch may have asked for. */
  const rescan = async (): Promise<void> => {
    const before = feed.status().nextAtMs;
    feed.poke();
    await until('the folder is read again', () => {
      if (host.clock.sleeping > 0) void host.clock.advance(200);
      return feed.status().nextAtMs !== before;
    });
  };
  const errors = (): string[] =>
    host.log.entries.filter(({ level }) => level === 'error').map(({ message }) => message);
  await until('the folder was read', () => feed.status().nextAtMs !== null);
  return { stateDir, folder, write, host, feed, applied, state, rescan, errors, stop };
}

const ids = (set: readonly AgentConfiguration[] | undefined): string[] =>
  (set ?? []).map(({ configurationId }) => configurationId);

suite('rules from a folder', () => {
  test('are configured as the control plane would', async (t) => {
    const { applied, feed, folder } = await setUp(t, { 'a.json': rule('auth', GUID_A) });
    const [configuration] = applied[0]!;
    assert.equal(configuration!.configurationId, GUID_A);
    assert.deepEqual(configuration!.content, {
      dataSources: [
        {
          id: 'sys',
          kind: 'syslog',
          configuration: { facilityNames: ['auth'], logLevels: ['Error'] },
          streams: [{ stream: 'LINUX_SYSLOGS_BLOB', solution: 'LogManagement' }],
          sendToChannels: ['ods-22222222-2222-2222-2222-222222222222'],
        },
      ],
      channels: [
        {
          id: 'ods-22222222-2222-2222-2222-222222222222',
          protocol: 'ods',
          endpoint: 'http://127.0.0.1:9/ods',
        },
      ],
      extensionConfigurations: {},
    });
    const status = feed.status();
    assert.equal(status.kind === 'folder' && status.folder, folder);
    assert.deepEqual(status.configurations, [{ id: GUID_A, eTag: configuration!.eTag }]);
    assert.equal(status.lastFailure, null);
  });

  test('are named by their file where they have no id, whatever is in it', async (t) => {
    const { applied, write, rescan } = await setUp(t, { 'a.json': rule('auth') });
    assert.match(ids(applied[0])[0]!, /^dcr-[\da-f]{32}$/);
    await write('a.json', rule('daemon'));
    await rescan();
    assert.deepEqual(ids(applied.at(-1)), [localRuleId('a.json')]);
    assert.notEqual(applied.at(-1)![0]!.eTag, applied[0]![0]!.eTag);
  });

  test('other and hidden files are no rules, and a folder may be empty', async (t) => {
    const files = { 'README.md': '#', '.a.json': '{', 'a.json.swp': '{' };
    const { applied, errors } = await setUp(t, files);
    assert.deepEqual([applied, errors()], [[[]], []]);
  });

  test('a new file is noticed by the watch', async (t) => {
    const { applied, write, host } = await setUp(t);
    await write('a.json', rule('auth', GUID_A));
    await until('the rule runs', () => {
      if (host.clock.nextWakeMs === 200) void host.clock.advance(200);
      return applied.length === 2;
    });
    assert.deepEqual(ids(applied[1]), [GUID_A]);
  });

  test('a change that no watch tells of is noticed within half a minute', async (t) => {
    const { applied, folder, host } = await setUp(t);
    const elsewhere = join(folder, '..', 'elsewhere.json');
    await writeFile(elsewhere, rule('auth', GUID_A));
    await symlink(elsewhere, join(folder, 'a.json'));
    const settled = (count: number) => (): boolean => {
      if (host.clock.nextWakeMs === 200) void host.clock.advance(200);
      return applied.length === count && host.clock.nextWakeMs === 30_000;
    };
    await until('the link is followed', settled(2));
    await writeFile(elsewhere, rule('daemon', GUID_A));
    await host.clock.advance(30_000);
    await until('the new content runs', settled(3));
  });

  test('are not applied again when nothing changed', async (t) => {
    const { applied, rescan } = await setUp(t, { 'a.json': rule() });
    await rescan();
    await rescan();
    assert.equal(applied.length, 1);
  });

  test('a file that is gone takes its rule with it', async (t) => {
    const { applied, folder, rescan } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
      'b.json': rule(),
    });
    await rm(join(folder, 'b.json'));
    await rescan();
    assert.deepEqual(applied.map(ids), [[GUID_A, localRuleId('b.json')], [GUID_A]]);
  });

  test('a file that turns wrong keeps its last good form, and the log has the place', async (t) => {
    const { applied, write, rescan, errors, feed, folder } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
    });
    await write('a.json', `{\n  "location": "westeurope",\n  "properties": [\n`);
    await rescan();
    await rescan();
    assert.equal(applied.length, 1);
    const path = join(folder, 'a.json').replaceAll('.', '\\.');
    assert.match(errors()[0]!, new RegExp(`^${path}:\\d+:\\d+: error [A-Z_]+`));
    const last = 'a rule file is wrong; its last good form stays in force';
    assert.equal(errors().filter((message) => message === last).length, 1);
    assert.match(feed.status().lastFailure!.reason, new RegExp(`^${path}:\\d+:\\d+: `));

    await write('a.json', rule('daemon', GUID_A));
    await rescan();
    assert.equal(applied.length, 2);
    assert.equal(feed.status().lastFailure, null);
  });

  test('a file that was never right does not stop the others', async (t) => {
    const { applied, errors } = await setUp(t, { 'a.json': '{', 'b.json': rule('auth', GUID_A) });
    assert.deepEqual(applied.map(ids), [[GUID_A]]);
    assert.ok(errors().includes('a rule file is wrong; it is not used'), errors().join('\n'));
  });

  test('a file that cannot be read is told of once, and keeps its last good form', async (t) => {
    const { applied, folder, rescan, errors, feed } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
    });
    await rm(join(folder, 'a.json'));
    await mkdir(join(folder, 'a.json'));
    await rescan();
    await rescan();
    assert.equal(applied.length, 1);
    assert.deepEqual(errors(), ['a rule file is wrong; its last good form stays in force']);
    assert.match(feed.status().lastFailure!.reason, /a\.json: this is not a regular file/);
  });

  test('a workspace nobody knows is reported, and the rest of the rule runs', async (t) => {
    const other = `${WORKSPACE}-unknown`;
    const { applied, errors } = await setUp(t, { 'a.json': rule('auth', GUID_A, other) });
    assert.deepEqual(ids(applied[0]), [GUID_A]);
    assert.match(errors().join('\n'), /a\.json: error DCR_WORKSPACE_UNKNOWN.*w1-unknown/);
  });

  test('two files with the same id are both refused, once', async (t) => {
    const { applied, errors, rescan } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
      'b.json': rule('daemon', GUID_A),
    });
    await rescan();
    assert.deepEqual(applied, [[]]);
    assert.deepEqual(errors(), [
      `the files a.json, b.json have the same rule id ${GUID_A}; none of them is used`,
    ]);
  });

  test('a copy made beside a rule does not stop it', async (t) => {
    const { applied, write, errors, rescan } = await setUp(t, { 'a.json': rule('auth', GUID_A) });
    await write('a copy.json', rule('auth', GUID_A));
    await rescan();
    await rescan();
    assert.equal(applied.length, 1);
    assert.deepEqual(errors(), [
      `the files a copy.json, a.json have the same rule id ${GUID_A}; what ran before stays in force`,
    ]);
  });

  test('a folder that goes away takes nothing with it, and is watched when it is back', async (t) => {
    const { applied, folder, rescan, errors, feed, host } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
    });
    await rename(folder, `${folder}-aside`);
    await rescan();
    await rescan();
    assert.equal(applied.length, 1);
    assert.deepEqual(errors(), ['the rules of the folder cannot be used; those in force stay']);
    assert.match(feed.status().lastFailure!.reason, /ENOENT/);

    await mkdir(folder);
    await rescan();
    assert.deepEqual(ids(applied.at(-1)), []);
    await writeFile(join(folder, 'b.json'), rule('auth', GUID_A));
    await until('the watch tells of it', () => {
      if (host.clock.nextWakeMs === 200) void host.clock.advance(200);
      return ids(applied.at(-1)).length === 1;
    });
  });

  test('a folder that is replaced by another is watched in its place', async (t) => {
    const { applied, folder, rescan, host } = await setUp(t);
    await mkdir(`${folder}-new`);
    await rename(folder, `${folder}-old`);
    await rename(`${folder}-new`, folder);
    await rescan();
    await writeFile(join(folder, 'a.json'), rule('auth', GUID_A));
    await until('the watch tells of it', () => {
      if (host.clock.nextWakeMs === 200) void host.clock.advance(200);
      return ids(applied.at(-1)).length === 1;
    });
  });

  test('a set that cannot be put in force is tried again at the next look', async (t) => {
    const { applied, write, state, rescan } = await setUp(t);
    state.failure = new AgentError('BUFFER_IO', 'disk on fire');
    await write('a.json', rule('auth', GUID_A));
    await rescan();
    state.failure = undefined;
    await rescan();
    assert.deepEqual(applied.map(ids), [[], [GUID_A]]);
  });

  test('what is no regular file is told and not read, and the rules beside it run', async (t) => {
    const { folder, applied, errors, rescan } = await setUp(t, { 'a.json': rule('auth', GUID_A) });
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    await symlink('/dev/zero', join(folder, 'zero.json'));
    await writeFile(join(folder, 'large.json'), Buffer.alloc(4 * 1_048_576 + 1, ' '));
    await mkdir(join(folder, 'folder.json'));
    await rescan();
    assert.deepEqual(ids(applied.at(-1)), [GUID_A]);
    assert.equal(errors().length, 4);
  });

  test('a restart keeps the rules of a folder that is away', async (t) => {
    const { stateDir, folder, stop } = await setUp(t, { 'a.json': rule('auth', GUID_A) });
    await stop();
    await rename(folder, `${folder}-aside`);
    const again = await setUp(t, {}, stateDir);
    assert.deepEqual(again.applied.map(ids), [[GUID_A]]);
    assert.deepEqual(again.errors(), [
      'the rules of the folder cannot be used; those in force stay',
    ]);
    await rename(`${folder}-aside`, folder);
    await again.rescan();
    assert.deepEqual(again.applied.map(ids), [[GUID_A]]);
  });

  test('a restart keeps the rule of a file that was broken meanwhile, not of one that is gone', async (t) => {
    const { stateDir, write, folder, stop } = await setUp(t, {
      'a.json': rule('auth', GUID_A),
      'b.json': rule('auth', `dcr-${'b'.repeat(32)}`),
    });
    await stop();
    await write('a.json', '{');
    await rm(join(folder, 'b.json'));
    const again = await setUp(t, {}, stateDir);
    assert.deepEqual(again.applied.map(ids), [[GUID_A]]);
    assert.match(again.errors().join(), /its last good form stays in force/);
  });

  test('kept rules that cannot be read cost a warning', async (t) => {
    const { stateDir, stop } = await setUp(t, { 'a.json': rule('auth', GUID_A) });
    await stop();
    await writeFile(join(stateDir, 'rule-files.json'), '{"version":9}');
    const again = await setUp(t, {}, stateDir);
    assert.deepEqual(again.applied.map(ids), [[GUID_A]]);
    const warnings = again.host.log.entries.filter(({ level }) => level === 'warn');
    assert.match(warnings[0]!.message, /cannot be read/);
  });
});

/** What lies in a state directory, looked at and changed by commands, with its agent and without. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { AgentStatus, LedgerRow } from '@dcr-agent/agent';
import { bufferOnDisk, query } from '../support/buffer-on-disk.ts';
import { fillBuffer, numbered } from '../support/fill-buffer.ts';
import {
  type AgentProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
  startCommand,
} from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MACHINE_NAME, type Stage, setStage } from '../support/two-workspaces.ts';
import { writeVersion1 } from '../support/version-1-buffer.ts';

const run = (...args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand('agent', args, { AZURE_POD_IDENTITY_AUTHORITY_HOST: '' });

function sum(rows: readonly LedgerRow[], column: 'quarantined' | 'dropped'): number {
  return rows.reduce((total, row) => total + row[column], 0);
}

async function ledgerOf(stateDir: string): Promise<readonly LedgerRow[]> {
  const { code, stdout, stderr } = await run('audit', '--json', '--state-dir', stateDir);
  assert.deepEqual([code, stderr], [0, ''], stdout);
  return (JSON.parse(stdout) as { ledger: LedgerRow[] }).ledger;
}

/** One of two workspaces refuses each sign of life for good. */
async function refuseHeartbeats({ handler, workspaceIds }: Stage): Promise<void> {
  await handler.admin.setFault({ endpoint: 'ods', workspaceId: workspaceIds.two!, status: 400 });
}

async function startAgent(stage: Stage, stateDir: string): Promise<AgentProcess> {
  return startAgentProcess({
    stateDir,
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: { heartbeat: { intervalSeconds: 1 }, delivery: { flushIntervalSeconds: 0.2 } },
  });
}

async function untilQuarantined(agent: AgentProcess): Promise<void> {
  const has = ({ ledger }: AgentStatus): boolean => sum(ledger, 'quarantined') > 0;
  assert.ok(has(await pollUntil(() => agent.status(), has)), agent.log());
}

/** A state directory that no agent uses: two batches wait for `a`, one was refused. */
async function stateOf(t: TestContext): Promise<{ path: string; database: string }> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  for (const first of [0, 2, 4]) {
    await fillBuffer(buffer, numbered(2, first), { destinations: ['a'] });
  }
  const [refused] = buffer.pending('a', 1);
  buffer.reject('a', refused!.id, 'HTTP 400', { status: 400, detail: 'no such column' });
  await buffer.close();
  return disk;
}

describe('the books', { concurrency: 2 }, () => {
  test('what a service refused is seen, sent again and dropped', async (t) => {
    const stage = await setStage(t, {
      dataSources: {
        syslog: [
          {
            ...{ name: 's', streams: ['Microsoft-Syslog'] },
            ...{ facilityNames: ['*'], logLevels: ['*'] },
          },
        ],
      },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one', 'two'] }],
    });
    await refuseHeartbeats(stage);
    const stateDir = join(stage.folder, 'agent');
    const state = ['--state-dir', stateDir];
    const agent = await startAgent(stage, stateDir);
    t.after(() => agent.stop());
    await untilQuarantined(agent);
    const socket = ['--control-socket', agent.controlSocket];

    const listed = await run('quarantine', 'ls', '--json', ...state);
    assert.deepEqual([listed.code, listed.stderr], [0, '']);
    const { entries } = JSON.parse(listed.stdout) as { entries: Record<string, unknown>[] };
    assert.deepEqual([entries.at(-1)?.id, entries.at(-1)?.status], [1, 400]);
    const cat = await run('quarantine', 'cat', '1', ...state);
    assert.equal(cat.code, 0);
    assert.ok('Computer' in JSON.parse(cat.stdout.split('\n')[0]!), cat.stdout);
    const verified = await run('buffer', 'verify', ...state);
    assert.deepEqual([verified.code, verified.stderr], [0, ''], verified.stdout);
    await ledgerOf(stateDir);

    const elsewhere = ['--control-socket', join(stage.folder, 'no.sock')];
    const refused = await run('quarantine', 'drop', '1', ...state, ...elsewhere);
    assert.deepEqual([refused.code, refused.stdout], [69, '']);
    assert.match(
      refused.stderr,
      /uses .* and cannot be asked to change anything:\n.*no such socket/,
    );
    assert.match(refused.stderr, /Stop it, or name its socket with --control-socket\.$/m);

    await stage.handler.admin.clearFaults();
    const replayed = await run('quarantine', 'replay', '1', '--json', ...state, ...socket);
    assert.deepEqual([replayed.code, replayed.stderr], [0, '']);
    assert.deepEqual(JSON.parse(replayed.stdout), { replay: { 1: 'done' } });
    const { Timestamp } = JSON.parse(cat.stdout.split('\n')[0]!) as { Timestamp: string };
    const times = async () => {
      const rows = await stage.rows('Heartbeat', 'two');
      return rows.map(({ TimeGenerated }) => Date.parse(String(TimeGenerated)));
    };
    const hasIt = (all: readonly number[]) => all.includes(Date.parse(Timestamp));
    assert.ok(hasIt(await pollUntil(times, hasIt)), agent.log());

    await refuseHeartbeats(stage);
    await untilQuarantined(agent);
    assert.equal(await agent.stop(), 0);
    const left = sum(await ledgerOf(stateDir), 'quarantined');
    const dropped = await run('quarantine', 'drop', '--all', ...state);
    assert.deepEqual([dropped.code, dropped.stderr], [0, '']);
    const after = await ledgerOf(stateDir);
    assert.deepEqual([sum(after, 'quarantined'), sum(after, 'dropped')], [0, left]);
  });

  test('without an agent, commands do the same, and leave the directory usable', async (t) => {
    const { path } = await stateOf(t);
    const state = ['--state-dir', path];
    const before = await run('buffer', 'ls', '--json', ...state);
    const { batches } = JSON.parse(before.stdout) as { batches: { id: string }[] };
    assert.equal(batches.length, 2);
    const cat = await run('buffer', 'cat', batches[0]!.id, ...state);
    assert.deepEqual(cat, { code: 0, stdout: '{"id":2}\n{"id":3}\n', stderr: '' });
    const pretty = await run('buffer', 'cat', '--pretty', batches[0]!.id, ...state);
    assert.equal(pretty.stdout, '{\n  "id": 2\n}\n{\n  "id": 3\n}\n');
    const replayed = await run('quarantine', 'replay', '--destination', 'a', ...state);
    assert.deepEqual(replayed, {
      ...{ code: 0, stdout: '1 entry back in the buffer, to be delivered\n', stderr: '' },
    });
    const table = await run('buffer', 'ls', ...state);
    assert.match(table.stdout, /^a +3 +6 /m);
    const [row] = await ledgerOf(path);
    assert.deepEqual([row?.buffered, row?.quarantined], [6, 0]);
    const empty = await run('quarantine', 'ls', ...state);
    assert.equal(empty.stdout, 'the quarantine is empty\n');
  });

  test('numbers and names that are not there change nothing', async (t) => {
    const { path } = await stateOf(t);
    const state = ['--state-dir', path];
    const wrong: readonly [number, RegExp, ...string[]][] = [
      [66, /the quarantine has no entry 7; `dcr-agent quarantine ls`/, 'quarantine', 'cat', '7'],
      [66, /the quarantine has no entries 7, 8; /, 'quarantine', 'drop', '1', '7', '8'],
      [64, /must be a whole number from 1 on/, 'quarantine', 'replay', 'one'],
      [64, /name entries or --all, and not both/, 'quarantine', 'drop'],
      [64, /name entries, --destination or --all/, 'quarantine', 'replay', '1', '--all'],
      [64, /cannot be used with option/, 'quarantine', 'replay', '--all', '--destination', 'a'],
      [66, /there is no batch x any more; `dcr-agent buffer ls --json`/, 'buffer', 'cat', 'x'],
      [64, /must be a whole number from 1 on/, 'buffer', 'ls', '--limit', '0'],
    ];
    await Promise.all(
      wrong.map(async ([code, words, ...args]) => {
        const ended = await run(...args, ...state);
        assert.deepEqual([ended.code, ended.stdout], [code, ''], args.join(' '));
        assert.match(ended.stderr, words);
        assert.doesNotMatch(ended.stderr, / at .*\.ts:/);
      }),
    );
    const [row] = await ledgerOf(path);
    assert.deepEqual([row?.buffered, row?.quarantined], [4, 2]);
  });

  test('a place without a buffer is told apart from one with something else', async () => {
    const folder = await temporaryFolder();
    const [none, other, old] = [join(folder, 'none'), join(folder, 'other'), join(folder, 'old')];
    mkdirSync(other);
    mkdirSync(old);
    writeFileSync(join(other, 'buffer.db'), 'something else\n');
    writeVersion1(join(old, 'buffer.db'));
    const places: readonly [string, number, RegExp][] = [
      [none, 66, /there is no folder /],
      [folder, 66, /holds no buffer: no agent ever ran on it/],
      [other, 65, /buffer\.db is damaged: file is not a database/],
      [old, 78, /written by an older agent \(schema 1\); `dcr-agent run` migrates it/],
    ];
    const check = async (
      args: readonly string[],
      [place, code, words]: (typeof places)[number],
    ) => {
      const ended = await run(...args, '--state-dir', place);
      assert.deepEqual([ended.code, ended.stdout], [code, ''], `${args.join(' ')} ${place}`);
      assert.match(ended.stderr, words);
    };
    const commands = [['buffer', 'ls'], ['audit'], ['quarantine', 'drop', '--all']];
    for (const place of places) await Promise.all(commands.map((args) => check(args, place)));
  });

  test('damage is found, repaired with an exact report, and an audit balances', async (t) => {
    const { path, database } = await stateOf(t);
    const state = ['--state-dir', path];
    query(database, "UPDATE fragments SET deflated = x'00' WHERE batch = 2");
    const found = await run('buffer', 'verify', ...state);
    assert.deepEqual([found.code, found.stderr], [1, '']);
    assert.match(found.stdout, /^fragment 0 of batch .* is not what was written: 2 records$/m);
    const repaired = await run('buffer', 'repair', '--json', ...state);
    assert.deepEqual([repaired.code, repaired.stderr], [0, '']);
    const report = JSON.parse(repaired.stdout) as { lost: { records: number }[]; batches: number };
    assert.deepEqual([report.batches, report.lost.map(({ records }) => records)], [1, [2]]);
    const [row] = await ledgerOf(path);
    assert.deepEqual([row?.buffered, row?.quarantined, row?.dropped], [2, 2, 2]);
    const again = await run('buffer', 'repair', ...state);
    assert.match(again.stdout, /is sound: there is nothing to repair$/m);
  });

  test('an audit ends with 1 when the ledger does not add up', async (t) => {
    const { path, database } = await stateOf(t);
    query(database, 'UPDATE ledger SET delivered = delivered + 1');
    const [table, json] = await Promise.all([
      run('audit', '--state-dir', path),
      run('audit', '--json', '--state-dir', path),
    ]);
    assert.deepEqual([table.code, table.stderr], [1, '']);
    assert.match(table.stdout, /for a does not add up\nTHE LEDGER DOES NOT BALANCE$/m);
    assert.deepEqual([json.code, JSON.parse(json.stdout).isBalanced], [1, false]);
  });

  test('a reader that closes the pipe early is no failure', async (t) => {
    const { path } = await stateOf(t);
    const { child, process } = startCommand('agent', ['audit', '--state-dir', path]);
    child.stdout!.destroy();
    assert.deepEqual([await process.ended, process.log()], [0, '']);
  });
});

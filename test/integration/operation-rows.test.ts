/**
 * What operators are told in their workspaces of the agent itself: that something is wrong, and
 * that it is over. Pauses of the agent are cut short; everything else is the real world.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, test } from 'node:test';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { type LabAgent, type Laboratory, openLaboratory } from '../support/laboratory.ts';
import { pollUntil } from '../support/processes.ts';
import { keptMessages, SYSLOG_RULE, SYSLOG_SOURCE, sendSyslog } from '../support/syslog-rule.ts';
import { BOTH, type Row } from '../support/two-workspaces.ts';
import { until } from '../support/until.ts';

const GUID = '11111111-2222-3333-4444-555555555555';
const PAUSE_MS_MAX = 100;
/** What a stop may take is no pause. */
const STOP_LIMITS_MS: ReadonlySet<number> = new Set([2_000, 5_000]);
/** Between two looks of the agent at itself. */
const LOOK_MS = 10_000;
/** Long beside a pause, as the agent's own is beside an attempt. */
const SHORT_LOOK_MS = 500;

interface LookedAtAgent extends LabAgent {
  /** Resolves when the agent has looked at itself so often from now on that it noticed an end. */
  looked(): Promise<void>;
}

async function startAgent(lab: Laboratory, values: object = {}): Promise<LookedAtAgent> {
  let looks = 0;
  const clock: typeof systemClock = {
    ...systemClock,
    sleep: (ms, signal) => {
      const isLook = ms === LOOK_MS;
      if (isLook) looks += 1;
      const pauseMs = STOP_LIMITS_MS.has(ms) ? ms : Math.min(ms, PAUSE_MS_MAX);
      return systemClock.sleep(isLook ? SHORT_LOOK_MS : pauseMs, signal);
    },
  };
  const agent = await lab.startAgent({ shutdown: { timeoutSeconds: 1 }, ...values }, { clock });
  const looked = async (): Promise<void> => {
    const enough = looks + 4;
    await until('the agent has looked at itself', () => looks >= enough);
  };
  return { ...agent, looked };
}

/** The first row that says so. */
async function rowWhen(lab: Laboratory, said: RegExp, workspace = 'one'): Promise<Row> {
  const text = ({ OperationStatus, OperationCategory, Detail }: Row): string =>
    `${OperationStatus} ${OperationCategory}: ${Detail}`;
  const find = (rows: readonly Row[]): Row | undefined => rows.find((row) => said.test(text(row)));
  const rows = await pollUntil(
    () => lab.rows('Operation', workspace),
    (all) => find(all) !== undefined,
  );
  const found = find(rows);
  assert.ok(found, `${said} is not among ${rows.map(text).join('\n')}`);
  return found;
}

describe('rows of the table Operation', { concurrency: 4 }, () => {
  test('a source that fails and one that works again are told, to every workspace', async (t) => {
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await once(taken, 'listening');
    const address = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
    const lab = await openLaboratory(t, SYSLOG_RULE);
    await startAgent(lab, { sources: { syslog: { tcp: [address] } } });
    for (const workspace of BOTH) {
      const row = await rowWhen(lab, /^Error Source: source syslog cannot be read: /, workspace);
      assert.match(String(row.Detail), new RegExp(address));
      assert.equal(row.Solution, 'Log Management');
      assert.ok(Math.abs(Date.parse(String(row.TimeGenerated)) - Date.now()) < 60_000);
    }
    taken.close();
    await rowWhen(lab, /^Succeeded Source: source syslog is read again/);
    const rows = await lab.rows('Operation', 'one');
    assert.ok(rows.length <= 6, 'attempts in between are not told one by one');
  });

  test('a rule that is refused, one that is done in part, and their end are told', async (t) => {
    const unknown = [
      { name: 'etw', streams: ['Microsoft-Event'], providerType: 'Manifest', provider: GUID },
    ];
    const rule = {
      dataSources: { syslog: [SYSLOG_SOURCE], etwProviders: unknown },
      dataFlows: [{ streams: ['Microsoft-Syslog', 'Microsoft-Event'], destinations: BOTH }],
    };
    const lab = await openLaboratory(t, rule);
    const odd = { configurationId: 'dcr-odd', eTag: '1', op: 'added', content: { kind: 'New' } };
    lab.gateway.rewrite = (body) =>
      body.replace('"configurations":[', `"configurations":[${JSON.stringify(odd)},`);
    await startAgent(lab);
    await rowWhen(lab, /^Error Rule: a rule is refused: configuration 'dcr-odd' is of the unknown/);
    await rowWhen(
      lab,
      /^Warning Rule: a part of rule dcr-.* data source etw: .* not supported yet/,
    );
    lab.gateway.rewrite = (body) => body;
    await lab.putRule(SYSLOG_RULE);
    await rowWhen(lab, /^Succeeded Rule: rule dcr-odd is not refused any more/);
    await rowWhen(lab, /^Succeeded Rule: nothing of rule dcr-.* is left out any more/);
  });

  test('what is told before any workspace is known waits for the first one', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const odd = { configurationId: 'dcr-odd', eTag: '1', op: 'added', content: { kind: 'New' } };
    lab.gateway.rewrite = (body) =>
      body.includes('"configurations":[') ? JSON.stringify({ configurations: [odd] }) : body;
    const agent = await startAgent(lab);
    await agent.statusWhen(({ rules }) => rules.refused.length > 0);
    await agent.looked();
    // Two looks after that it is over, and nobody has taken it.
    lab.gateway.rewrite = (body) =>
      body.includes('"configurations":[') ? JSON.stringify({ configurations: [] }) : body;
    await lab.putRule({ ...SYSLOG_RULE, description: 'once more' });
    await agent.statusWhen(({ rules }) => rules.refused.length === 0);
    assert.deepEqual(agent.status().sources, []);
    await agent.looked();
    lab.gateway.rewrite = (body) => body;
    await lab.putRule(SYSLOG_RULE);
    await rowWhen(lab, /^Error Rule: a rule is refused: configuration 'dcr-odd'/);
    await rowWhen(lab, /^Succeeded Rule: rule dcr-odd is not refused any more/);
  });

  test('a workspace that denies is told to the other one, and that it takes again', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const workspaceId = lab.workspaceIds.two!;
    await lab.admin.setFault({ endpoint: 'ods', workspaceId, status: 403 });
    const agent = await startAgent(lab);
    await sendSyslog(agent, keptMessages(1, 1));
    const denied = new RegExp(`^Error Destination: .*ods-${workspaceId} .* refuses .*HTTP 403`);
    await rowWhen(lab, denied);
    await lab.admin.clearFaults();
    await rowWhen(lab, /^Succeeded Destination: destination .* takes records again/);
    await rowWhen(lab, denied, 'two');
  });

  test('records in the quarantine are told once, even where the rows about them end there too', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const workspaceId = lab.workspaceIds.two!;
    await lab.admin.setFault({ endpoint: 'ods', workspaceId, status: 400 });
    const agent = await startAgent(lab);
    await sendSyslog(agent, keptMessages(1, 1));
    await rowWhen(lab, /^Error Destination: .* refused 1 records of flow .*SYSLOGS_BLOB for good/);
    const isOwn = ({ flow }: { flow: string }): boolean => flow.endsWith('/operation');
    await agent.statusWhen(({ ledger }) => ledger.some((row) => isOwn(row) && row.quarantined > 0));
    const before = await lab.rows('Operation', 'one');
    await agent.looked();
    await agent.statusWhen(({ ledger }) => ledger.filter(isOwn).every((row) => row.buffered === 0));
    assert.ok(before.length <= 2, 'heartbeat and syslog; the rows themselves are left out');
    assert.equal((await lab.rows('Operation', 'one')).length, before.length);
  });
});

// By itself: the others would wait for what it moves.
test('a buffer that fills up, takes nothing, and is emptied is told when it can be', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  await lab.admin.setFault({ endpoint: 'ods', status: 503 });
  const agent = await startAgent(lab, {
    buffer: { quotaMegabytes: 24, dropAfterSeconds: 86_400 },
  });
  const { buffer } = await agent.statusWhen(({ sources }) => sources.length > 0);
  const noise = (): string =>
    keptMessages(1, 64).replaceAll(/\n/g, () => ` ${randomBytes(6_000).toString('base64')}\n`);
  let full: Promise<unknown> = Promise.resolve();
  await pollUntil(
    async () => {
      full = sendSyslog(agent, noise());
      await Promise.race([full, systemClock.sleep(1_000)]);
      return agent.status();
    },
    (s) => s.sources.some(({ state }) => state === 'waiting for space'),
  );
  assert.ok(agent.status().buffer.diskBytes <= buffer.quotaBytes);
  await agent.looked();
  await lab.admin.clearFaults();
  await rowWhen(lab, /^Warning Buffer: the buffer takes \d+ MB of its quota of 24 MB/);
  await rowWhen(lab, /^Error Buffer: the buffer takes nothing, \d of \d sources wait/);
  await rowWhen(lab, /^Succeeded Buffer: the buffer takes records again/);
  await rowWhen(lab, /^Succeeded Buffer: the buffer takes less than 80 % of its quota again/);
  await full;
  assert.equal(agent.status().isBalanced, true);
});

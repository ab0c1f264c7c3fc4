import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, SyslogFlow } from '@dcr-agent/schema';
import { MessageBatch } from '../../../packages/agent/src/sources/syslog/message-batch.ts';
import { SyslogTap } from '../../../packages/agent/src/sources/syslog/tap.ts';
import { profileSyslog, type SyslogProfile } from '../../../packages/agent/src/syslog-profile.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const toEpochMs = (wallMs: number): number => wallMs;

function flow(id: string, facilityNames: string[], stream = 'LINUX_SYSLOGS_BLOB'): SyslogFlow {
  return {
    id: `dcr-1/${id}/${stream}`,
    stream,
    destinations: ['d'],
    facilityNames,
    logLevels: ['*'],
  };
}

function planOf(...flows: SyslogFlow[]): Plan {
  const sources = flows.length === 0 ? [] : [{ kind: 'syslog', key: 'syslog', flows } as const];
  return { sources, destinations: [], skipped: [] };
}

/** What a profile of ten seconds tells of these messages. */
async function profileOf(
  plan: Plan,
  messages: readonly string[],
  refusal?: string,
): Promise<SyslogProfile> {
  const [tap, clock] = [new SyslogTap(), new ManualClock()];
  const { signal } = new AbortController();
  const profile = profileSyslog({ tap, clock, plan: () => plan, forMs: 10_000, signal });
  const show = tap.viewer(toEpochMs, () => refusal);
  const batch = new MessageBatch({ toEpochMs, onUnparsed: () => {} });
  for (const text of messages) {
    const bytes = Buffer.from(text);
    batch.add(bytes, 0, bytes.length, { receivedAtMs: clock.now(), senderAddress: '' });
  }
  show(batch);
  await clock.advance(10_000);
  return profile;
}

test('messages are counted by what they are, the most frequent first, with what collects them', async () => {
  const plan = planOf(
    flow('auth', ['auth']),
    flow('all', ['*']),
    flow('cef', ['*'], 'SECURITY_CEF_BLOB'),
  );
  const ssh = '<38>Mar  1 10:11:12 web01 sshd[7]: hello';
  const cef = '<134>Mar  1 10:11:12 fw01 CEF:0|V|P|1|1|N|5|src=1.2.3.4';
  const { rows, ...totals } = await profileOf(plan, [cef, ssh, ssh]);
  assert.deepEqual(totals, {
    ...{ seconds: 10, messages: 3, uncollected: 0 },
    ...{ others: 0, othersUncollected: 0 },
  });
  assert.deepEqual(rows, [
    {
      ...{ host: 'web01', program: 'sshd', facility: 'auth', severity: 'info', format: 'rfc3164' },
      ...{ count: 2, perSecond: 0.2, collectedBy: ['dcr-1/auth', 'dcr-1/all'] },
    },
    {
      ...{ host: 'fw01', program: 'CEF', facility: 'local0', severity: 'info', format: 'cef' },
      ...{ count: 1, perSecond: 0.1, collectedBy: ['dcr-1/all', 'dcr-1/cef'] },
    },
  ]);
});

test('what no rule collects, or the agent leaves out, has no collector', async () => {
  const ssh = '<38>Mar  1 10:11:12 web01 sshd[7]: hello';
  const { rows: none } = await profileOf(planOf(flow('mail', ['mail'])), [ssh, 'nothing']);
  assert.deepEqual(
    none.map(({ collectedBy }) => collectedBy),
    [[], []],
  );
  assert.deepEqual(none.map(({ facility, severity }) => [facility, severity])[1], ['nopri', '']);
  const { rows: refused } = await profileOf(planOf(flow('all', ['*'])), [ssh], 'own message');
  assert.deepEqual(
    refused.map((row) => [row.collectedBy, row.refusal]),
    [[[], 'own message']],
  );
});

test('kinds are bounded, and so are names; what is beyond is counted', async () => {
  const messages = Array.from({ length: 10_002 }, (_, n) => `<38>Mar  1 10:11:12 h app${n}: x`);
  const long = `<38>Mar  1 10:11:12 h ${'p'.repeat(100)}: x`;
  const profile = await profileOf(planOf(flow('all', ['*'])), [long, ...messages]);
  assert.equal(profile.rows.length, 10_000);
  assert.deepEqual([profile.messages, profile.others], [10_003, 3]);
  assert.ok(profile.rows.every(({ program }) => program.length <= 64));
});

test('what is not collected is counted in full, also beyond the rows', async () => {
  const of = (priority: number) => (_: unknown, n: number) =>
    `<${priority}>Mar  1 10:11:12 h${priority} app${n}: x`;
  const auth = Array.from({ length: 6_000 }, of(38));
  const mail = Array.from({ length: 6_000 }, of(22));
  const profile = await profileOf(planOf(flow('auth', ['auth'])), [...auth, ...mail, ...mail]);
  const { messages, uncollected, others, othersUncollected } = profile;
  assert.deepEqual(
    [messages, uncollected, others, othersUncollected],
    [18_000, 12_000, 4_000, 4_000],
  );
});

test('without a rule that collects syslog it says so, and what to do', async () => {
  const [tap, clock] = [new SyslogTap(), new ManualClock()];
  const { signal } = new AbortController();
  const profile = profileSyslog({ tap, clock, plan: () => planOf(), forMs: 1_000, signal });
  await assert.rejects(profile, {
    code: 'SOURCE_UNAVAILABLE',
    message: /does not listen; put one in force/,
  });
  assert.equal(tap.isOpen, false);
});

test('it ends when its signal aborts, and lets the next one look', async () => {
  const [tap, clock] = [new SyslogTap(), new ManualClock()];
  const gone = new AbortController();
  const plan = (): Plan => planOf(flow('all', ['*']));
  const profile = profileSyslog({ tap, clock, plan, forMs: 10_000, signal: gone.signal });
  assert.equal(tap.isOpen, true);
  gone.abort();
  assert.deepEqual((await profile).rows, []);
  assert.equal(tap.isOpen, false);
});

/** What an agent does while whoever gives it rules and tokens is away, wrong or talks nonsense. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { startGateway } from '../support/gateway.ts';
import { type LabAgent, type Laboratory, openLaboratory } from '../support/laboratory.ts';
import type { LocalAnswer } from '../support/local-server.ts';
import { pollUntil } from '../support/processes.ts';
import {
  arrivedNumbers,
  keptMessages,
  numbersIn,
  range,
  SYSLOG_RULE,
  sendSyslog,
} from '../support/syslog-rule.ts';
import {
  BOTH,
  MACHINE_ID,
  NUMBERED_TABLE,
  numberedLines,
  RULE_ID,
} from '../support/two-workspaces.ts';

const ASKING_FOR_RULES = /\/agentConfigurations\?/;
const ASKING_FOR_INGESTION_TOKEN = /\/issueIngestionToken\?/;

/** Answers every request to these URLs, or lets all pass again. */
function answerTo(lab: Laboratory, url: RegExp, answer: LocalAnswer | undefined): void {
  lab.gateway.intercept = (request) => (url.test(request.url) ? answer : undefined);
}

/** Until the agent has asked twice more: the first answer has been dealt with then. */
async function asked(lab: Laboratory, url: RegExp, times = 2): Promise<void> {
  const count = (): number => lab.gateway.requests.filter((each) => url.test(each.url)).length;
  const before = count();
  const now = await pollUntil(
    async () => count(),
    (n) => n >= before + times,
  );
  assert.ok(now >= before + times, `asked ${now - before} times`);
}

const failureOf = (agent: LabAgent): string | undefined =>
  (agent.status().rules.lastFailure as { reason: string } | null)?.reason;

const ruleCount = (agent: LabAgent): number =>
  (agent.status().rules.configurations as unknown[]).length;

/** A handler and an agent whose clocks can be put forward, each its own. */
async function openWithClocks(t: TestContext) {
  const ahead = { handler: 0, agent: 0 };
  const lab = await openLaboratory(t, SYSLOG_RULE, {
    tokenLifetimeSeconds: 600,
    ingestionTokenLifetimeSeconds: 600,
    now: () => Date.now() + ahead.handler,
  });
  const clock = {
    now: () => systemClock.now() + ahead.agent,
    monotonic: () => systemClock.monotonic() + ahead.agent,
    sleep: systemClock.sleep,
  };
  const agent = await lab.startAgent({}, { clock });
  await sendSyslog(agent, keptMessages(1, 1));
  for (const workspace of BOTH) await arrivedNumbers(lab, workspace, 1);
  return { lab, agent, ahead, tokensBefore: new Set(lab.gateway.tokens) };
}

const NONSENSE: readonly [string, LocalAnswer][] = [
  ['a page', { status: 200, body: '<html><body>Sign in</body></html>' }],
  ['nothing', { status: 200, body: '' }],
  ['null', { status: 200, body: 'null' }],
  ['half an object', { status: 200, body: '{"configurations":[{"configurationId":"dcr-' }],
  ['an object without rules', { status: 200, body: {} }],
  ['a number of rules', { status: 200, body: { configurations: 7 } }],
  ['bytes', { status: 200, body: '\u0000\u0001\ufffd\u007f'.repeat(1_000) }],
  ['a deep array', { status: 200, body: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }],
  ['a redirection', { status: 302, headers: { location: 'http://192.0.2.1/' } }],
  ['an unasked 304', { status: 304, body: '' }],
  ['a strange status', { status: 299, body: 'x' }],
];

const sentTo = (url: string): LocalAnswer => ({
  status: 421,
  headers: { 'x-ms-agent-config-endpoint': url },
});

describe('the control plane', { concurrency: 4 }, () => {
  test('an agent starts from the kept rules while the handler is away, and delivers later', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const file = join(lab.folder, 'numbered.log');
    const lines = numberedLines(file);
    await lab.putRule({
      streamDeclarations: lines.streamDeclarations,
      dataSources: { logFiles: lines.logFiles },
      dataFlows: [lines.flow],
    });
    const first = await lab.startAgent();
    await pollUntil(
      async () => ruleCount(first),
      (count) => count === 1,
    );
    await first.stop();
    await lab.stopHandlers();
    for (const n of range(1, 10)) appendFileSync(file, `line ${n}\n`);

    const second = await lab.startAgent();
    const status = await second.statusWhen(({ ledger }) =>
      ledger.some(({ buffered }) => buffered === 10),
    );
    assert.deepEqual([ruleCount(second), status.isBalanced], [1, true]);
    assert.match(failureOf(second) ?? '', /^no token for /);

    await lab.startHandlers();
    for (const workspace of BOTH) {
      const rows = await pollUntil(
        () => lab.rows(NUMBERED_TABLE, workspace),
        ({ length }) => length >= 10,
      );
      assert.deepEqual(numbersIn(rows, 'RawData'), range(1, 10));
    }
    assert.equal(
      await pollUntil(
        async () => failureOf(second),
        (f) => f === undefined,
      ),
      undefined,
    );
  });

  test('tokens that have expired are replaced before anything is sent with them', async (t) => {
    const { lab, agent, ahead, tokensBefore } = await openWithClocks(t);
    ahead.handler = 3_600_000;
    ahead.agent = 3_600_000;
    await sendSyslog(agent, keptMessages(2, 2));
    for (const workspace of BOTH) assert.deepEqual(await arrivedNumbers(lab, workspace, 2), [1, 2]);
    assert.ok(lab.gateway.tokens.size >= tokensBefore.size + 3, 'one machine, two channels');
    for (const { requests } of agent.status().lanes as unknown as { requests: object }[]) {
      assert.equal('401' in requests, false, JSON.stringify(requests));
    }
  });

  test('tokens that are refused before their time are replaced, and the batch is sent again', async (t) => {
    const { lab, agent, ahead, tokensBefore } = await openWithClocks(t);
    ahead.handler = 3_600_000;
    // No issuer is asked again within seconds.
    ahead.agent = 30_000;
    await sendSyslog(agent, keptMessages(2, 2));
    for (const workspace of BOTH) assert.deepEqual(await arrivedNumbers(lab, workspace, 2), [1, 2]);
    assert.ok(lab.gateway.tokens.size >= tokensBefore.size + 3);
    const status = await agent.statusWhen(({ ledger }) =>
      ledger.every((row) => row.buffered === 0),
    );
    assert.equal(status.isBalanced, true);
  });

  test("another machine's identity is told in status and log, and the agent stays", async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const other = MACHINE_ID.replace('node1', 'node2');
    const agent = await lab.startAgent({ machine: { resourceId: other, region: 'local' } });
    const reason = await pollUntil(
      async () => failureOf(agent),
      (r) => r !== undefined,
    );
    assert.match(
      reason ?? '',
      /answered 403 InvalidResourceId: The access token belongs to .*node1/,
    );
    await asked(lab, ASKING_FOR_RULES);
    const told = agent.log.filter((line) => line.includes('InvalidResourceId'));
    assert.equal(told.filter((line) => line.includes('"level":"warn"')).length, 1, 'once');
    assert.deepEqual(agent.status().sources, []);
  });

  test('a machine without rules collects nothing until it has one', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    await lab.admin.delete(RULE_ID, { deleteAssociations: true });
    const agent = await lab.startAgent();
    await asked(lab, ASKING_FOR_RULES);
    assert.deepEqual([ruleCount(agent), agent.status().sources], [0, []]);
    assert.ok(agent.log.some((line) => line.includes('the control plane has no rules')));
    await lab.putRule(SYSLOG_RULE);
    await lab.admin.associate(MACHINE_ID, 'rule1', RULE_ID);
    await sendSyslog(agent, keptMessages(1, 1));
    assert.deepEqual(await arrivedNumbers(lab, 'one', 1), [1]);
  });

  test('a rule the control plane does not know any more holds its lanes, with the reason', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const first = await lab.startAgent();
    await pollUntil(
      async () => ruleCount(first),
      (count) => count === 1,
    );
    await first.stop();
    // The kept rules go on, and their tokens are asked for, but nobody knows the rule.
    answerTo(lab, ASKING_FOR_RULES, { status: 503 });
    const deleted = await lab.admin.delete(RULE_ID, { deleteAssociations: true });
    assert.equal(deleted, true);
    const agent = await lab.startAgent();
    await sendSyslog(agent, keptMessages(1, 5));
    const { lanes, ledger, isBalanced } = await agent.statusWhen((status) =>
      status.lanes.some(({ state }) => state === 'held'),
    );
    const held = lanes.find(({ state }) => state === 'held');
    assert.match(held?.lastFailure?.reason ?? '', /^no token: .* answered 404 /);
    assert.equal(isBalanced, true);
    assert.ok(ledger.every(({ rejected, dropped }) => rejected + dropped === 0));
  });

  test('rules stay in force whatever nonsense the control plane answers', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const agent = await lab.startAgent();
    await pollUntil(
      async () => ruleCount(agent),
      (count) => count === 1,
    );
    for (const [what, answer] of NONSENSE) {
      answerTo(lab, ASKING_FOR_RULES, answer);
      await asked(lab, ASKING_FOR_RULES);
      assert.equal(ruleCount(agent), 1, what);
      assert.notEqual(failureOf(agent), undefined, what);
    }
    await sendSyslog(agent, keptMessages(1, 3));
    assert.deepEqual(await arrivedNumbers(lab, 'one', 3), [1, 2, 3]);
    answerTo(lab, ASKING_FOR_RULES, undefined);
    assert.equal(
      await pollUntil(
        async () => failureOf(agent),
        (f) => f === undefined,
      ),
      undefined,
    );
  });

  test('nonsense instead of tokens is a failure with a reason, and passes', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    answerTo(lab, ASKING_FOR_INGESTION_TOKEN, { status: 200, body: '{"ingestionAuthToken":7}' });
    const agent = await lab.startAgent();
    await sendSyslog(agent, keptMessages(1, 3));
    const { lanes } = await agent.statusWhen((status) =>
      status.lanes.every(({ lastFailure }) => lastFailure !== null),
    );
    for (const { lastFailure } of lanes) {
      assert.match(lastFailure?.reason ?? '', /^no token: .* without ingestionAuthToken/);
    }
    answerTo(lab, ASKING_FOR_INGESTION_TOKEN, undefined);
    await agent.stop();
    const second = await lab.startAgent();
    for (const workspace of BOTH)
      assert.deepEqual(await arrivedNumbers(lab, workspace, 3), [1, 2, 3]);
    assert.equal(second.status().isBalanced, true);
  });

  test('a machine that is sent to another endpoint is served there', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const other = await startGateway();
    t.after(() => other.close());
    other.target = lab.gateway.target;
    answerTo(lab, ASKING_FOR_RULES, sentTo(other.url));
    const agent = await lab.startAgent();
    const { rules } = await agent.statusWhen(({ rules: r }) => r.activeEndpoint === other.url);
    assert.equal(rules.endpoint, lab.gateway.url);
    await sendSyslog(agent, keptMessages(1, 1));
    assert.deepEqual(await arrivedNumbers(lab, 'one', 1), [1]);
  });

  for (const [what, url, reason] of [
    ['itself', '', /that was asked already/],
    ['a place that is not encrypted', 'http://192.0.2.1/', /is not encrypted/],
    ['nowhere', 'nowhere', /that is not a URL/],
  ] as const) {
    test(`a machine that is sent to ${what} keeps its rules and says why`, async (t) => {
      const lab = await openLaboratory(t, SYSLOG_RULE);
      const agent = await lab.startAgent();
      await pollUntil(
        async () => ruleCount(agent),
        (count) => count === 1,
      );
      answerTo(lab, ASKING_FOR_RULES, sentTo(url === '' ? lab.gateway.url : url));
      const failure = await pollUntil(
        async () => failureOf(agent),
        (f) => f !== undefined,
      );
      assert.match(failure ?? '', reason);
      assert.equal(ruleCount(agent), 1);
    });
  }
});

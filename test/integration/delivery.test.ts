/** From a rule to rows in two workspaces, whatever one of the workspaces does meanwhile. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import { EvtxAppender } from '../support/evtx-writer/evtx-appender.ts';
import { openLaboratory } from '../support/laboratory.ts';
import { numberedEvent, numberOfEventRow } from '../support/numbered-events.ts';
import {
  arrivedNumbers,
  filteredMessages,
  keptMessages,
  numbersIn,
  range,
  SYSLOG_RULE,
  SYSLOG_SOURCE,
  sendSyslog,
} from '../support/syslog-rule.ts';
import { BOTH, NUMBERED_TABLE, numberedLines } from '../support/two-workspaces.ts';

const isDelivered = ({ ledger }: AgentStatus): boolean =>
  ledger.length > 0 && ledger.every(({ buffered }) => buffered === 0);

describe('delivery', { concurrency: 4 }, () => {
  test('one rule fills the tables of two workspaces, and the ledger accounts for all', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const file = join(lab.folder, 'numbered.log');
    const lines = numberedLines(file);
    const log = join(lab.folder, 'application.evtx');
    const xPathQueries = ['Application!*[System[EventRecordID > 5]]'];
    await lab.putRule({
      streamDeclarations: lines.streamDeclarations,
      dataSources: {
        syslog: [SYSLOG_SOURCE],
        logFiles: lines.logFiles,
        windowsEventLogs: [{ name: 'events', streams: ['Microsoft-Event'], xPathQueries }],
      },
      dataFlows: [
        lines.flow,
        { streams: ['Microsoft-Syslog', 'Microsoft-Event'], destinations: BOTH },
      ],
    });
    for (const n of range(1, 50)) appendFileSync(file, `line ${n}\n`);
    new EvtxAppender(log).append(...range(1, 20).map((n) => numberedEvent(n)));
    const windowsEventLogs = { channels: { application: log } };
    const syslog = { tcp: ['127.0.0.1:0'] };
    const agent = await lab.startAgent({ sources: { syslog, windowsEventLogs } });
    await sendSyslog(agent, filteredMessages(1, 10) + keptMessages(11, 30));

    const status = await agent.statusWhen(
      (s) => isDelivered(s) && s.ledger.filter(({ read }) => read >= 20).length === 5,
    );
    assert.equal(status.isBalanced, true);
    const counts = status.ledger
      .filter(({ flow }) => !flow.endsWith('heartbeat'))
      .map(({ flow, read, filtered, delivered }) => `${flow}: ${read} ${filtered} ${delivered}`);
    const rule = (status.rules.configurations as { id: string }[])[0]!.id;
    // A custom stream has one channel, whatever the number of its workspaces.
    assert.deepEqual(counts.toSorted(), [
      `${rule}/events/GENERIC_EVENT_BLOB: 20 5 15`,
      `${rule}/events/GENERIC_EVENT_BLOB: 20 5 15`,
      `${rule}/lines/Custom-Numbered: 50 0 50`,
      `${rule}/syslog/LINUX_SYSLOGS_BLOB: 30 10 20`,
      `${rule}/syslog/LINUX_SYSLOGS_BLOB: 30 10 20`,
    ]);
    for (const workspace of BOTH) {
      assert.deepEqual(numbersIn(await lab.rows('Syslog', workspace)), range(11, 30));
      const numbered = await lab.rows(NUMBERED_TABLE, workspace);
      assert.deepEqual(numbersIn(numbered, 'RawData'), range(1, 50));
      const events = (await lab.rows('Event', workspace)).map(numberOfEventRow);
      assert.deepEqual(
        events.toSorted((a, b) => a - b),
        range(6, 20),
      );
      const [heartbeat, ...more] = await lab.rows('Heartbeat', workspace);
      assert.deepEqual(more, []);
      assert.match(String(heartbeat?.VMUUID), /^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });

  const FAULTS = [
    ['503', { status: 503 }],
    ['429 with Retry-After', { status: 429, retryAfter: 600 }],
    ['broken connections', { reset: true }],
    ['answers that do not come', { delayMs: 600_000 }],
  ] as const;

  for (const [what, fault] of FAULTS) {
    test(`${what} from one workspace do not hold up the other`, async (t) => {
      const lab = await openLaboratory(t, SYSLOG_RULE);
      const workspaceId = lab.workspaceIds.two!;
      await lab.admin.setFault({ endpoint: 'ods', workspaceId, ...fault });
      const agent = await lab.startAgent({ shutdown: { timeoutSeconds: 0 } });
      for (const n of range(1, 3)) {
        await sendSyslog(agent, keptMessages(n, n));
        assert.deepEqual(await arrivedNumbers(lab, 'one', n), range(1, n));
      }
      assert.deepEqual(await lab.rows('Syslog', 'two'), []);
      const { lanes, ledger, isBalanced } = agent.status();
      const laneTo = (name: string) =>
        lanes.find(({ address }) => address.includes(lab.workspaceIds[name]!))!;
      assert.equal(laneTo('one').lastFailure, null);
      const two = laneTo('two');
      assert.ok(two.lastFailure !== null || two.inFlight > 0, 'the other one has its trouble');
      const row = ledger.find(
        ({ flow, destination }) => flow.includes('/syslog/') && destination === two.destination,
      );
      assert.deepEqual([row?.buffered, isBalanced], [3, true]);
    });
  }

  test('what a workspace refused for a while arrives when it takes again', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    await lab.admin.setFault({ endpoint: 'ods', requests: 3, status: 503, retryAfter: 1 });
    const agent = await lab.startAgent();
    await sendSyslog(agent, keptMessages(1, 10));
    for (const workspace of BOTH) {
      assert.deepEqual(await arrivedNumbers(lab, workspace, 10), range(1, 10));
    }
    const status = await agent.statusWhen(isDelivered);
    assert.equal(status.isBalanced, true);
  });

  test('what was stored before a stop is delivered after it, once', async (t) => {
    const lab = await openLaboratory(t, SYSLOG_RULE);
    const workspaceId = lab.workspaceIds.two!;
    await lab.admin.setFault({ endpoint: 'ods', workspaceId, status: 503 });
    const first = await lab.startAgent({ shutdown: { timeoutSeconds: 1 } });
    await sendSyslog(first, keptMessages(1, 10));
    assert.deepEqual(await arrivedNumbers(lab, 'one', 10), range(1, 10));
    await sendSyslog(first, keptMessages(11, 20));
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    assert.throws(() => first.status(), { code: 'BUFFER_CLOSED' });
    // A stop delivers what it can.
    assert.deepEqual(numbersIn(await lab.rows('Syslog', 'one')), range(1, 20));
    assert.deepEqual(await lab.rows('Syslog', 'two'), []);

    await lab.admin.clearFaults();
    const second = await lab.startAgent();
    const status = await second.statusWhen(isDelivered);
    for (const workspace of BOTH) {
      assert.deepEqual(numbersIn(await lab.rows('Syslog', workspace)), range(1, 20), workspace);
    }
    const rows = status.ledger.filter(({ flow }) => flow.includes('/syslog/'));
    assert.deepEqual(
      rows.map(({ read, delivered }) => ({ read, delivered })),
      [
        { read: 20, delivered: 20 },
        { read: 20, delivered: 20 },
      ],
    );
    assert.equal(status.isBalanced, true);
  });
});

/** A rule that is changed sixty times in a row while records flow: none is lost or repeated. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentStatus } from '@dcr-agent/agent';
import { openLaboratory } from '../support/laboratory.ts';
import {
  arrivedLines,
  arrivedNumbers,
  keptMessages,
  openSyslog,
  range,
  SYSLOG_RULE,
  SYSLOG_SOURCE,
} from '../support/syslog-rule.ts';
import { BOTH, numberedLines } from '../support/two-workspaces.ts';

const CHANGES = 60;

test('a rule that changes sixty times under load loses and repeats nothing', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const file = join(lab.folder, 'numbered.log');
  const { streamDeclarations, logFiles, flow } = numberedLines(file);
  /** Every version keeps every record, each in another way. */
  const version = (n: number): object => ({
    description: `version ${n}`,
    streamDeclarations,
    dataSources: {
      // Its pipeline is exchanged,
      syslog: [{ ...SYSLOG_SOURCE, logLevels: n % 2 === 0 ? ['Error'] : ['Error', 'Warning'] }],
      // and its files are opened anew.
      logFiles: [
        { ...logFiles[0], filePatterns: n % 3 === 0 ? [file] : [file, `${file}.${n % 5}`] },
      ],
    },
    dataFlows: [
      { streams: ['Microsoft-Syslog'], destinations: n % 4 < 2 ? BOTH : BOTH.toReversed() },
      flow,
    ],
  });
  await lab.putRule(version(0));
  const agent = await lab.startAgent();
  const send = await openSyslog(t, agent);

  let written = 0;
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  const load = (async () => {
    while (!isOver) {
      written += 1;
      await send(keptMessages(written, written));
      appendFileSync(file, `line ${written}\n`);
      await delay(2);
    }
  })();
  const tagOf = ({ rules }: AgentStatus): string | undefined =>
    (rules.configurations as readonly { eTag: string }[])[0]?.eTag;
  for (let n = 1; n <= CHANGES; n++) {
    const before = tagOf(agent.status());
    await lab.putRule(version(n));
    agent.reload();
    while (tagOf(agent.status()) === before) await delay(5);
  }
  isOver = true;
  await load;

  for (const workspace of BOTH) {
    assert.deepEqual(await arrivedNumbers(lab, workspace, written), range(1, written));
    assert.deepEqual(await arrivedLines(lab, workspace, written), range(1, written));
  }
  const { ledger, isBalanced } = await agent.statusWhen((status) =>
    status.ledger.every(({ buffered }) => buffered === 0),
  );
  assert.equal(isBalanced, true);
  const ofRule = ledger.filter(({ flow: name }) => !name.endsWith('heartbeat'));
  for (const row of ofRule) assert.deepEqual([row.read, row.delivered], [written, written]);
});

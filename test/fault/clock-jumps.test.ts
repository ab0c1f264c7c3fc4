/**
 * The time of day jumps by hours and days, both ways, under a running agent: records keep
 * flowing, nothing is dropped or repeated, and nobody is asked in a loop.
 */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Host } from '@dcr-agent/agent';
import { openLaboratory } from '../support/laboratory.ts';
import {
  arrivedLines,
  arrivedNumbers,
  keptMessages,
  range,
  SYSLOG_RULE,
  sendSyslog,
} from '../support/syslog-rule.ts';
import { BOTH, numberedLines } from '../support/two-workspaces.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** One after the other: the calendar is an hour ahead, right, two days ahead, right, behind. */
const JUMPS = [HOUR_MS, -HOUR_MS, 2 * DAY_MS, -2 * DAY_MS, -2 * DAY_MS, 2 * DAY_MS];
const EACH = 20;

test('an agent whose clock jumps by ±1 hour and ±2 days delivers everything once, on time', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const file = join(lab.folder, 'numbered.log');
  const { streamDeclarations, logFiles, flow } = numberedLines(file);
  await lab.putRule({
    streamDeclarations,
    dataSources: { ...SYSLOG_RULE.dataSources, logFiles },
    dataFlows: [...SYSLOG_RULE.dataFlows, flow],
  });
  let offsetMs = 0;
  let wakes = 0;
  const clock: Host['clock'] = {
    now: () => Date.now() + offsetMs,
    monotonic: () => performance.now(),
    sleep: async (ms, signal) => {
      wakes += 1;
      if (signal?.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        signal?.addEventListener('abort', () => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
  const agent = await lab.startAgent({}, { clock });

  for (const [index, jumpMs] of [0, ...JUMPS].entries()) {
    // A record that waits for its batch to be sealed while the clock jumps.
    await sendSyslog(agent, keptMessages(index * EACH + 1, index * EACH + EACH / 2));
    offsetMs += jumpMs;
    const last = (index + 1) * EACH;
    await sendSyslog(agent, keptMessages(last - EACH / 2 + 1, last));
    for (const n of range(last - EACH + 1, last)) appendFileSync(file, `line ${n}\n`);
    const before = { wakes, requests: lab.gateway.requests.length, atMs: performance.now() };
    for (const workspace of BOTH) {
      assert.deepEqual(await arrivedNumbers(lab, workspace, last), range(1, last));
      assert.deepEqual(await arrivedLines(lab, workspace, last), range(1, last));
    }
    const seconds = (performance.now() - before.atMs) / 1_000;
    // What runs by itself looks around a few dozen times a second at most.
    assert.ok(wakes - before.wakes < 200 + 200 * seconds, `${wakes - before.wakes} wakes`);
    const requests = lab.gateway.requests.length - before.requests;
    assert.ok(requests < 60 + 60 * seconds, `${requests} requests after ${jumpMs} ms`);

    const rows = await lab.rows('Syslog', 'one');
    const newest = Math.max(...rows.slice(-EACH / 2).map((row) => Date.parse(timeOf(row))));
    const wrongMs = Math.abs(newest - clock.now());
    assert.ok(wrongMs < HOUR_MS / 2, `the time of a record follows the clock: ${wrongMs} ms off`);
  }
  const tokens = lab.gateway.requests.filter(({ url }) => url.includes('issueIngestionToken'));
  assert.ok(tokens.length <= 3 * (1 + JUMPS.length), `${tokens.length} ingestion tokens`);
  const status = await agent.statusWhen(({ ledger }) =>
    ledger.every(({ buffered }) => buffered === 0),
  );
  assert.equal(status.isBalanced, true);
  for (const { flow: name, rejected, dropped } of status.ledger) {
    assert.deepEqual([rejected, dropped], [0, 0], name);
  }
});

function timeOf(row: Readonly<Record<string, string | number | null>>): string {
  return String(row.TimeGenerated);
}

/** Promise 6 over processes: a changed rule is applied without restart, loss or repetition. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { syslogPortOf } from '../support/syslog-rule.ts';
import {
  BOTH,
  inputFile,
  MACHINE_NAME,
  NUMBERED_TABLE,
  numberedLines,
  type Stage,
  setStage,
} from '../support/two-workspaces.ts';

const LINES = 400;

function startAgent(stage: Stage, pollIntervalSeconds: number): Promise<AgentProcess> {
  return startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: {
      control: { endpoint: stage.handler.url, pollIntervalSeconds },
      sources: { syslog: { tcp: ['127.0.0.1:0'] } },
      delivery: { flushIntervalSeconds: 1 },
    },
  });
}

const syslogRule = (logLevels: string[], extra: object = {}, flow?: object): object => ({
  dataSources: {
    syslog: [{ name: 'syslog', streams: ['Microsoft-Syslog'], facilityNames: ['*'], logLevels }],
    ...extra,
  },
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one'] }, ...(flow ? [flow] : [])],
});

async function syslogPort(agent: AgentProcess): Promise<number> {
  const status = await pollUntil(
    () => agent.status(),
    (answer) => syslogPortOf(answer) !== undefined,
  );
  return syslogPortOf(status)!;
}

test('a rule that changes under load is applied on SIGHUP, and no record is lost or repeated', async (t) => {
  const stage = await setStage(t, syslogRule(['Error']));
  const agent = await startAgent(stage, 300);
  t.after(() => agent.stop());
  const socket = createConnection(await syslogPort(agent), '127.0.0.1');
  t.after(() => socket.destroy());
  const file = await inputFile(stage, 'numbered.log');
  const numbered = numberedLines(file);
  const { pid } = agent;

  // Every line is an error (severity 3): both versions of the rule keep it.
  for (let n = 1; n <= LINES; n++) {
    socket.write(`<11>1 2026-11-20T10:00:00Z node1 app - - - number ${n}\n`);
    appendFileSync(file, `line ${n}\n`);
    if (n === LINES / 4) {
      await stage.putRule({
        streamDeclarations: numbered.streamDeclarations,
        ...syslogRule(['Error', 'Warning'], { logFiles: numbered.logFiles }, numbered.flow),
      });
      agent.signal('SIGHUP');
    }
    if (n % 20 === 0) await delay(25);
  }
  const numbersOf = async (): Promise<number[]> =>
    (await stage.rows('Syslog', 'one')).map((row) =>
      Number(/\d+$/.exec(String(row.SyslogMessage))),
    );
  const numbers = await pollUntil(numbersOf, (found) => found.length >= LINES);
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: LINES }, (_, i) => i + 1),
  );

  // The source that the new version added reads its file from the beginning, once.
  for (const workspace of BOTH) {
    const rows = await pollUntil(
      () => stage.rows(NUMBERED_TABLE, workspace),
      (found) => found.length >= LINES,
    );
    assert.equal(rows.length, LINES, workspace);
    assert.equal(new Set(rows.map((row) => row.RawData)).size, LINES);
  }

  // A warning is kept now, and was not before.
  socket.write('<12>1 2026-11-20T10:00:00Z node1 app - - - a warning\n');
  const all = await pollUntil(
    () => stage.rows('Syslog', 'one'),
    (rows) => rows.length > LINES,
  );
  assert.equal(all.at(-1)?.SyslogMessage, 'a warning');
  const status = await agent.status();
  assert.equal(status.processId, pid, 'the same process all the time');
  assert.equal(status.isBalanced, true);
});

test('a changed rule is applied within one poll, and a detached one stops its sources', async (t) => {
  const stage = await setStage(t, syslogRule(['Error']));
  const agent = await startAgent(stage, 1);
  t.after(() => agent.stop());
  await syslogPort(agent);
  const before = (await agent.status()).ledger;
  await stage.putRule({ dataSources: {}, dataFlows: [] });
  const status = await pollUntil(
    () => agent.status(),
    ({ sources }) => sources.length === 0,
    10_000,
  );
  assert.deepEqual(status.sources, []);
  assert.ok(status.ledger.length >= before.length, 'the ledger keeps what was done');
});

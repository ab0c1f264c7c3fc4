/**
 * Promise 1 over processes: what was read survives kill -9 and is delivered at least once, to
 * every workspace, while one of them fails half of the time.
 */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { EvtxAppender } from '../support/evtx-writer/evtx-appender.ts';
import { numberedEvent, numberOfEventRow } from '../support/numbered-events.ts';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import {
  BOTH,
  inputFile,
  MACHINE_NAME,
  NUMBERED_TABLE,
  numberedLines,
  type Row,
  type Stage,
  setStage,
} from '../support/two-workspaces.ts';

const KILLS = 20;
const RECORDS_EACH = 2_500;

test('after 20 kill -9 every record is in both workspaces and the ledger balances', async (t) => {
  const stage = await setStage(t, { dataSources: {}, dataFlows: [] });
  const lines = await inputFile(stage, 'numbered.log');
  const events = join(stage.folder, 'numbered.evtx');
  const numbered = numberedLines(lines);
  await stage.putRule({
    streamDeclarations: numbered.streamDeclarations,
    dataSources: {
      logFiles: numbered.logFiles,
      windowsEventLogs: [
        { name: 'events', streams: ['Microsoft-Event'], xPathQueries: ['Application!*'] },
      ],
    },
    dataFlows: [numbered.flow, { streams: ['Microsoft-Event'], destinations: BOTH }],
  });
  const { admin } = stage.handler;
  const two = stage.workspaceIds.two!;
  // The second workspace answers 503 half of the time; sometimes only after storing the rows.
  await admin.setFault({
    endpoint: 'ods',
    workspaceId: two,
    probability: 0.15,
    status: 503,
    retryAfter: 1,
    afterEffect: true,
  });
  await admin.setFault({
    endpoint: 'ods',
    workspaceId: two,
    probability: 0.4,
    status: 503,
    retryAfter: 1,
  });
  await admin.setFault({
    endpoint: 'logs-ingestion',
    probability: 0.5,
    status: 503,
    retryAfter: 1,
  });

  const appender = new EvtxAppender(events);
  const start = (): Promise<AgentProcess> =>
    startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: {
        sources: { windowsEventLogs: { channels: { Application: events } } },
        delivery: { flushIntervalSeconds: 1 },
      },
    });
  let agent = await start();
  t.after(() => agent.stop());

  let written = 0;
  const write = (count: number): void => {
    const numbers = Array.from({ length: count }, () => ++written);
    appendFileSync(lines, numbers.map((n) => `line ${n}\n`).join(''));
    appender.append(...numbers.map((n) => numberedEvent(n)));
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const share = Math.ceil((RECORDS_EACH - written) / (KILLS - kill));
    write(Math.floor(share / 2));
    await delay(Math.random() * 800);
    agent.signal('SIGKILL');
    await agent.ended;
    write(share - Math.floor(share / 2));
    agent = await start();
  }
  assert.equal(written, RECORDS_EACH);

  const state = await pollUntil(() => arrived(stage), isComplete, 90_000);
  const status = await pollUntil(
    () => agent.status(),
    ({ ledger }) => ledger.every(({ buffered }) => buffered === 0),
  );
  for (const { table, workspace, missing, unknown, strayDuplicates, duplicates } of state) {
    t.diagnostic(`${table} in ${workspace}: ${duplicates} repeated rows`);
    assert.deepEqual(missing, [], `missing in ${table} of ${workspace}`);
    assert.deepEqual(unknown, [], `never written, but in ${table} of ${workspace}`);
    assert.deepEqual(strayDuplicates, [], 'repeated outside a re-sent batch');
  }
  assert.equal(status.isBalanced, true, JSON.stringify(status.ledger, null, 1));
  for (const row of status.ledger.filter(({ flow }) => !flow.endsWith('heartbeat'))) {
    assert.deepEqual([row.read, row.delivered], [RECORDS_EACH, RECORDS_EACH], row.flow);
  }
  await agent.stop();
});

interface Arrival {
  readonly table: string;
  readonly workspace: string;
  readonly missing: readonly number[];
  readonly unknown: readonly number[];
  readonly duplicates: number;
  /** Numbers that came twice in requests that are not the same batch. */
  readonly strayDuplicates: readonly number[];
}

async function arrived(stage: Stage): Promise<Arrival[]> {
  const found: Arrival[] = [];
  for (const workspace of BOTH) {
    const lines = await stage.rows(NUMBERED_TABLE, workspace);
    found.push(
      judge(NUMBERED_TABLE, workspace, lines, (row) => Number(/\d+/.exec(String(row.RawData)))),
    );
    const events = await stage.rows('Event', workspace);
    found.push(judge('Event', workspace, events, numberOfEventRow));
  }
  return found;
}

function judge(
  table: string,
  workspace: string,
  rows: readonly Row[],
  numberOf: (row: Row) => number,
): Arrival {
  const requests = new Map<number, Set<string>>();
  for (const row of rows) {
    const n = numberOf(row);
    requests.set(n, (requests.get(n) ?? new Set()).add(String(row._RequestId)));
  }
  const wanted = Array.from({ length: RECORDS_EACH }, (_, i) => i + 1);
  return {
    table,
    workspace,
    missing: wanted.filter((n) => !requests.has(n)),
    unknown: [...requests.keys()].filter((n) => !(n >= 1 && n <= RECORDS_EACH)),
    duplicates: rows.length - requests.size,
    strayDuplicates: [...requests].filter(([, ids]) => ids.size > 1).map(([n]) => n),
  };
}

function isComplete(state: readonly Arrival[]): boolean {
  return state.every(({ missing }) => missing.length === 0);
}

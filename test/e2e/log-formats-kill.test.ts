/**
 * kill -9 while records of several lines, objects and rows of W3C logs are written: each arrives,
 * whole, with the fields its file named long before; once, but for batches that are sent again
 * under their own id.
 */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil, startAgentProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BOTH, MACHINE_NAME, type Row, setStage } from '../support/two-workspaces.ts';

const KILLS = 3;
const RECORDS = 40;
const columns = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'RawData', type: 'string' },
  { name: 'Id', type: 'int' },
];

test('after kill -9 records of every form are whole, and there', async (t) => {
  const input = await temporaryFolder();
  const [text, json, w3c] = ['a.log', 'a.json', 'u_ex.log'].map((name) => join(input, name)) as [
    string,
    string,
    string,
  ];
  const stage = await setStage(t, {
    streamDeclarations: { 'Custom-Text': { columns }, 'Custom-Json': { columns } },
    dataSources: {
      logFiles: [
        {
          ...{ name: 'text', streams: ['Custom-Text'], filePatterns: [text], format: 'text' },
          settings: { text: { recordStartTimestampFormat: 'ISO 8601' } },
        },
        { name: 'json', streams: ['Custom-Json'], filePatterns: [json], format: 'json' },
      ],
      iisLogs: [{ name: 'w3c', streams: ['Microsoft-W3CIISLog'], logDirectories: [input] }],
    },
    dataFlows: [
      { streams: ['Custom-Text'], destinations: BOTH, outputStream: 'Custom-Text_CL' },
      { streams: ['Custom-Json'], destinations: BOTH, outputStream: 'Custom-Json_CL' },
      { streams: ['Microsoft-W3CIISLog'], destinations: BOTH },
    ],
  });
  appendFileSync(w3c, '#Fields: date time cs-uri-stem time-taken\n');
  let written = 0;
  const write = (): void => {
    const id = written++;
    const time = new Date().toISOString();
    appendFileSync(text, `${time} record ${id}\n  first of ${id}\n`);
    appendFileSync(json, `{"Id":${id},"RawData":"object ${id}"}\n`);
    appendFileSync(w3c, `${time.slice(0, 10)} ${time.slice(11, 19)} /${id} ${id}\n`);
    appendFileSync(text, `  last of ${id}\n`);
  };
  const start = (): ReturnType<typeof startAgentProcess> =>
    startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: { delivery: { flushIntervalSeconds: 0.2 }, buffer: { commitIntervalSeconds: 0.1 } },
    });
  for (let kill = 0; kill <= KILLS; kill++) {
    const agent = await start();
    t.after(() => agent.signal('SIGKILL'));
    for (let i = 0; i < RECORDS; i++) {
      write();
      await delay(10);
    }
    if (kill === KILLS) break;
    agent.signal('SIGKILL');
    await agent.ended;
  }
  const all = Array.from({ length: written }, (_, id) => id);
  const tables: [string, (row: Row) => number][] = [
    ['Text_CL', textId],
    ['Json_CL', (row) => Number(row.Id)],
    ['W3CIISLog', (row) => Number(row.TimeTaken)],
  ];
  for (const [table, idOf] of tables) {
    const rows = await pollUntil(
      () => stage.rows(table, 'one'),
      (found) => new Set(found.map(idOf)).size >= written,
    );
    const once = new Map(rows.map((row) => [`${row._RequestId} ${idOf(row)}`, idOf(row)]));
    assert.deepEqual(
      [...once.values()].sort((a, b) => a - b),
      all,
      table,
    );
  }
});

/** Of a record that is whole. */
function textId({ RawData }: Row): number {
  const match = /^\S+ record (\d+)\n {2}first of \1\n {2}last of \1$/.exec(String(RawData));
  assert.ok(match, `not whole: ${RawData}`);
  return Number(match[1]);
}

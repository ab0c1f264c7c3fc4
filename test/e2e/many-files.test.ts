/** Ten thousand log files of one rule, far more than are kept open: each line arrives once. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pollUntil, startAgentProcess } from '../support/processes.ts';
import { temporaryFolderInMemory } from '../support/temporary-folder.ts';
import { BOTH, MACHINE_NAME, setStage } from '../support/two-workspaces.ts';

const FILES = 10_000;
const DIRECTORIES = 10;

test('of ten thousand files no line is lost or repeated, a restart between them', async (t) => {
  const folder = await temporaryFolderInMemory();
  for (let i = 0; i < DIRECTORIES; i++) mkdirSync(join(folder, String(i)));
  let written = 0;
  const writeToEach = (step: number): void => {
    for (let i = 0; i < FILES; i += step) {
      appendFileSync(join(folder, String(i % DIRECTORIES), `${i}.log`), `line ${written++}\n`);
    }
  };
  writeToEach(1);
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'RawData', type: 'string' },
  ];
  const stage = await setStage(t, {
    streamDeclarations: { 'Custom-Many': { columns } },
    dataSources: {
      logFiles: [
        {
          ...{ name: 'many', streams: ['Custom-Many'], format: 'text' },
          filePatterns: [join(folder, '*', '*.log')],
        },
      ],
    },
    dataFlows: [{ streams: ['Custom-Many'], destinations: BOTH, outputStream: 'Custom-Many_CL' }],
  });
  const start = (): ReturnType<typeof startAgentProcess> =>
    startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: { delivery: { flushIntervalSeconds: 0.2 } },
    });
  const arrived = async (): Promise<void> => {
    await pollUntil(
      () => stage.handler.admin.tables(),
      (tables) => tables.some(({ table, rows }) => table === 'Many_CL' && rows >= written),
      60_000,
    );
    const rows = await stage.rows('Many_CL', 'one');
    const ids = rows.map(({ RawData }) => Number(String(RawData).slice('line '.length)));
    assert.deepEqual(
      ids.toSorted((a, b) => a - b),
      Array.from({ length: written }, (_, i) => i),
    );
  };

  const before = await start();
  t.after(() => before.signal('SIGKILL'));
  await arrived();
  writeToEach(7);
  await arrived();
  before.signal('SIGTERM');
  await before.ended;
  writeToEach(70);
  const behind = await start();
  t.after(() => behind.signal('SIGKILL'));
  await arrived();
});

/** Agent and handlers together: whatever is killed, and whichever answers are lost, a row is there once. */
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  BOTH,
  MACHINE_NAME,
  NUMBERED_TABLE,
  numberedLines,
  setStage,
} from '../support/two-workspaces.ts';

const KILLS = 3;
const LINES_EACH = 300;

test('after kills and lost answers every line is in each workspace exactly once', async (t) => {
  const file = join(await temporaryFolder(), 'numbered.log');
  const { streamDeclarations, logFiles, flow } = numberedLines(file);
  const stage = await setStage(t, {
    streamDeclarations,
    dataSources: { logFiles },
    dataFlows: [flow],
  });
  // The next request is carried out, and its sender never hears of it.
  const fault = { endpoint: 'logs-ingestion', requests: 1, reset: true, afterEffect: true };
  const { admin } = stage.handler;
  const start = (): Promise<AgentProcess> =>
    startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: { delivery: { flushIntervalSeconds: 1 } },
    });

  let agent = await start();
  t.after(() => agent.stop());
  for (let kill = 0; kill < KILLS; kill++) {
    await admin.setFault(fault);
    for (let n = 0; n < LINES_EACH; n++) appendFileSync(file, `line ${kill * LINES_EACH + n}\n`);
    await pollUntil(admin.faults, (left) => left.every(({ hits }) => hits > 0));
    agent.signal('SIGKILL');
    await agent.ended;
    agent = await start();
  }
  const lines = KILLS * LINES_EACH;
  for (const workspace of BOTH) {
    const rows = await pollUntil(
      () => stage.rows(NUMBERED_TABLE, workspace),
      (found) => found.length >= lines,
    );
    assert.equal(new Set(rows.map((row) => row.RawData)).size, lines, workspace);
    assert.equal(rows.length, lines, `${workspace}: none twice`);
  }
  assert.equal((await agent.status()).isBalanced, true);
});

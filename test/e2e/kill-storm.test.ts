/**
 * Promises 1 and 2 over processes, in short: `npm run storm` does the same for longer. What was
 * read survives kill -9 and is delivered to both destinations while one of them flaps.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runStorm } from '../endurance/run-storm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KILLS = 8;

test('after some kill -9 under load nothing is lost, invented or changed, and the ledger balances', async (t) => {
  const seed = Math.floor(Math.random() * 1e9);
  t.diagnostic(`seed ${seed}`);
  const report = await runStorm({
    folder: await temporaryFolder(),
    kills: KILLS,
    seed,
    rate: 600,
    lifeMsMax: 800,
    isBuilt: false,
  });
  assert.deepEqual(report.violations, []);
  assert.equal(report.kills, KILLS);
  const { messages, lines, events } = report.written;
  assert.ok(messages > 0 && lines > 0 && events > 0, JSON.stringify(report.written));
  assert.ok(report.met.size > 1, 'the flapping destination has been more than fine');
  t.diagnostic(`lost with their connections: ${JSON.stringify(report.losses)}`);
});

/** `npm run storm`: the kill storm of any length, and a report for people. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStorm } from './run-storm.ts';
import { exitOnSignals, numberOption, readArguments } from './script.ts';
import type { StormReport } from './storm-verdict.ts';

const HELP = `Kills the agent at random moments under load, with two destinations of which one flaps, and
checks that nothing was lost, invented or changed. Ends with 1 when a promise was broken.

Usage: npm run storm -- [options]
  --kills N     how often the agent is killed (300)
  --seed N      decides the moments and the moods of the flapping destination (1)
  --rate N      messages a second, lines a second; events are a tenth (1000)
  --life-ms N   how long an agent that has come up lives at most (2500)
  --loss-ms N   how old the first message that a kill costs may be (1000), not counting how long
                the agent was kept waiting for a processor
  --help

Example: npm run storm -- --kills 500 --seed 7
`;

const values = readArguments(HELP, ['kills', 'seed', 'rate', 'life-ms', 'loss-ms']);
const kills = numberOption(values.kills, 300);
const seed = numberOption(values.seed, 1);
const rate = numberOption(values.rate, 1_000);
const lifeMsMax = numberOption(values['life-ms'], 2_500);
const lossMsMax = numberOption(values['loss-ms'], 1_000);

exitOnSignals();
const folder = await mkdtemp(join(tmpdir(), 'dcr-storm-'));
const report = await runStorm({
  folder,
  kills,
  seed,
  rate,
  lifeMsMax,
  isBuilt: true,
  onKill: (count) => {
    if (count % 25 === 0) process.stderr.write(`${count} kills\n`);
  },
});
const late = report.losses.filter(({ ageMs, waitedMs }) => ageMs > lossMsMax + waitedMs);
const broken = [
  ...report.violations,
  ...late.map(
    ({ ageMs, waitedMs }) =>
      `a kill cost messages from ${ageMs.toFixed(0)} ms before it, of which the agent waited ${waitedMs.toFixed(0)} ms for a processor`,
  ),
];
process.stdout.write(text(report));
if (broken.length === 0) {
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write('\nEvery promise was kept.\n');
} else {
  process.stdout.write(`\nBROKEN (seed ${seed}; everything is kept in ${folder}):\n`);
  process.stdout.write(broken.map((line) => `  ${line}\n`).join(''));
  process.exitCode = 1;
}

function text({ accounts, losses, met, repeatedBatches, written, ...report }: StormReport): string {
  const lost = losses.reduce((sum, { messages }) => sum + messages, 0);
  const oldest = Math.max(0, ...losses.map(({ ageMs }) => ageMs));
  const oldestOwn = Math.max(0, ...losses.map(({ ageMs, waitedMs }) => ageMs - waitedMs));
  const most = Math.max(0, ...losses.map(({ messages }) => messages));
  const moods = [...met].map(([mood, count]) => `${count} ${mood}`).join(', ');
  const repeated = Object.entries(repeatedBatches).map(([name, n]) => `${n} in ${name}`);
  const rows = accounts.map(
    ({ source, destination, read, delivered }) =>
      `  ${`${source} → ${destination}`.padEnd(18)}${written[source]} written, ${read} read, ${delivered} delivered`,
  );
  const head = `${report.kills} kill -9 in ${(report.seconds / 60).toFixed(1)} minutes (${report.earlyKills} of them while it started), seed ${seed}`;
  const cost = `Messages lost with their connections: ${lost} in ${losses.length} kills, ${most} at most in one, the first of them ${oldest.toFixed(0)} ms before the kill at most, ${oldestOwn.toFixed(0)} ms without waits for a processor`;
  return `${[
    head,
    ...rows,
    cost,
    `Batches that came again under their id: ${repeated.join(', ')}`,
    `What the flapping destination did: ${moods}`,
  ].join('\n')}\n`;
}

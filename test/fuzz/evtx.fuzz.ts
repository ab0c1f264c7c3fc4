/**
 * Damaged .evtx files, until the time is up: corpus files where there are any, and files of our
 * own. `FUZZ_SECONDS` sets the time, `FUZZ_SEED` repeats a run.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { corpusPath } from '../support/corpus.ts';
import { mutated, readToTheEnd, seededRandom } from '../support/evtx-mutations.ts';
import { variedLog } from '../support/varied-log.ts';

const seconds = Number(process.env.FUZZ_SECONDS ?? 10);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
const folder = corpusPath('evtx');
const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith('.evtx'))
  : [];
/** Large files are cut to their first chunks: damage is local. */
const files = [
  variedLog(),
  ...names.map((name) => readFileSync(`${folder}/${name}`).subarray(0, 200_000)),
];

const endsAt = performance.now() + seconds * 1000;
let runs = 0;
let events = 0;
let slowestMs = 0;
for (; performance.now() < endsAt; runs++) {
  const runSeed = (seed + runs) >>> 0;
  const random = seededRandom(runSeed);
  const file = mutated(files[Math.floor(random() * files.length)]!, random);
  const startedAt = performance.now();
  try {
    events += readToTheEnd(file).events;
  } catch (error) {
    console.error(`FUZZ_SEED=${runSeed} fails at its first run`);
    throw error;
  }
  slowestMs = Math.max(slowestMs, performance.now() - startedAt);
}
console.log(JSON.stringify({ seed, runs, events, slowestMs: Math.round(slowestMs) }));

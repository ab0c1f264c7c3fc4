/**
 * What performance counters cost: 200 of them, each a specifier of its own, sampled and made to
 * rows, as percent of one core at a period of ten seconds; and what each process of the machine
 * adds. Processor time, so that other programs do not count; the least of some rounds.
 *
 * `node --conditions=dcr-agent-source test/bench/performance-counters.bench.ts`
 */
import { systemClock } from '../../packages/agent/src/host/clock.ts';
import { counterStage } from '../../packages/agent/src/pipeline/performance-counters/counter-stage.ts';
import { createPipeline } from '../../packages/agent/src/pipeline/pipeline.ts';
import { listed } from '../../packages/agent/src/record.ts';
import { createCounterSampler } from '../../packages/agent/src/sources/performance-counters/counter-sampler.ts';
import { CATALOGUE } from '../../packages/agent/src/sources/performance-counters/counters/catalogue.ts';

const COUNTERS = 200;
const PERIOD_SECONDS = 10;
/** Percent of one core. */
const SHARE_MAX = 0.5;
const SAMPLES = 50;
const ROUNDS = 5;
const CONTEXT = { computer: 'web01', hostIp: '10.0.0.4', agentId: 'a1' };

/** Every instance of every counter, and then some of them once more by name. */
const INSTANCES = ['*', '_Total', '0', '1', '/', 'node', 'systemd'];
const ALL = INSTANCES.flatMap((instance) =>
  CATALOGUE.map(({ object, counter }) => `${object}(${instance})\\${counter}`),
).slice(0, COUNTERS);

interface Cost {
  readonly ms: number;
  readonly rows: number;
}

/** Processor time of one sample with its rows, in the cheapest round. */
async function costOf(specifiers: readonly string[]): Promise<Cost> {
  const sampler = createCounterSampler(specifiers, { clock: systemClock });
  const flow = { id: 'f', stream: 'GENERIC_PERF_BLOB', destinations: ['d'] };
  const stage = counterStage(flow.stream, CONTEXT);
  const pipeline = createPipeline([
    { flow, stage, destinations: new Map([['ods', ['d']] as const]) },
  ]);
  let [ms, rows] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    for (let i = 0; i < SAMPLES; i += 1) {
      const samples = await sampler.sample();
      rows = samples.length;
      pipeline.process({ records: listed(samples), cursors: [] }, systemClock.now());
      pipeline.take();
    }
    const { user, system } = process.cpuUsage(start);
    ms = Math.min(ms, (user + system) / 1_000 / SAMPLES);
  }
  return { ms, rows };
}

const percentOf = (ms: number): number => ms / PERIOD_SECONDS / 10;
const share = (ms: number): string => `${percentOf(ms).toFixed(4)} % of one core`;

const { ms, rows } = await costOf(ALL);
const withoutProcesses = await costOf(ALL.filter((name) => !name.startsWith('Process(')));
const seen = await createCounterSampler(['Process(*)\\Used Memory'], {
  clock: systemClock,
}).sample();
console.log(`${ALL.length} counters, ${rows} rows: ${ms.toFixed(2)} ms a sample`);
const verdict = percentOf(ms) <= SHARE_MAX ? 'kept' : 'MISSED';
console.log(`every ${PERIOD_SECONDS} s: ${share(ms)} (goal: ${SHARE_MAX} %, ${verdict})`);
console.log(
  `without those of processes (${seen.length - 1} names): ${withoutProcesses.ms.toFixed(2)} ms, ${share(withoutProcesses.ms)}`,
);

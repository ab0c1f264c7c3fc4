/**
 * From a sender's socket to the acknowledged request: how many events a second the agent takes,
 * what an event costs it, and how much memory. Four processes: the agent as it is built, with its
 * durable buffer; a sender; an ingestion service; a control plane. All records are counted by
 * their numbers afterwards, in every destination.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/throughput.bench.ts [MESSAGES] [SCENARIO…]`
 */
import { pollUntil } from '../support/processes.ts';
import {
  cpuSeconds,
  residentMegabytes,
  type SyslogRule,
  startAgentAtWork,
} from './support/agent-at-work.ts';
import type { SinkStats, SinkVerdict } from './support/sink.ts';

const [messagesText = '1000000', ...chosen] = process.argv.slice(2);
const MESSAGES = Number(messagesText);

interface Scenario extends SyslogRule {
  readonly name: string;
  /** Of all messages. */
  readonly kept: number;
}

const ALL = { facilityNames: ['*'], logLevels: ['*'], kept: 1 };
const SCENARIOS: readonly Scenario[] = [
  { name: 'one', destinations: 1, ...ALL },
  { name: 'two', destinations: 2, ...ALL },
  { name: 'four', destinations: 4, ...ALL },
  { name: 'filtered', destinations: 1, facilityNames: ['auth'], logLevels: ['Warning'], kept: 0.1 },
];

interface Result {
  readonly eventsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMegabytes: number;
}

async function run(scenario: Scenario): Promise<Result> {
  const atWork = await startAgentAtWork(scenario, { heartbeat: { intervalSeconds: 3600 } });
  const { agent, sinkUrl } = atWork;
  try {
    const cpuBefore = cpuSeconds(agent.pid);
    const sent = await atWork.send(MESSAGES);
    const status = await pollUntil(
      () => agent.status(),
      ({ ledger }) =>
        ledger
          .filter(({ flow }) => !flow.includes('heartbeat'))
          .every(({ read, buffered }) => read === MESSAGES && buffered === 0),
      120_000,
    );
    const cpu = cpuSeconds(agent.pid) - cpuBefore;
    const stats = (await (await fetch(`${sinkUrl}/stats`)).json()) as Record<string, SinkStats>;
    const lastAtMs = Math.max(...Object.values(stats).map((each) => each.lastAtMs));
    const { peak } = residentMegabytes(agent.pid);
    await agent.stop();
    if (!status.isBalanced) throw new Error(`unbalanced: ${JSON.stringify(status.ledger)}`);
    const verdicts = (await (await fetch(`${sinkUrl}/verify`)).json()) as Record<
      string,
      SinkVerdict
    >;
    const expected = MESSAGES * scenario.kept;
    for (let i = 1; i <= scenario.destinations; i++) {
      const verdict = verdicts[`d${i}`];
      if (verdict?.different !== expected) {
        throw new Error(`d${i}: ${JSON.stringify(verdict)}, not ${expected} records`);
      }
    }
    return {
      eventsPerSecond: MESSAGES / ((lastAtMs - sent.startedAtMs) / 1_000),
      cpuSecondsPerMillion: (cpu / MESSAGES) * 1e6,
      peakMegabytes: Math.round(peak),
    };
  } finally {
    await atWork.close();
  }
}

process.stdout.write(
  `${MESSAGES.toLocaleString('en')} messages over TCP; thousand events/s · CPU-s per million · peak MB\n`,
);
for (const scenario of SCENARIOS) {
  if (chosen.length > 0 && !chosen.includes(scenario.name)) continue;
  const { eventsPerSecond, cpuSecondsPerMillion, peakMegabytes: peak } = await run(scenario);
  process.stdout.write(
    `  ${scenario.name.padEnd(12)}${(eventsPerSecond / 1e3).toFixed(0).padStart(6)} · ${cpuSecondsPerMillion.toFixed(2).padStart(5)} · ${peak}\n`,
  );
}

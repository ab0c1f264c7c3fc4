/**
 * From a sender's socket, or a file, to the acknowledged request: how many events a second the agent takes,
 * what an event costs it, and how much memory. Four processes: the agent as it is built, with its
 * durable buffer; a sender; an ingestion service; a control plane. All records are counted by
 * their numbers afterwards, in every destination.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/throughput.bench.ts [MESSAGES] [SCENARIO…]`
 */
import { pollUntil } from '../support/processes.ts';
import {
  cpuSeconds,
  FILE_RULE,
  type Rule,
  residentMegabytes,
  startAgentAtWork,
} from './support/agent-at-work.ts';

const [messagesText = '1000000', ...chosen] = process.argv.slice(2);
const MESSAGES = Number(messagesText);

interface Scenario {
  readonly name: string;
  readonly rule: Rule;
  /** Of all messages. */
  readonly kept: number;
}

const ALL = { facilityNames: ['*'], logLevels: ['*'] };
const TENTH = { facilityNames: ['auth'], logLevels: ['Warning'] };
const SCENARIOS: readonly Scenario[] = [
  { name: 'one', rule: { destinations: 1, ...ALL }, kept: 1 },
  { name: 'two', rule: { destinations: 2, ...ALL }, kept: 1 },
  { name: 'four', rule: { destinations: 4, ...ALL }, kept: 1 },
  { name: 'two, one dead', rule: { destinations: 2, dead: 1, ...ALL }, kept: 1 },
  { name: 'filtered', rule: { destinations: 1, ...TENTH }, kept: 0.1 },
  { name: 'file', rule: FILE_RULE, kept: 1 },
];

interface Result {
  readonly eventsPerSecond: number;
  readonly cpuSecondsPerMillion: number;
  readonly peakMegabytes: number;
}

async function run(scenario: Scenario): Promise<Result> {
  const atWork = await startAgentAtWork(scenario.rule, { heartbeat: { intervalSeconds: 3600 } });
  const { agent, sink } = atWork;
  const { rule } = scenario;
  const alive = rule.destinations - ('dead' in rule ? (rule.dead ?? 0) : 0);
  try {
    const cpuBefore = cpuSeconds(agent.pid);
    const sent = 'isFile' in scenario.rule ? atWork.putFile(MESSAGES) : await atWork.send(MESSAGES);
    const status = await pollUntil(
      () => agent.status(),
      ({ ledger }) => {
        const rows = ledger.filter(({ flow }) => !flow.includes('heartbeat'));
        const done = rows.filter(({ buffered }) => buffered === 0).length;
        return rows.length > 0 && rows.every(({ read }) => read === MESSAGES) && done === alive;
      },
      120_000,
    );
    const cpu = cpuSeconds(agent.pid) - cpuBefore;
    const lastAtMs = await atWork.lastArrivalMs();
    const { peak } = residentMegabytes(agent.pid);
    await agent.stop();
    if (!status.isBalanced) throw new Error(`unbalanced: ${JSON.stringify(status.ledger)}`);
    const verdicts = await sink.verify();
    const expected = MESSAGES * scenario.kept;
    for (let i = 1; i <= alive; i++) {
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
    `  ${scenario.name.padEnd(15)}${(eventsPerSecond / 1e3).toFixed(0).padStart(6)} · ${cpuSecondsPerMillion.toFixed(2).padStart(5)} · ${peak}\n`,
  );
}

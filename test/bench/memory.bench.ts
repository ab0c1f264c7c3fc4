/**
 * What an agent keeps of a machine's memory: with nothing to do, and at full load while its
 * backlog grows and drains. The agent as it is built, with its durable buffer, against the goals.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/memory.bench.ts [MESSAGES] [SECONDS]`
 */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../support/processes.ts';
import {
  type AgentAtWork,
  cpuSeconds,
  residentMegabytes,
  startAgentAtWork,
} from './support/agent-at-work.ts';

const [MESSAGES, IDLE_SECONDS] = [process.argv[2] ?? 2e6, process.argv[3] ?? 240].map(Number) as [
  number,
  number,
];
const IDLE_MEGABYTES_GOAL = 75;
const IDLE_CPU_PERCENT_GOAL = 0.2;
const LOAD_MEGABYTES_GOAL = 160;
/** After which an agent that has started has nothing left to do but its rounds. */
const SETTLE_MS = 20_000;
const RULE = { destinations: 1, facilityNames: ['*'], logLevels: ['*'] };

function line(what: string, value: string, goal: string): void {
  process.stdout.write(`  ${what.padEnd(52)}${value.padStart(10)}   ${goal}\n`);
}

/** What any program on this Node takes. */
function floorMegabytes(): number {
  const program = 'process.stdout.write(String(process.memoryUsage.rss()))';
  return Number(execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' })) / 1e6;
}

async function idle(): Promise<void> {
  const atWork = await startAgentAtWork(RULE);
  const { pid } = atWork.agent;
  try {
    await delay(SETTLE_MS);
    const before = cpuSeconds(pid);
    await delay(IDLE_SECONDS * 1_000);
    const percent = ((cpuSeconds(pid) - before) / IDLE_SECONDS) * 100;
    const { now } = residentMegabytes(pid);
    line('a bare Node process', `${floorMegabytes().toFixed(0)} MB`, '');
    line(
      'idle agent, one rule and heartbeat',
      `${now.toFixed(0)} MB`,
      `under ${IDLE_MEGABYTES_GOAL}`,
    );
    line('  of a core', `${percent.toFixed(2)} %`, `under ${IDLE_CPU_PERCENT_GOAL}`);
  } finally {
    await atWork.close();
  }
}

function backlogOf(atWork: AgentAtWork): Promise<number> {
  return atWork.agent
    .status()
    .then(({ ledger }) => ledger.reduce((sum, { buffered }) => sum + buffered, 0));
}

/** The peaks of everything so far, so the second is at least the first. */
async function load(): Promise<void> {
  const atWork = await startAgentAtWork(RULE, { heartbeat: { intervalSeconds: 3600 } });
  const { pid } = atWork.agent;
  const goal = `under ${LOAD_MEGABYTES_GOAL}`;
  const peak = (): string => `${residentMegabytes(pid).peak.toFixed(0)} MB`;
  try {
    await fetch(`${atWork.sink.url}/refuse`);
    await atWork.send(MESSAGES);
    await pollUntil(
      () => backlogOf(atWork),
      (buffered) => buffered >= MESSAGES,
    );
    line(`${MESSAGES / 1e6} M messages as fast as they are taken, all refused`, peak(), goal);
    await fetch(`${atWork.sink.url}/accept`);
    await atWork.send(MESSAGES);
    await pollUntil(
      () => backlogOf(atWork),
      (buffered) => buffered === 0,
      300_000,
    );
    line('  as many again, while the backlog drains', peak(), goal);
    await delay(SETTLE_MS);
    line('  afterwards', `${residentMegabytes(pid).now.toFixed(0)} MB`, '');
  } finally {
    await atWork.close();
  }
}

process.stdout.write('memory of the agent, resident\n');
await idle();
await load();

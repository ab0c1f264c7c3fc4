/**
 * From a sender's socket to the acknowledged request: how many events a second the agent takes,
 * what an event costs it, and how much memory. Four processes: the agent as it is built, with its
 * durable buffer; a sender; an ingestion service; a control plane. All records are counted by
 * their numbers afterwards, in every destination.
 *
 * `npm run build && node --conditions=dcr-agent-source test/bench/throughput.bench.ts [MESSAGES] [SCENARIO…]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AgentProcess,
  type HandlerProcess,
  pollUntil,
  startAgentProcess,
  startHandlerProcess,
} from '../support/processes.ts';
import type { SinkStats, SinkVerdict } from './support/sink.ts';

const [messagesText = '1000000', ...chosen] = process.argv.slice(2);
const MESSAGES = Number(messagesText);
const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/bench/providers';
const MACHINE = 'node1';

interface Scenario {
  readonly name: string;
  readonly destinations: number;
  readonly facilityNames: readonly string[];
  readonly logLevels: readonly string[];
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

function child(script: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(`support/${script}`, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function firstLine(of: ChildProcess): Promise<string> {
  let text = '';
  for await (const part of of.stdout!.setEncoding('utf8')) {
    text += part as string;
    if (text.includes('\n')) break;
  }
  return text.slice(0, text.indexOf('\n'));
}

/** User and system time of all threads, seconds. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function peakMegabytes(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round((Number(kilobytes) * 1024) / 1e6);
}

async function furnish(
  handler: HandlerProcess,
  sinkUrl: string,
  scenario: Scenario,
): Promise<void> {
  const { admin } = handler;
  const names = Array.from({ length: scenario.destinations }, (_, i) => `d${i + 1}`);
  for (const name of names) {
    const id = `${GROUP}/Microsoft.OperationalInsights/workspaces/${name}`;
    await admin.put(id, { properties: { ingestionEndpoint: `${sinkUrl}/${name}` } });
  }
  const rule = `${GROUP}/Microsoft.Insights/dataCollectionRules/rule1`;
  const { facilityNames, logLevels } = scenario;
  const syslog = { name: 'syslog', streams: ['Microsoft-Syslog'], facilityNames, logLevels };
  await admin.put(rule, {
    location: 'local',
    properties: {
      dataSources: { syslog: [syslog] },
      destinations: {
        logAnalytics: names.map((name) => ({
          name,
          workspaceResourceId: `${GROUP}/Microsoft.OperationalInsights/workspaces/${name}`,
        })),
      },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: names }],
    },
  });
  await admin.associate(`${GROUP}/Microsoft.HybridCompute/machines/${MACHINE}`, 'rule1', rule);
}

async function syslogPort(agent: AgentProcess): Promise<number> {
  const portOf = (status: Awaited<ReturnType<AgentProcess['status']>>): number | undefined =>
    (
      status.sources.find(({ key }) => key === 'syslog')?.facts as
        | { tcp?: { port: number }[] }
        | undefined
    )?.tcp?.[0]?.port;
  const status = await pollUntil(
    () => agent.status(),
    (answer) => portOf(answer) !== undefined,
  );
  return portOf(status)!;
}

async function run(scenario: Scenario): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'throughput-bench-'));
  const sink = child('sink.ts');
  const sinkUrl = `http://127.0.0.1:${await firstLine(sink)}`;
  const handler = await startHandlerProcess(join(folder, 'handler'), ['--log-level', 'warn']);
  await furnish(handler, sinkUrl, scenario);
  const agent = await startAgentProcess({
    stateDir: join(folder, 'agent'),
    handlerUrl: handler.url,
    machine: MACHINE,
    isBuilt: true,
    config: {
      sources: { syslog: { tcp: ['127.0.0.1:0'] } },
      heartbeat: { intervalSeconds: 3600 },
    },
  });
  try {
    const port = await syslogPort(agent);
    const cpuBefore = cpuSeconds(agent.pid);
    const load = child('load.ts', String(port), String(MESSAGES));
    const ended = once(load, 'exit');
    const sent = JSON.parse(await firstLine(load)) as { startedAtMs: number };
    await ended;
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
    const peak = peakMegabytes(agent.pid);
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
      peakMegabytes: peak,
    };
  } finally {
    await agent.stop();
    await handler.stop();
    sink.kill();
    rmSync(folder, { recursive: true, force: true });
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

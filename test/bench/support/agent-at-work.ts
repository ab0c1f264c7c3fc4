/**
 * What a measurement of a whole agent needs around it: an ingestion service and a sender in
 * processes of their own, a control plane with one rule for syslog, and what the system knows of
 * a process.
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
} from '../../support/processes.ts';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/bench/providers';
const MACHINE = 'node1';

export interface SyslogRule {
  readonly destinations: number;
  readonly facilityNames: readonly string[];
  readonly logLevels: readonly string[];
}

export interface AgentAtWork {
  readonly agent: AgentProcess;
  readonly sinkUrl: string;
  /** Sends so many messages and resolves when the agent has taken them. */
  send(messages: number): Promise<{ startedAtMs: number }>;
  /** Ends all processes and deletes what they have left. */
  close(): Promise<void>;
}

/** The agent as it is built, with its durable buffer. */
export async function startAgentAtWork(
  rule: SyslogRule,
  config: Readonly<Record<string, unknown>> = {},
): Promise<AgentAtWork> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-at-work-'));
  const sink = child('sink.ts');
  const sinkUrl = `http://127.0.0.1:${await firstLine(sink)}`;
  const handler = await startHandlerProcess(join(folder, 'handler'), ['--log-level', 'warn']);
  await furnish(handler, sinkUrl, rule);
  const agent = await startAgentProcess({
    stateDir: join(folder, 'agent'),
    handlerUrl: handler.url,
    machine: MACHINE,
    isBuilt: true,
    config: { sources: { syslog: { tcp: ['127.0.0.1:0'] } }, ...config },
  });
  return {
    agent,
    sinkUrl,
    async send(messages) {
      const load = child('load.ts', String(await syslogPort(agent)), String(messages));
      const ended = once(load, 'exit');
      const sent = JSON.parse(await firstLine(load)) as { startedAtMs: number };
      await ended;
      return sent;
    },
    async close() {
      await agent.stop();
      await handler.stop();
      sink.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function child(script: string, ...args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
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
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Memory of a process in MB: what is resident now, and the most that ever was. */
export function residentMegabytes(pid: number): { readonly now: number; readonly peak: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number =>
    (Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(text)?.[1]) * 1024) / 1e6;
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

async function furnish(handler: HandlerProcess, sinkUrl: string, rule: SyslogRule): Promise<void> {
  const { admin } = handler;
  const names = Array.from({ length: rule.destinations }, (_, i) => `d${i + 1}`);
  for (const name of names) {
    const id = `${GROUP}/Microsoft.OperationalInsights/workspaces/${name}`;
    await admin.put(id, { properties: { ingestionEndpoint: `${sinkUrl}/${name}` } });
  }
  const ruleId = `${GROUP}/Microsoft.Insights/dataCollectionRules/rule1`;
  const { facilityNames, logLevels } = rule;
  const syslog = { name: 'syslog', streams: ['Microsoft-Syslog'], facilityNames, logLevels };
  await admin.put(ruleId, {
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
  await admin.associate(`${GROUP}/Microsoft.HybridCompute/machines/${MACHINE}`, 'rule1', ruleId);
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

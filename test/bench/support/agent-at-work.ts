/**
 * What a measurement of a whole agent needs around it: an ingestion service and a sender in
 * processes of their own, a control plane with one rule for syslog or a file, and what the system
 * knows of a process.
 */
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AgentProcess,
  type HandlerProcess,
  pollUntil,
  startAgentProcess,
  startHandlerProcess,
} from '../../support/processes.ts';
import { type Sink, sendMessages, startSink } from './load-and-sink.ts';
import { writeLines } from './messages.ts';

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/bench/providers';
const MACHINE = 'node1';
/** Port 1 is nobody's: connections are refused. */
const NOBODY = 'http://127.0.0.1:1';

export interface SyslogRule {
  readonly destinations: number;
  /** Of the destinations, the last so many are not there. */
  readonly dead?: number;
  readonly facilityNames: readonly string[];
  readonly logLevels: readonly string[];
}

/** Lines of a file to the Logs Ingestion API. */
export const FILE_RULE = { destinations: 1, isFile: true } as const;

export type Rule = SyslogRule | typeof FILE_RULE;

export interface AgentAtWork {
  readonly agent: AgentProcess;
  readonly sink: Sink;
  /**
   * Sends so many messages, as fast as they are taken or so many a second, and resolves when the
   * agent has taken them.
   */
  send(messages: number, perSecond?: number): Promise<{ startedAtMs: number }>;
  /** Puts a file with so many lines where the agent sees it. */
  putFile(lines: number): { startedAtMs: number };
  /** When the ingestion service took the last of it, epoch milliseconds. */
  lastArrivalMs(): Promise<number>;
  /** Ends all processes and deletes what they have left. */
  close(): Promise<void>;
}

/** The agent as it is built, with its durable buffer. */
export async function startAgentAtWork(
  rule: Rule,
  config: Readonly<Record<string, unknown>> = {},
): Promise<AgentAtWork> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-at-work-'));
  const sink = await startSink();
  const handler = await startHandlerProcess(join(folder, 'handler'), ['--log-level', 'warn']);
  await furnish(handler, sink.url, rule, folder);
  const agent = await startAgentProcess({
    stateDir: join(folder, 'agent'),
    handlerUrl: handler.url,
    machine: MACHINE,
    isBuilt: true,
    config: { sources: { syslog: { tcp: ['127.0.0.1:0'] } }, ...config },
  });
  return {
    agent,
    sink,
    send: async (messages, perSecond) => sendMessages(await syslogPort(agent), messages, perSecond),
    async lastArrivalMs() {
      const stats = Object.values(await sink.stats());
      return Math.max(...stats.map(({ lastAtMs }) => lastAtMs));
    },
    putFile(lines) {
      const path = join(folder, 'lines');
      writeLines(path, lines);
      const startedAtMs = performance.timeOrigin + performance.now();
      renameSync(path, `${path}.log`);
      return { startedAtMs };
    },
    async close() {
      await agent.stop();
      await handler.stop();
      sink.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
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

async function furnish(
  handler: HandlerProcess,
  sinkUrl: string,
  rule: Rule,
  folder: string,
): Promise<void> {
  const { admin } = handler;
  const names = Array.from({ length: rule.destinations }, (_, i) => `d${i + 1}`);
  const alive = rule.destinations - ('dead' in rule ? (rule.dead ?? 0) : 0);
  for (const [i, name] of names.entries()) {
    const id = `${GROUP}/Microsoft.OperationalInsights/workspaces/${name}`;
    const ingestionEndpoint = `${i < alive ? sinkUrl : NOBODY}/${name}`;
    await admin.put(id, { properties: { ingestionEndpoint } });
  }
  const endpointId = `${GROUP}/Microsoft.Insights/dataCollectionEndpoints/d1`;
  await admin.put(endpointId, {
    location: 'local',
    properties: { logsIngestion: { endpoint: `${sinkUrl}/d1` } },
  });
  const ruleId = `${GROUP}/Microsoft.Insights/dataCollectionRules/rule1`;
  await admin.put(ruleId, {
    location: 'local',
    properties: {
      ...('isFile' in rule ? fileFlow(folder, endpointId) : syslogFlow(rule, names)),
      destinations: {
        logAnalytics: names.map((name) => ({
          name,
          workspaceResourceId: `${GROUP}/Microsoft.OperationalInsights/workspaces/${name}`,
        })),
      },
    },
  });
  await admin.associate(`${GROUP}/Microsoft.HybridCompute/machines/${MACHINE}`, 'rule1', ruleId);
}

function syslogFlow(rule: SyslogRule, destinations: readonly string[]): object {
  const { facilityNames, logLevels } = rule;
  const streams = ['Microsoft-Syslog'];
  return {
    dataSources: { syslog: [{ name: 'syslog', streams, facilityNames, logLevels }] },
    dataFlows: [{ streams, destinations }],
  };
}

function fileFlow(folder: string, dataCollectionEndpointId: string): object {
  const streams = ['Custom-Lines'];
  const filePatterns = [join(folder, '*.log')];
  const columns = [
    { name: 'TimeGenerated', type: 'datetime' },
    { name: 'RawData', type: 'string' },
  ];
  return {
    dataCollectionEndpointId,
    streamDeclarations: { 'Custom-Lines': { columns } },
    dataSources: { logFiles: [{ name: 'lines', streams, filePatterns, format: 'text' }] },
    dataFlows: [{ streams, destinations: ['d1'], outputStream: 'Custom-Lines_CL' }],
  };
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

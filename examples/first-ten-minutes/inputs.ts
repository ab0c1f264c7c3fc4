/** What the demonstration feeds the agent, laid out in a throw-away folder. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scanEvtx } from '@dcr-agent/agent';
import { writeEvtx } from '../../test/support/evtx-writer/evtx-writer.ts';

export interface Expected {
  /** By the beginning of the source's key. */
  readonly sources: Readonly<Record<string, { readonly read: number; readonly kept: number }>>;
  /** Rows by workspace and table. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export interface DemoInputs {
  readonly ruleFile: string;
  readonly agentConfig: Readonly<Record<string, unknown>>;
  readonly syslogLines: readonly string[];
  readonly expected: Expected;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface RuleDocument {
  properties: {
    dataSources: Record<string, { name: string; streams: string[]; [member: string]: unknown }[]>;
    dataFlows: unknown[];
    streamDeclarations?: unknown;
  };
}

/** Types these values have in a real log; the others are text. */
const DATA_TYPES = {
  SubjectUserSid: 'sid',
  TargetUserSid: 'sid',
  SubjectLogonId: 'hex64',
  TargetLogonId: 'hex64',
  LogonType: 'uint32',
} as const;

export async function prepareInputs(folder: string, ownEvents?: string): Promise<DemoInputs> {
  const rule = JSON.parse(await readFile(here('rule.json'), 'utf8')) as RuleDocument;
  return ownEvents === undefined
    ? prepareShipped(folder, rule)
    : prepareOwn(folder, rule, resolve(ownEvents));
}

/** The inputs of this folder: event XML becomes real .evtx files, text stays text. */
async function prepareShipped(folder: string, rule: RuleDocument): Promise<DemoInputs> {
  const channels: Record<string, string> = {};
  for (const [channel, file] of [
    ['Security', 'security-events.xml'],
    ['System', 'system-events.xml'],
  ] as const) {
    const path = join(folder, `${channel}.evtx`);
    await writeFile(
      path,
      writeEvtx(eventsOf(await readFile(here(file), 'utf8')), { types: DATA_TYPES }),
    );
    channels[channel] = path;
  }
  const logs = join(folder, 'orders');
  await mkdir(logs);
  await writeFile(join(logs, 'orders.log'), await readFile(here('orders.log')));
  // The rule as it would be deployed reads /var/log/orders; here the folder is a temporary one.
  for (const source of rule.properties.dataSources.logFiles ?? []) {
    source.filePatterns = [join(logs, '*.log')];
  }
  const lines = (await readFile(here('syslog.txt'), 'utf8')).split('\n').filter(Boolean);
  return {
    ruleFile: await writeRule(folder, rule),
    agentConfig: agentConfig(channels),
    syslogLines: lines,
    expected: JSON.parse(await readFile(here('expected.json'), 'utf8')) as Expected,
  };
}

/** One text per event. */
function eventsOf(xml: string): string[] {
  return xml.match(/<Event [\s\S]*?<\/Event>/g) ?? [];
}

/** An event log of the user's own: everything in it, to both workspaces. */
async function prepareOwn(folder: string, rule: RuleDocument, path: string): Promise<DemoInputs> {
  const { channel, count } = surveyLog(path);
  rule.properties.dataSources = {
    windowsEventLogs: [
      { name: 'own', streams: ['Microsoft-WindowsEvent'], xPathQueries: [`${channel}!*`] },
    ],
  };
  rule.properties.dataFlows = [
    { streams: ['Microsoft-WindowsEvent'], destinations: ['security', 'operations'] },
  ];
  delete rule.properties.streamDeclarations;
  const rows = { WindowsEvent: count };
  return {
    ruleFile: await writeRule(folder, rule),
    agentConfig: agentConfig({ [channel]: path }),
    syslogLines: [],
    expected: {
      sources: { 'windowsEventLogs:': { read: count, kept: count } },
      rows: { security: rows, operations: rows },
    },
  };
}

/** Channel of the first event, and how many events can be read. */
function surveyLog(path: string): { channel: string; count: number } {
  let count = 0;
  let channel: string | undefined;
  for (const { events } of scanEvtx(path)) {
    count += events.length;
    const system = events[0]?.event.children.find(({ name }) => name === 'System');
    channel ??= system?.children.find(({ name }) => name === 'Channel')?.value?.text;
  }
  if (count === 0) throw new Error(`${path} holds no event that can be read`);
  return { channel: channel ?? 'Application', count };
}

function agentConfig(channels: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    sources: { windowsEventLogs: { channels }, syslog: { tcp: ['127.0.0.1:0'] } },
    delivery: { flushIntervalSeconds: 1 },
    log: { level: 'info', format: 'text' },
  };
}

async function writeRule(folder: string, rule: RuleDocument): Promise<string> {
  const path = join(folder, 'rule.json');
  await writeFile(path, JSON.stringify(rule, null, 2));
  return path;
}

/** One message per line, newline framed. Resolves when the agent has taken everything. */
export function sendSyslog(port: number, lines: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.resume();
    socket.end(`${lines.join('\n')}\n`);
  });
}

/** The smallest rule of the integration tests, messages it keeps, and their way in and out. */
import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { TestContext } from 'node:test';
import type { AgentStatus } from '@dcr-agent/agent';
import type { LabAgent } from './laboratory.ts';
import { pollUntil } from './processes.ts';
import { BOTH, NUMBERED_TABLE, type Row } from './two-workspaces.ts';

export const SYSLOG_SOURCE = {
  name: 'syslog',
  streams: ['Microsoft-Syslog'],
  facilityNames: ['daemon'],
  logLevels: ['Error'],
};

/** Errors of daemons, to both workspaces. */
export const SYSLOG_RULE = {
  dataSources: { syslog: [SYSLOG_SOURCE] },
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: BOTH }],
};

const DAEMON = 3 << 3;
const ERROR = 3;
const INFO = 6;

export function keptMessages(first: number, last: number): string {
  return messages(DAEMON | ERROR, first, last);
}

export function filteredMessages(first: number, last: number): string {
  return messages(DAEMON | INFO, first, last);
}

function messages(priority: number, first: number, last: number): string {
  const head = `<${priority}>1 2026-11-20T10:00:00Z host app - - -`;
  return range(first, last)
    .map((n) => `${head} number ${n}\n`)
    .join('');
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Over TCP, once the agent listens; resolves when the system has taken all. */
export async function sendSyslog(agent: Pick<LabAgent, 'statusWhen'>, text: string): Promise<void> {
  const socket = createConnection(await syslogPort(agent), '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.end(text, () => resolve());
  });
}

/** A connection that stays; each call resolves when the system has taken the text. */
export async function openSyslog(
  t: TestContext,
  agent: LabAgent,
): Promise<(text: string) => Promise<void>> {
  const socket = createConnection(await syslogPort(agent), '127.0.0.1');
  t.after(() => socket.destroy());
  await once(socket, 'connect');
  return (text) =>
    new Promise((resolve, reject) => {
      socket.write(text, (error) => (error ? reject(error) : resolve()));
    });
}

export async function syslogPort(agent: Pick<LabAgent, 'statusWhen'>): Promise<number> {
  const status = await agent.statusWhen((s) => syslogPortOf(s) !== undefined);
  return syslogPortOf(status)!;
}

/** Where an agent listens over TCP, once it does. */
export function syslogPortOf({ sources }: AgentStatus): number | undefined {
  const facts = sources.find(({ key }) => key === 'syslog')?.facts;
  return (facts?.tcp as { port: number }[] | undefined)?.[0]?.port;
}

/** Numbers of the messages, ascending. */
export function numbersIn(rows: readonly Row[], column = 'SyslogMessage'): number[] {
  return rows.map((row) => Number(/\d+$/.exec(String(row[column])))).toSorted((a, b) => a - b);
}

interface Labelled {
  rows(table: string, workspace: string): Promise<readonly Row[]>;
}

/** The numbers in a workspace's Syslog table once there are so many. */
export function arrivedNumbers(lab: Labelled, workspace: string, count: number): Promise<number[]> {
  return numbersOf(lab, 'Syslog', workspace, count, 'SyslogMessage');
}

/** The same for the table of numbered lines. */
export function arrivedLines(lab: Labelled, workspace: string, count: number): Promise<number[]> {
  return numbersOf(lab, NUMBERED_TABLE, workspace, count, 'RawData');
}

async function numbersOf(
  lab: Labelled,
  table: string,
  workspace: string,
  count: number,
  column: string,
): Promise<number[]> {
  const rows = await pollUntil(
    () => lab.rows(table, workspace),
    ({ length }) => length >= count,
  );
  return numbersIn(rows, column);
}

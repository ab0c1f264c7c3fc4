/**
 * Firewalls, a switch and an identity server send syslog to one agent; their messages end up in
 * the tables and columns they belong to. Exits 0 when everything arrived as it should.
 *
 *   node --conditions=dcr-agent-source examples/security-log/demo.ts
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentStatus } from '@dcr-agent/agent';
import {
  type HandlerProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
  startHandlerProcess,
} from '../../test/support/processes.ts';
import { sendSyslog } from '../../test/support/syslog-rule.ts';

const MACHINE =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo/providers/Microsoft.HybridCompute/machines/collector';
const COLUMNS =
  'Computer,DeviceVendor,DeviceEventClassID,LogSeverity,DeviceAction,SourceIP,DestinationIP,DestinationPort';
/** Rows of each table: LEEF is neither CEF nor of a facility that is collected as syslog. */
const EXPECTED = { CommonSecurityLog: 5, Syslog: 2 } as const;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const folder = await mkdtemp(join(tmpdir(), 'dcr-security-log-'));
try {
  await demonstrate();
} catch (error) {
  process.stderr.write(
    `The demonstration failed: ${error instanceof Error ? error.message : error}\n`,
  );
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function demonstrate(): Promise<void> {
  const handler = await startHandlerProcess(join(folder, 'handler'));
  try {
    await command(handler, 'attach', fileOf('rule.json'), '--machine', MACHINE);
    await feedAgent(handler);
    say(await command(handler, 'query', 'CommonSecurityLog', '--columns', COLUMNS));
    say(
      await command(handler, 'query', 'Syslog', '--columns', 'Computer,ProcessName,SyslogMessage'),
    );
  } finally {
    await handler.stop();
  }
}

async function feedAgent(handler: HandlerProcess): Promise<void> {
  const agent = await startAgentProcess({
    stateDir: join(folder, 'agent'),
    handlerUrl: handler.url,
    machine: 'collector',
    config: { sources: { syslog: { tcp: ['127.0.0.1:0'] } } },
  });
  try {
    const statusWhen = (isDone: (status: AgentStatus) => boolean): Promise<AgentStatus> =>
      pollUntil(() => agent.status(), isDone);
    await sendSyslog({ statusWhen }, await readFile(fileOf('messages.txt'), 'utf8'));
    const rowsOf = async (): Promise<Record<string, number>> =>
      Object.fromEntries((await handler.admin.tables()).map(({ table, rows }) => [table, rows]));
    const isAll = (rows: Record<string, number>): boolean =>
      Object.entries(EXPECTED).every(([table, count]) => rows[table] === count);
    const rows = await pollUntil(rowsOf, isAll);
    if (!isAll(rows)) throw new Error(`there are ${JSON.stringify(rows)} rows`);
  } finally {
    await agent.stop();
  }
}

async function command(handler: HandlerProcess, ...args: readonly string[]): Promise<string> {
  const result = await runCommand('handlers', [...args, '--data', handler.dataDirectory]);
  if (result.code !== 0) throw new Error(`${args[0]} ended with ${result.code}: ${result.stderr}`);
  return result.stdout;
}

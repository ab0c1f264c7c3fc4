/**
 * Everything on one machine, without a cloud: a handler, an agent, one rule, two workspaces, real
 * inputs. Exits 0 when every expected row arrived and the ledger balances.
 *
 *   npm run demo
 *   npm run demo -- --events FILE.evtx     the same with an event log of your own
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AgentStatus } from '@dcr-agent/agent';
import {
  type AgentProcess,
  type HandlerProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
  startHandlerProcess,
} from '../../test/support/processes.ts';
import { type DemoInputs, prepareInputs, sendSyslog } from './inputs.ts';
import { missing, type RowCounts, rowCounts, showLedger, showRows, showSources } from './report.ts';

const MACHINE =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/demo/providers/Microsoft.HybridCompute/machines/web01';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({ options: { events: { type: 'string' } } });
const folder = await mkdtemp(join(tmpdir(), 'dcr-demo-'));
let failure = '';
try {
  failure = await demonstrate(folder, values.events);
} catch (error) {
  failure = error instanceof Error ? error.message : String(error);
} finally {
  await rm(folder, { recursive: true, force: true });
}
if (failure !== '') {
  process.stderr.write(`\nThe demonstration failed: ${failure}\n`);
  process.exitCode = 1;
}

/** Returns what went wrong, or nothing. */
async function demonstrate(folder: string, ownEvents: string | undefined): Promise<string> {
  const inputs = await prepareInputs(folder, ownEvents);
  say('1. A handler: control plane, two workspaces, identity');
  const handler = await startHandlerProcess(join(folder, 'handler'));
  let agent: AgentProcess | undefined;
  try {
    say(`   ${handler.url}`);
    say('2. A rule, attached to this machine');
    await attachRule(handler, inputs);
    say('3. An agent, which is told nothing but where the handler is and which files are logs');
    agent = await startAgentProcess({
      stateDir: join(folder, 'agent'),
      handlerUrl: handler.url,
      machine: 'web01',
      config: inputs.agentConfig,
    });
    await feedSyslog(agent, inputs);
    say('4. Waiting until everything has arrived');
    return await showArrival(handler, agent, inputs);
  } finally {
    const codes = [await agent?.stop(), await handler.stop()];
    if (codes.some((code) => code !== undefined && code !== 0)) {
      process.stderr.write(`${agent?.log()}\n${handler.log()}\n`);
    }
  }
}

async function attachRule(handler: HandlerProcess, { ruleFile }: DemoInputs): Promise<void> {
  const args = ['attach', ruleFile, '--machine', MACHINE, '--data', handler.dataDirectory];
  const { code, stdout, stderr } = await runCommand('handlers', args);
  if (code !== 0) throw new Error(`attach ended with ${code}: ${stderr}`);
  say(`   ${stdout.trim()}`);
}

/** The port is a free one; the agent says which. */
async function feedSyslog(agent: AgentProcess, { syslogLines }: DemoInputs): Promise<void> {
  if (syslogLines.length === 0) return;
  const portOf = (status: AgentStatus): number | undefined => {
    const syslog = status.sources.find(({ key }) => key === 'syslog');
    return (syslog?.facts.tcp as { port: number }[] | undefined)?.[0]?.port;
  };
  const status = await pollUntil(
    () => agent.status(),
    (s) => portOf(s) !== undefined,
  );
  const port = portOf(status);
  if (port === undefined) throw new Error(`the agent does not listen for syslog\n${agent.log()}`);
  await sendSyslog(port, syslogLines);
}

async function showArrival(
  handler: HandlerProcess,
  agent: AgentProcess,
  inputs: DemoInputs,
): Promise<string> {
  const { expected } = inputs;
  const rows = await pollUntil(
    async (): Promise<RowCounts> => rowCounts(await handler.admin.tables()),
    (counts) => missing(counts, expected.rows).length === 0,
  );
  const status = await pollUntil(
    () => agent.status(),
    ({ ledger }) => ledger.every(({ buffered }) => buffered === 0),
  );
  say(`\n${showSources(status, expected.sources)}`);
  say(`\n${showRows(rows)}`);
  say(`\n${await sampleRows(handler, rows)}`);
  say(`\n${showLedger(status)}`);
  const problems = [...missing(rows, expected.rows), ...wrongSources(status, inputs)];
  if (!status.isBalanced) problems.push('the ledger does not balance');
  if (problems.length > 0) process.stderr.write(`${agent.log()}\n`);
  return problems.join('; ');
}

function wrongSources(status: AgentStatus, { expected }: DemoInputs): string[] {
  const lines = showSources(status, expected.sources).split('\n');
  return lines.filter((line) => line.includes('expected')).slice(0);
}

async function sampleRows(handler: HandlerProcess, counts: RowCounts): Promise<string> {
  const tables = Object.values(counts).flatMap((byTable) => Object.keys(byTable));
  const shown = [...new Set(tables)].filter((table) => table !== 'Heartbeat').slice(0, 3);
  const lines = ['Three rows as they are stored:'];
  for (const table of shown) {
    const [row] = (await handler.admin.rows({ table, limit: 1 })).rows;
    const members = Object.entries(row ?? {}).filter(
      ([name, value]) => value !== null && value !== '' && !name.startsWith('_'),
    );
    const text = JSON.stringify(Object.fromEntries(members));
    lines.push(`  ${table}: ${text.length > 420 ? `${text.slice(0, 420)}…` : text}`);
  }
  return lines.join('\n');
}

/** What `replay` says of captured inputs is what a running agent delivers of the same ones. */
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { AgentStatus } from '@dcr-agent/agent';
import type { ReplayReport } from '../../packages/agent/src/replay/report.ts';
import { writeEvtx } from '../support/evtx-writer/evtx-writer.ts';
import { numberedEvent } from '../support/numbered-events.ts';
import {
  type AgentProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
} from '../support/processes.ts';
import { syslogPortOf } from '../support/syslog-rule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { BOTH, MACHINE_NAME, RULE_ID, type Stage, setStage } from '../support/two-workspaces.ts';

const WORKSPACES = RULE_ID.replace(
  /Microsoft\.Insights.*/,
  'Microsoft.OperationalInsights/workspaces',
);
const COLUMNS = (...names: string[]): object => ({
  columns: [
    { name: 'TimeGenerated', type: 'datetime' },
    ...names.map((name) => ({ name, type: 'string' })),
  ],
});

interface Inputs {
  readonly evtx: string;
  readonly xml: string;
  readonly syslog: string;
  readonly text: string;
  readonly json: string;
}

/** Of each kind, records that the rule keeps, filters and refuses. */
async function writeInputs(folder: string): Promise<Inputs> {
  const inputs = {
    evtx: join(folder, 'Application.evtx'),
    xml: join(folder, 'System.xml'),
    syslog: join(folder, 'messages'),
    text: join(folder, 'app.log'),
    json: join(folder, 'orders.json'),
  };
  const events = Array.from({ length: 700 }, (_, n) => numberedEvent(n + 1));
  await writeFile(inputs.evtx, writeEvtx(events));
  const levels = Array.from({ length: 90 }, (_, n) => numberedEvent(n + 1, 'System', 1 + (n % 5)));
  await writeFile(inputs.xml, `<Events>${levels.join('\n')}</Events>`);
  const second = (n: number): string => new Date(Date.UTC(2026, 10, 20) + n * 1_000).toISOString();
  const messages = Array.from({ length: 5_000 }, (_, n) => {
    return `<${8 * (n % 24) + (n % 8)}>1 ${second(n)} host app ${n} - - message ${n}\n`;
  });
  await writeFile(inputs.syslog, `${messages.join('')}no priority at all\n`);
  const records = Array.from({ length: 400 }, (_, n) => `${second(n)} record ${n}\n  goes on\n`);
  await writeFile(inputs.text, records.join(''));
  const objects = Array.from({ length: 300 }, (_, n) =>
    n % 10 === 0 ? `no object ${n}\n` : `{"TimeGenerated":"${second(60 * n)}","Name":"n${n}"}\n`,
  );
  await writeFile(inputs.json, objects.join(''));
  return inputs;
}

function properties({ text, json }: Inputs): object {
  return {
    streamDeclarations: {
      'Custom-Lines': COLUMNS('RawData'),
      'Custom-Orders': COLUMNS('Name'),
    },
    dataSources: {
      windowsEventLogs: [
        {
          name: 'events',
          streams: ['Microsoft-Event'],
          xPathQueries: ['Application!*[System[EventID=1003]]', 'System!*[System[(Level<=2)]]'],
        },
        {
          name: 'all',
          streams: ['Microsoft-WindowsEvent'],
          xPathQueries: ["Application!*[EventData[Data[@Name='Number']>600]]"],
        },
      ],
      syslog: [
        {
          name: 'syslog',
          streams: ['Microsoft-Syslog'],
          facilityNames: ['daemon', 'auth', 'nopri'],
          logLevels: ['Error', 'Info', 'Emergency'],
        },
      ],
      logFiles: [
        {
          ...{ name: 'lines', streams: ['Custom-Lines'], filePatterns: [text], format: 'text' },
          settings: { text: { recordStartTimestampFormat: 'ISO 8601' } },
        },
        { name: 'orders', streams: ['Custom-Orders'], filePatterns: [json], format: 'json' },
      ],
    },
    dataFlows: [
      { streams: ['Microsoft-Event'], destinations: BOTH },
      { streams: ['Microsoft-WindowsEvent'], destinations: ['one'] },
      { streams: ['Microsoft-Syslog'], destinations: ['two'] },
      { streams: ['Custom-Lines'], destinations: BOTH, outputStream: 'Custom-Lines_CL' },
      { streams: ['Custom-Orders'], destinations: ['one'], outputStream: 'Custom-Orders_CL' },
    ],
  };
}

function ruleText(rule: object): string {
  const logAnalytics = BOTH.map((name) => {
    return { name, workspaceResourceId: `${WORKSPACES}/${name}` };
  });
  return JSON.stringify({
    location: 'local',
    properties: { destinations: { logAnalytics }, ...rule },
  });
}

async function replay(ruleFile: string, inputs: Inputs, ...more: string[]): Promise<string> {
  const { evtx, xml, syslog, text, json } = inputs;
  const given = [`events=${evtx}`, `events=${xml}`, `syslog=${syslog}`, `text=${text}`];
  const options = [...given, `orders=${json}`].flatMap((input) => ['--input', input]);
  const { code, stdout, stderr } = await runCommand('agent', [
    ...['replay', ruleFile, ...options],
    ...more,
  ]);
  assert.equal(code, 0, stderr);
  return stdout;
}

/** Rows by workspace and table. */
type RowCounts = Readonly<Record<string, number>>;

function promised({ flows }: ReplayReport): RowCounts {
  const counts: Record<string, number> = {};
  for (const { workspace, table, rows } of flows.flatMap(({ tables }) => tables)) {
    const key = `${workspace.split('/').at(-1)} ${table}`;
    counts[key] = (counts[key] ?? 0) + rows;
  }
  return counts;
}

async function delivered(stage: Stage, expected: RowCounts): Promise<RowCounts> {
  const counts = async (): Promise<RowCounts> => {
    const found = Object.keys(expected).map(async (key) => {
      const [workspace = '', table = ''] = key.split(' ');
      return [key, (await stage.rows(table, workspace)).length] as const;
    });
    return Object.fromEntries(await Promise.all(found));
  };
  return pollUntil(counts, (found) => {
    return Object.entries(expected).every(([key, count]) => (found[key] ?? 0) >= count);
  });
}

async function runAgent(t: TestContext, stage: Stage, inputs: Inputs): Promise<AgentProcess> {
  const agent = await startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: {
      sources: {
        syslog: { tcp: ['127.0.0.1:0'] },
        windowsEventLogs: { channels: { Application: [inputs.evtx], System: [inputs.xml] } },
      },
      delivery: { flushIntervalSeconds: 0.1 },
    },
  });
  t.after(() => agent.stop());
  const status = await pollUntil(
    () => agent.status(),
    (answer) => syslogPortOf(answer) !== undefined,
  );
  const socket = createConnection(syslogPortOf(status)!, '127.0.0.1');
  createReadStream(inputs.syslog).pipe(socket);
  return agent;
}

/** Of each flow, by data source: records read, kept, filtered and rejected with their reasons. */
function ledgerOf({ ledger }: AgentStatus): Map<string, unknown> {
  const rows = ledger.map(({ flow, read, delivered, filtered, reasons }) => {
    const counts = reasons.map(({ reason, count }) => [reason, count]);
    return [flow.split('/')[1] ?? '', { read, kept: delivered, filtered, counts }] as const;
  });
  return new Map(rows.filter(([dataSource]) => SOURCES.includes(dataSource)));
}

function promisedLedger({ flows }: ReplayReport): Map<string, unknown> {
  return new Map(
    flows.map(({ dataSource, read, kept, filtered, rejected }) => {
      const counts = rejected.map(({ what, count }) => [what, count]);
      return [dataSource, { read, kept, filtered, counts }];
    }),
  );
}

const SOURCES = ['events', 'all', 'syslog', 'lines', 'orders'];

test('rows by table and workspace are those that a running agent delivers', async (t) => {
  const folder = await temporaryFolder();
  const inputs = await writeInputs(folder);
  const rule = properties(inputs);
  const ruleFile = join(folder, 'rule.json');
  await writeFile(ruleFile, ruleText(rule));
  const report = JSON.parse(await replay(ruleFile, inputs, '--json')) as ReplayReport;
  const expected = promised(report);
  // By hand: 100 of 700 events with one of seven ids, and two of five levels of 90; 100 numbers
  // above 600; of 24 facilities and 8 levels that go round together, daemon.err and nopri.
  assert.equal(expected['one Event'], 100 + 36);
  assert.equal(expected['two Event'], 100 + 36);
  assert.equal(expected['one WindowsEvent'], 100);
  assert.equal(expected['two Syslog'], 209 + 1);
  assert.equal(expected['one Lines_CL'], 400);
  assert.equal(expected['one Orders_CL'], 270);

  const stage = await setStage(t, rule);
  const agent = await runAgent(t, stage, inputs);
  assert.deepEqual(await delivered(stage, expected), expected);
  // What is filtered or refused last may be counted a moment later.
  const kept = promisedLedger(report);
  const counted = await pollUntil(
    async () => ledgerOf(await agent.status()),
    (ledger) => isDeepStrictEqual(ledger, kept),
  );
  assert.deepEqual(counted, kept);
});

test('the same replay twice gives the same bytes', async () => {
  const folder = await temporaryFolder();
  const inputs = await writeInputs(folder);
  const ruleFile = join(folder, 'rule.json');
  await writeFile(ruleFile, ruleText(properties(inputs)));
  for (const form of [[], ['--json'], ['--against', ruleFile]]) {
    const [first, second] = await Promise.all([
      replay(ruleFile, inputs, ...form),
      replay(ruleFile, inputs, ...form),
    ]);
    assert.equal(first, second);
  }
});

/** A rule of messages, beside the name of a file of them. */
async function messages(): Promise<{ rule: string; log: string; folder: string }> {
  const folder = await temporaryFolder();
  const [rule, log] = [join(folder, 'rule.json'), join(folder, 'messages')];
  const source = { name: 'syslog', streams: ['Microsoft-Syslog'], logLevels: ['Error'] };
  await writeFile(
    rule,
    ruleText({
      dataSources: { syslog: [{ ...source, facilityNames: ['daemon'] }] },
      dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one'] }],
    }),
  );
  await writeFile(log, '<14>1 2026-11-20T10:00:00Z host app - - - only information\n');
  return { rule, log, folder };
}

test('a flow that keeps nothing ends with 1 where that is denied, and says which', async () => {
  const { rule, log } = await messages();
  const given = ['replay', rule, '-i', `syslog=${log}`];
  const allowed = await runCommand('agent', given);
  assert.deepEqual([allowed.code, /matches nothing/.test(allowed.stderr)], [0, false]);
  const denied = await runCommand('agent', [...given, '--deny-empty']);
  assert.equal(denied.code, 1);
  assert.match(denied.stderr, /flow Microsoft-Syslog of 'syslog' matches nothing/);
  assert.equal(denied.stdout, allowed.stdout);
});

test('messages come from standard input, too', async () => {
  const { rule } = await messages();
  const text = '<27>1 2026-11-20T10:00:00Z host app - - - failed\n'.repeat(3);
  const given = ['replay', rule, '-i', 'syslog=-', '--json'];
  const { code, stdout } = await runCommand('agent', given, {}, text);
  assert.equal(code, 0);
  assert.equal((JSON.parse(stdout) as ReplayReport).flows[0]?.kept, 3);
});

test('lines of a log come from standard input, too, which can be given once', async () => {
  const folder = await temporaryFolder();
  const inputs = await writeInputs(folder);
  const rule = join(folder, 'rule.json');
  await writeFile(rule, ruleText(properties(inputs)));
  const given = ['replay', rule, '-i', 'orders=-', '--json'];
  const { code, stdout } = await runCommand('agent', given, {}, '{"Name":"a"}\n{"Name":"b"}');
  assert.equal(code, 0);
  const { flows } = JSON.parse(stdout) as ReplayReport;
  assert.equal(flows.find(({ dataSource }) => dataSource === 'orders')?.kept, 2);
  const twice = await runCommand('agent', [...given, '-i', 'syslog=-'], {}, '');
  assert.equal(twice.code, 64);
});

test('mistakes end with the code of their kind, before anything is read', async () => {
  const { rule, log, folder } = await messages();
  const bad = join(folder, 'bad.json');
  await writeFile(bad, ruleText({ dataFlows: [{ streams: ['Custom-No'], destinations: ['x'] }] }));
  const binary = join(folder, 'not.evtx');
  await writeFile(binary, 'nothing of the kind');
  const nowhere = join(folder, 'nowhere');
  const cases: [number, RegExp, string[]][] = [
    [1, /error DCR_/, [bad, '-i', `syslog=${log}`]],
    [64, /no data source that reads windowsEventLogs/, [rule, '-i', `events=${binary}`]],
    [64, /--rows/, [rule, '-i', `syslog=${log}`, '--rows', 'many']],
    [64, /--received/, [rule, '-i', `syslog=${log}`, '--received', 'yesterday']],
    [64, /nothing to replay/, [rule]],
    [66, /ENOENT/, [nowhere, '-i', `syslog=${log}`]],
    [66, /ENOENT/, [rule, '-i', `syslog=${nowhere}`]],
  ];
  for (const [expected, words, args] of cases) {
    const { code, stdout, stderr } = await runCommand('agent', ['replay', ...args]);
    assert.equal(code, expected, stderr);
    assert.match(stderr, words);
    assert.equal(stdout, '');
  }
});

test('an input that is not what its kind says ends with 65, and the others are replayed', async () => {
  const folder = await temporaryFolder();
  const inputs = await writeInputs(folder);
  const ruleFile = join(folder, 'rule.json');
  await writeFile(ruleFile, ruleText(properties(inputs)));
  const binary = join(folder, 'not.evtx');
  await writeFile(binary, 'nothing of the kind');
  const given = ['-i', `events=${binary}`, '-i', `orders=${inputs.json}`, '--json'];
  const { code, stdout, stderr } = await runCommand('agent', ['replay', ruleFile, ...given]);
  assert.equal(code, 65, stderr);
  assert.match(stderr, /not\.evtx/);
  const { flows } = JSON.parse(stdout) as ReplayReport;
  assert.equal(flows.find(({ dataSource }) => dataSource === 'orders')?.kept, 270);
});

test('a file that several data sources may read is refused until one is named', async () => {
  const folder = await temporaryFolder();
  const inputs = await writeInputs(folder);
  const rule = join(folder, 'rule.json');
  const [a, b] = ['a', 'b'].map((name) => ({
    ...{ name, streams: ['Custom-Lines'], filePatterns: [`/var/log/${name}.log`], format: 'text' },
  }));
  const { streamDeclarations } = properties(inputs) as { streamDeclarations: object };
  await writeFile(
    rule,
    ruleText({
      ...{ streamDeclarations, dataSources: { logFiles: [a, b] } },
      dataFlows: [{ streams: ['Custom-Lines'], destinations: ['one'] }],
    }),
  );
  const refused = await runCommand('agent', ['replay', rule, '-i', `text=${inputs.text}`]);
  assert.equal(refused.code, 64);
  assert.match(refused.stderr, /'a', 'b'.*--input NAME=/);
  const named = await runCommand('agent', ['replay', rule, '-i', `b=${inputs.text}`]);
  assert.equal(named.code, 0, named.stderr);
});

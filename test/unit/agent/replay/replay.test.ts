import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parseRule } from '@dcr-agent/schema';
import { replay } from '../../../../packages/agent/src/replay/replay.ts';
import type { InputKind, ReplayInput } from '../../../../packages/agent/src/replay/replay-input.ts';
import {
  emptyParts,
  type ReplayReport,
  reportOf,
} from '../../../../packages/agent/src/replay/report.ts';
import type { ReplayedRule } from '../../../../packages/agent/src/replay/rule-plan.ts';
import { numberedEvent } from '../../../support/numbered-events.ts';
import { SYSLOG_SOURCE, sampleRule, WORKSPACE_ID } from '../../../support/sample-rule.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = await temporaryFolder();
let files = 0;

async function input(kind: InputKind, content: string, dataSource?: string): Promise<ReplayInput> {
  const name = join(folder, `${files++}.log`);
  await writeFile(name, content);
  const size = Buffer.byteLength(content);
  const own = { kind, path: name, files: [{ name, kind: 'file' as const, size }] };
  return dataSource === undefined ? own : { ...own, dataSource };
}

function ruleOf(properties: object, file = 'rule.json'): ReplayedRule {
  const { rule, diagnostics } = parseRule(sampleRule(properties));
  assert.ok(rule, JSON.stringify(diagnostics));
  return { file, rule };
}

type Row = Readonly<Record<string, unknown>>;

interface Given {
  readonly against?: ReplayedRule;
  readonly receivedMs?: number;
  readonly samplesMax?: number;
}

async function run(
  rule: ReplayedRule,
  inputs: readonly ReplayInput[],
  { against, ...given }: Given = {},
): Promise<ReplayReport> {
  const replayed = await replay({
    ...{ rules: [rule], inputs, samplesMax: 3, ...given },
    ...(against !== undefined && { against: [against] }),
    progress: { begin: () => {}, at: () => {} },
    stdin: () => assert.fail('nobody asks for standard input'),
    complain: () => {},
  });
  return reportOf(replayed, against === undefined ? [] : [against.file]);
}

const MESSAGES = [
  '<35>1 2026-11-20T00:00:00Z h a - - - auth.err\n',
  '<38>1 2026-11-20T06:00:00Z h a - - - auth.info\n',
  '<75>1 2026-11-20T12:00:00Z h a - - - cron.err\n',
].join('');

test('each flow tells what was read, kept and filtered, and from when to when', async () => {
  const { flows } = await run(ruleOf({}), [await input('syslog', MESSAGES)]);
  const [flow] = flows;
  assert.deepEqual([flow?.read, flow?.kept, flow?.filtered], [3, 2, 1]);
  assert.deepEqual(flow?.span, {
    from: '2026-11-20T00:00:00.000Z',
    to: '2026-11-20T12:00:00.000Z',
  });
  const texts = flow?.samples.map((row) => (JSON.parse(row) as Row).SyslogMessage);
  assert.deepEqual(texts, ['auth.err', 'cron.err']);
});

test('what is billed in half a day is twice as much in a day', async () => {
  const { flows } = await run(ruleOf({}), [await input('syslog', MESSAGES)]);
  const [table] = flows[0]?.tables ?? [];
  assert.deepEqual([table?.table, table?.workspace, table?.rows], ['Syslog', WORKSPACE_ID, 2]);
  // Of each row, in bytes: times 24 and 24, Computer and HostName 1 and 1, HostIP `192.0.2.1`,
  // CollectorHostName `machine`, `auth` or `cron`, `err`, ProcessName 1, the message 8, and the
  // id of the workspace 36.
  assert.equal(table?.billedBytes, 2 * (24 + 24 + 1 + 1 + 9 + 7 + 4 + 3 + 1 + 8 + 36));
  assert.equal(table?.billedGbPerDay, (2 * (table?.billedBytes ?? 0)) / 1e9);
});

test('what is sent to a workspace is its items, compressed', async () => {
  const many = MESSAGES.repeat(2_000);
  const { flows } = await run(ruleOf({}), [await input('syslog', many)]);
  const [sent, ...more] = flows[0]?.sent ?? [];
  assert.deepEqual(more, []);
  assert.deepEqual([sent?.protocol, sent?.workspace, sent?.rows], ['ods', WORKSPACE_ID, 4_000]);
  assert.ok((sent?.sentBytes ?? 0) < (sent?.jsonBytes ?? 0) / 10);
});

const JSON_RULE = {
  streamDeclarations: {
    'Custom-A': {
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Name', type: 'string' },
      ],
    },
  },
  dataSources: {
    logFiles: [
      { name: 'app', streams: ['Custom-A'], filePatterns: ['/var/log/app.json'], format: 'json' },
    ],
  },
  dataFlows: [
    { streams: ['Custom-A'], destinations: ['main'], outputStream: 'Custom-A_CL' },
    {
      ...{ streams: ['Custom-A'], destinations: ['main'], outputStream: 'Custom-B_CL' },
      transformKql: 'source | where Name != ""',
    },
  ],
};

test('what is refused is told with its reason, and a transformation is not taken for done', async () => {
  const text = '{"TimeGenerated":"2026-11-20T00:00:00Z","Name":"a","More":1}\nnothing\n';
  const { flows } = await run(ruleOf(JSON_RULE), [await input('json', text)]);
  const [flow] = flows;
  assert.deepEqual([flow?.read, flow?.kept], [2, 1]);
  assert.equal(flow?.rejected.length, 1);
  assert.deepEqual(flow?.remarks, [{ what: 'members without a column', count: 1 }]);
  assert.deepEqual(
    flow?.tables.map(({ table, rows, isTransformed }) => [table, rows, isTransformed]),
    [
      ['A_CL', 1, false],
      ['B_CL', 1, true],
    ],
  );
  // Rows of one request for both tables.
  assert.equal(flow?.sent.length, 1);
});

test('lines without a time are not extrapolated, and dated alike wherever they are read', async () => {
  const rule = ruleOf({
    ...JSON_RULE,
    dataSources: {
      logFiles: [{ ...JSON_RULE.dataSources.logFiles[0], format: 'text' }],
    },
  });
  const { flows } = await run(rule, [await input('text', 'one\ntwo\n')]);
  assert.equal(flows[0]?.span, null);
  assert.equal(flows[0]?.tables[0]?.billedGbPerDay, null);
  const [row = '{}'] = flows[0]?.samples ?? [];
  assert.equal((JSON.parse(row) as Row).TimeGenerated, '2000-01-01T00:00:00.000Z');
  const timed = '2026-11-20 10:00:00 one\n2026-11-20 11:00:00 two\n';
  const again = await run(rule, [await input('text', timed)]);
  assert.notEqual(again.flows[0]?.span, null);
});

const eventSources = (xPathQueries: readonly string[]) => ({
  windowsEventLogs: [{ name: 'events', streams: ['Microsoft-Event'], xPathQueries }],
});
const eventRule = (xPathQueries: readonly string[]): object => ({
  dataSources: eventSources(xPathQueries),
  dataFlows: [{ streams: ['Microsoft-Event'], destinations: ['main'] }],
});
const events = (count: number, channel = 'Application'): string =>
  `<Events>${Array.from({ length: count }, (_, n) => numberedEvent(n + 1, channel)).join('')}</Events>`;

test('events go to the flows of their own channel, and every query is counted', async () => {
  const rule = ruleOf(
    eventRule(['Application!*[System[EventID=1003]]', 'application!*[System[EventID=9]]', 'X!*']),
  );
  const inputs = [
    await input('windowsEventLogs', events(70)),
    await input('windowsEventLogs', events(5, 'Other')),
  ];
  const report = await run(rule, inputs);
  assert.deepEqual([report.flows[0]?.read, report.flows[0]?.kept], [70, 10]);
  assert.deepEqual(
    report.queries.map(({ count }) => count),
    [10, 0, 0],
  );
  assert.deepEqual(report.queries[1]?.nearest?.failed, ['System[EventID=9]: the event has 1001']);
  assert.deepEqual(report.inputs[1]?.parts, [
    { name: 'Other', count: 5, isAsked: false, asked: 'no' },
  ]);
  assert.deepEqual(emptyParts(report), [
    "query 2 of 'events' matches nothing",
    "query 3 of 'events' matches nothing",
  ]);
});

test('timediff measures to when an event was written, or to the moment that was given', async () => {
  const recent = 'Application!*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]';
  const given = await input('windowsEventLogs', events(4));
  const asWritten = await run(ruleOf(eventRule([recent])), [given]);
  assert.equal(asWritten.flows[0]?.kept, 4);
  const receivedMs = Date.UTC(2026, 10, 25);
  const later = await run(ruleOf(eventRule([recent])), [given], { receivedMs });
  assert.equal(later.flows[0]?.kept, 0);
  assert.equal(later.queries[0]?.count, 0);
});

test('a data source without input is told, and is not denied for being empty', async () => {
  const both = {
    dataSources: {
      syslog: [SYSLOG_SOURCE],
      performanceCounters: [
        {
          ...{ name: 'cpu', streams: ['Microsoft-Perf'], samplingFrequencyInSeconds: 60 },
          counterSpecifiers: ['\\Processor(*)\\% Processor Time'],
        },
      ],
      ...eventSources(['System!*']),
    },
    dataFlows: [
      {
        streams: ['Microsoft-Syslog', 'Microsoft-Event', 'Microsoft-Perf'],
        destinations: ['main'],
      },
    ],
  };
  const report = await run(ruleOf(both), [await input('syslog', MESSAGES)]);
  const inputs = report.flows.map(({ dataSource, input: is }) => [dataSource, is]);
  assert.deepEqual(Object.fromEntries(inputs), {
    messages: 'given',
    cpu: 'not replayable',
    events: 'none',
  });
  assert.deepEqual(emptyParts(report), []);
});

test('the name of a data source gives it the records alone', async () => {
  const second = { ...SYSLOG_SOURCE, name: 'second', logLevels: ['Info'] };
  const rule = ruleOf({ dataSources: { syslog: [SYSLOG_SOURCE, second] } });
  const { flows } = await run(rule, [await input('syslog', MESSAGES, 'second')]);
  assert.deepEqual(
    flows.map(({ input: is, kept }) => [is, kept]),
    [
      ['none', 0],
      ['given', 1],
    ],
  );
});

test('of two versions it tells which messages appear and vanish, by facility and level', async () => {
  const now = ruleOf({ dataSources: { syslog: [{ ...SYSLOG_SOURCE, logLevels: ['Info'] }] } });
  const report = await run(now, [await input('syslog', MESSAGES)], {
    against: ruleOf({}, 'old.json'),
  });
  const [table, ...more] = report.against?.tables ?? [];
  assert.deepEqual(more, []);
  const { old, new: after, appear, vanish } = table!;
  assert.deepEqual({ old, after, appear, vanish }, { old: 2, after: 1, appear: 1, vanish: 2 });
  const changes = report.against?.changes.map(({ change, selectedBy, otherwise, count }) => {
    return [change, selectedBy, otherwise, count];
  });
  assert.deepEqual(changes, [
    ['appears', 'auth.info', "logLevels of 'messages' do not name info", 1],
    ['vanishes', 'auth.err', "logLevels of 'messages' do not name err", 1],
    ['vanishes', 'cron.err', "logLevels of 'messages' do not name err", 1],
  ]);
});

test('of events it names the query that selects, and the condition that fails', async () => {
  const now = ruleOf(eventRule(['Application!*[System[EventID=1003 and Level=4]]']));
  const old = ruleOf(eventRule(['Application!*[System[EventID=1004 and Level=4]]']), 'old.json');
  const given = await input('windowsEventLogs', events(7));
  const report = await run(now, [given], { against: old });
  assert.deepEqual(
    report.against?.changes.map(({ change, selectedBy, otherwise, count }) => {
      return [change, selectedBy, otherwise, count];
    }),
    [
      [
        'appears',
        "query 1 of 'events': Application!*[System[EventID=1003 and Level=4]]",
        "query 1 of 'events' fails: EventID=1004",
        1,
      ],
      [
        'vanishes',
        "query 1 of 'events': Application!*[System[EventID=1004 and Level=4]]",
        "query 1 of 'events' fails: EventID=1003",
        1,
      ],
    ],
  );
});

test('a stream that only one version collects is no change of destination', async () => {
  const [source] = eventSources(['Application!*']).windowsEventLogs;
  const wide = { ...source, name: 'wide', streams: ['Microsoft-WindowsEvent'] };
  const both = ruleOf({
    dataSources: { windowsEventLogs: [source, wide] },
    dataFlows: [
      { streams: ['Microsoft-Event'], destinations: ['main'] },
      { streams: ['Microsoft-WindowsEvent'], destinations: ['main'] },
    ],
  });
  const old = ruleOf(eventRule(['Application!*']), 'old.json');
  const report = await run(both, [await input('windowsEventLogs', events(3))], { against: old });
  assert.deepEqual(
    report.against?.changes.map(({ change, table, otherwise, count }) => {
      return [change, table, otherwise, count];
    }),
    [['appears', 'WindowsEvent', 'no data source collects Microsoft-WindowsEvent', 3]],
  );
});

test('a row that goes to another table is the same record, sent elsewhere', async () => {
  const [flow] = JSON_RULE.dataFlows;
  const now = ruleOf({ ...JSON_RULE, dataFlows: [{ ...flow, outputStream: 'Custom-C_CL' }] });
  const old = ruleOf({ ...JSON_RULE, dataFlows: [flow] }, 'old.json');
  const report = await run(now, [await input('json', '{"Name":"a"}\n{"Name":"b"}\n')], {
    against: old,
  });
  assert.deepEqual(
    report.against?.changes.map(({ change, table, otherwise, count }) => {
      return [change, table, otherwise, count];
    }),
    [
      ['appears', 'C_CL', 'kept, and sent to A_CL in w', 2],
      ['vanishes', 'A_CL', 'kept, and sent to C_CL in w', 2],
    ],
  );
});

test('rules that do the same change nothing, whatever they are called', async () => {
  const report = await run(ruleOf({}), [await input('syslog', MESSAGES)], {
    against: ruleOf({}, 'old.json'),
  });
  assert.deepEqual(report.against?.changes, []);
  assert.equal(report.against?.tables[0]?.new, 2);
});

test('of many examples only so many are kept', async () => {
  const now = ruleOf({ dataSources: { syslog: [{ ...SYSLOG_SOURCE, logLevels: ['*'] }] } });
  const given = [await input('syslog', MESSAGES.repeat(50))];
  const against = ruleOf({}, 'old.json');
  const report = await run(now, given, { against, samplesMax: 2 });
  const [change] = report.against?.changes ?? [];
  assert.deepEqual([change?.count, change?.examples.length], [50, 2]);
  assert.equal((await run(now, given, { samplesMax: 0 })).flows[0]?.samples.length, 0);
});

const TEXT_SOURCE = {
  ...{ name: 'app', streams: ['Custom-A'], filePatterns: ['/var/log/app.log'], format: 'text' },
};
const textRule = (file: string, ...sources: readonly object[]): ReplayedRule => {
  const logFiles = sources.map((source) => ({ ...TEXT_SOURCE, ...source }));
  const [dataFlow] = JSON_RULE.dataFlows;
  return ruleOf({ ...JSON_RULE, dataFlows: [dataFlow], dataSources: { logFiles } }, file);
};

test('where it is not told which data source reads a file, no file is read', async () => {
  const two = textRule('two.json', {}, { name: 'web', filePatterns: ['/var/log/web.log'] });
  const given = [await input('text', 'one\n')];
  await assert.rejects(run(two, given), /'app', 'web' reads it cannot be told/);
  await assert.rejects(run(textRule('one.json', {}), given, { against: two }), /cannot be told/);
});

test('an input for a data source of one version only is compared with nothing', async () => {
  const now = textRule('now.json', { name: 'renamed' });
  const against = textRule('old.json', {});
  const given = [await input('text', 'one\n', 'renamed')];
  const report = await run(now, given, { against });
  assert.equal(report.flows[0]?.kept, 1);
  assert.deepEqual([report.against?.tables, report.against?.changes], [[], []]);
  assert.match(
    report.against?.notes[0] ?? '',
    /no data source of old\.json has the name 'renamed'/,
  );
});

test('where only the beginning of records changed, that is the reason', async () => {
  const settings = { text: { recordStartTimestampFormat: 'ISO 8601' } };
  const now = textRule('now.json', { settings });
  const report = await run(now, [await input('text', '2026-11-20T00:00:00Z a\n b\n')], {
    against: textRule('old.json', {}),
  });
  assert.deepEqual(
    report.against?.changes.map(({ change, count, otherwise }) => [change, count, otherwise]),
    [
      ['appears', 1, 'how records begin has changed'],
      ['vanishes', 2, 'how records begin has changed'],
    ],
  );
});

test('an input counts all of its lines and bytes, and one that is packed is not read', async () => {
  const text = `one\n${'x'.repeat(1_100_000)}\ntwo`;
  const packed = await input('syslog', '\x1f\ufffd');
  await writeFile(packed.path, gzipSync(MESSAGES));
  const both = ruleOf({
    ...JSON_RULE,
    dataSources: { syslog: [SYSLOG_SOURCE], logFiles: [TEXT_SOURCE] },
    dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['main'] }, JSON_RULE.dataFlows[0]],
  });
  const { inputs } = await run(both, [await input('text', text), packed]);
  assert.deepEqual([inputs[0]?.records, inputs[0]?.bytes], [3, Buffer.byteLength(text)]);
  assert.deepEqual([inputs[1]?.records, inputs[1]?.problems.length], [0, 1]);
});

test('events that are asked for and go nowhere are told, and denied', async () => {
  const rule = ruleOf({ ...eventRule(['Application!*']), dataFlows: [] });
  const report = await run(rule, [await input('windowsEventLogs', events(2))]);
  const part = { name: 'Application', count: 2, isAsked: false, asked: 'no destination' };
  assert.deepEqual(report.inputs[0]?.parts, [part]);
  assert.deepEqual(emptyParts(report), [
    "flow Microsoft-Event of 'events' goes nowhere: no destination takes it",
  ]);
});

test('a query that comes from a parameter is not known, and neither is what it asks for', async () => {
  const rule = ruleOf(eventRule(["[concat(parameters('channel'), '!*')]", 'System!*']));
  const report = await run(rule, [await input('windowsEventLogs', events(2))]);
  assert.deepEqual([report.queries[0]?.isKnown, report.queries[0]?.count], [false, null]);
  assert.match(report.queries[0]?.refusal ?? '', /^not known: .*--parameters/);
  assert.equal(report.inputs[0]?.parts[0]?.asked, 'not known');
});

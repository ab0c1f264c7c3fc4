import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Plan, PlannedSource, Protocol } from '@dcr-agent/schema';
import { parseEventXml } from '../../../../packages/agent/src/eventlog/event-xml-reader.ts';
import { loadKernel } from '../../../../packages/agent/src/kernel/kernel-module.ts';
import {
  type CompileContext,
  compilePipeline,
} from '../../../../packages/agent/src/pipeline/compile-pipeline.ts';
import type { MachineFacts } from '../../../../packages/agent/src/pipeline/heartbeat-stage.ts';
import type { Pipeline } from '../../../../packages/agent/src/pipeline/pipeline.ts';
import type { CounterSample, HeartbeatRecord } from '../../../../packages/agent/src/record.ts';
import { MessageBatch } from '../../../../packages/agent/src/sources/syslog/message-batch.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { lineRecord } from '../../../support/line-records.ts';
import { type Processed, processed, type Row } from '../../../support/rows.ts';
import { recordOf, type SyslogFields } from '../../../support/syslog-records.ts';

const machine: MachineFacts = {
  computer: 'web01',
  hostIp: '10.0.0.4',
  agentId: 'a',
  osType: 'Linux',
  osName: 'Ubuntu',
  osMajorVersion: '22',
  osMinorVersion: '04',
  agentVersion: '1.2.3',
  privateIps: [],
};

const logon = parseEventXml(eventXml({ eventId: 4624, channel: 'Security' })).events[0]!;
const logoff = parseEventXml(eventXml({ eventId: 4634, channel: 'Security' })).events[0]!;

const fields: SyslogFields = {
  facility: 10,
  severity: 5,
  eventTimeMs: null,
  receivedAtMs: 0,
  host: '',
  senderAddress: '',
  ident: 'sudo',
  processId: '',
  message: 'hello',
};
const message = recordOf(fields);

const line = lineRecord({ line: 'text', filePath: '/x.log', timeMs: 0 });
const heartbeat: HeartbeatRecord = { atMs: 0 };
const sample: CounterSample = {
  atMs: 0,
  object: 'System',
  instance: 'total',
  counter: 'Load1',
  value: 0.5,
};

function plan(destinations: Readonly<Record<string, Protocol>>): Plan {
  return {
    sources: [],
    destinations: Object.entries(destinations).map(([id, protocol]) => ({
      id,
      protocol,
      endpoint: 'http://127.0.0.1/',
    })),
    skipped: [],
  };
}

function run(
  source: PlannedSource,
  records: readonly unknown[],
  destinations: Readonly<Record<string, Protocol>> = { d: 'ods' },
  report: CompileContext['report'] = () => assert.fail('nothing to report'),
): Processed {
  const pipeline = compilePipeline(source, plan(destinations), {
    machine,
    machineDimensions: {},
    report,
    kernel: () => undefined,
  });
  return processed(pipeline, records as never[]);
}

function rows({ blocks }: Processed): Row[][] {
  return blocks.map(({ text }) => JSON.parse(`[${text}]`) as Row[]);
}

function eventSource(...queries: string[]): PlannedSource {
  return {
    kind: 'windowsEventLogs',
    key: 'windowsEventLogs:security',
    channel: 'Security',
    flows: queries.map((query, i) => ({
      id: `flow ${i}`,
      stream: i === 0 ? 'SECURITY_EVENT_BLOB' : 'GENERIC_EVENT_BLOB',
      destinations: ['d'],
      queries: [query],
    })),
  };
}

test('each kind of source gets the stage of its kind', () => {
  const flow = { id: 'f', destinations: ['d'] };
  const syslog: PlannedSource = {
    kind: 'syslog',
    key: 'syslog',
    flows: [
      {
        ...flow,
        stream: 'LINUX_SYSLOGS_BLOB',
        facilityNames: ['authpriv'],
        logLevels: ['Notice'],
      },
    ],
  };
  const files: PlannedSource = {
    kind: 'logFiles',
    key: 'logFiles:/x.log',
    patterns: ['/x.log'],
    flows: [{ ...flow, stream: 'Custom-X', format: 'text' }],
  };
  const beats: PlannedSource = {
    kind: 'heartbeat',
    key: 'heartbeat',
    flows: [{ ...flow, stream: 'HEALTH_ASSESSMENT_BLOB' }],
  };
  const [[security]] = rows(run(eventSource('*'), [logon])) as [[Row]];
  assert.deepEqual([security.EventID, security.Channel], [4624, 'Security']);
  const other = recordOf({ ...fields, facility: 3 });
  const [messages] = rows(run(syslog, [message, other]));
  assert.deepEqual(
    messages!.map((row) => [row.Message, row.Host]),
    [['hello', 'web01']],
  );
  const [[text]] = rows(run(files, [line])) as [[Row]];
  assert.deepEqual([text.RawData, text.Computer], ['text', 'web01']);
  const counters: PlannedSource = {
    kind: 'performanceCounters',
    key: 'performanceCounters:dcr-1/c',
    groups: [],
    flows: [
      { ...flow, stream: 'GENERIC_PERF_BLOB' },
      { ...flow, id: 'g', stream: 'INSIGHTS_METRICS_BLOB' },
    ],
  };
  const [[perf], [metric]] = rows(run(counters, [sample])) as [[Row], [Row]];
  assert.deepEqual([perf.ObjectName, metric.Namespace], ['System', 'System']);
  const [[beat]] = rows(run(beats, [heartbeat])) as [[Row]];
  assert.deepEqual([beat.Category, beat.OSName], ['AMA', 'Ubuntu']);
});

test('every flow filters and shapes by itself', () => {
  const result = run(eventSource('*[System[EventID=4624]]', '*'), [logon, logoff]);
  const [security, generic] = rows(result);
  assert.deepEqual(
    security!.map(({ EventID, EventLog }) => [EventID, EventLog]),
    [[4624, undefined]],
  );
  assert.deepEqual(
    generic!.map(({ EventID, EventLog }) => [EventID, EventLog]),
    [
      [4624, 'Security'],
      [4634, 'Security'],
    ],
  );
  assert.deepEqual(
    result.counts.map(({ flow, read, filtered }) => [flow, read, filtered]),
    [
      ['flow 0', 2, 1],
      ['flow 1', 2, 0],
    ],
  );
});

test('a flow is encoded once per protocol of its destinations, for all of them together', () => {
  const source: PlannedSource = {
    kind: 'syslog',
    key: 'syslog',
    flows: [
      {
        id: 'f',
        stream: 'LINUX_SYSLOGS_BLOB',
        solution: 'LogManagement',
        destinations: ['o1', 'g1', 'o2', 'gone'],
        facilityNames: ['*'],
        logLevels: ['*'],
      },
    ],
  };
  const result = run(source, [message], { g1: 'gig', o2: 'ods', o1: 'ods', unused: 'gig' });
  const outlet = { flow: 'f', stream: 'LINUX_SYSLOGS_BLOB', solution: 'LogManagement' };
  assert.deepEqual(
    result.blocks.map(({ outlet }) => outlet),
    [
      { ...outlet, protocol: 'ods', destinations: ['o1', 'o2'] },
      { ...outlet, protocol: 'gig', destinations: ['g1'] },
    ],
  );
  const [[item], [row]] = rows(result) as [[Row], [Row]];
  assert.deepEqual([item.Message, row.SyslogMessage], ['hello', 'hello']);
});

test('rules that ask for the same of a source share its rows, others do not', () => {
  const flowOf = (id: string, facility: string, solution?: string) => ({
    id,
    stream: 'LINUX_SYSLOGS_BLOB',
    destinations: ['d'],
    facilityNames: [facility],
    logLevels: ['*'],
    ...(solution !== undefined && { solution }),
  });
  const flows = [
    flowOf('one', '*'),
    flowOf('two', '*', 'Security'),
    flowOf('three', 'authpriv'),
    { ...flowOf('four', '*'), stream: 'Custom-Syslog_CL' },
  ];
  const source: PlannedSource = { kind: 'syslog', key: 'syslog', flows };
  const module = loadKernel('syslog');
  for (const kernel of [() => undefined, () => module]) {
    const context = {
      machine,
      machineDimensions: {},
      kernel,
      report: () => assert.fail('nothing to report'),
    };
    const pipeline = compilePipeline(source, plan({ d: 'ods' }), context) as Pipeline<unknown>;
    const records = new MessageBatch({ toEpochMs: (wallMs) => wallMs, onUnparsed: assert.fail });
    for (const text of ['<13>1 - h a - - - user', '<86>1 - h a - - - authpriv']) {
      const arrival = { receivedAtMs: 0, senderAddress: '' };
      records.add(Buffer.from(`${text}\n`), 0, text.length, arrival);
    }
    pipeline.process({ records, cursors: [] }, 0);
    const { blocks, counts } = pipeline.take()!;
    assert.deepEqual(
      blocks.map(({ outlets, recordCount }) => [outlets.map(({ flow }) => flow), recordCount]),
      [
        [['one', 'two'], 2],
        [['three'], 1],
        [['four'], 2],
      ],
    );
    assert.deepEqual(
      counts.map(({ flow, filtered }) => [flow, filtered]),
      [
        ['one', 0],
        ['two', 0],
        ['three', 1],
        ['four', 0],
      ],
    );
  }
});

test('security logs and plain syslog of the same facilities go side by side', () => {
  const flowOf = (stream: string) => ({
    id: stream,
    stream,
    destinations: ['d'],
    facilityNames: ['*'],
    logLevels: ['*'],
  });
  const streams = ['SECURITY_CEF_BLOB', 'LINUX_SYSLOGS_BLOB', 'SECURITY_CISCO_ASA_BLOB'];
  const source: PlannedSource = { kind: 'syslog', key: 'syslog', flows: streams.map(flowOf) };
  const module = loadKernel('syslog');
  const outcomes = [() => undefined, () => module].map((kernel) => {
    const context = {
      ...{ machine, machineDimensions: {}, kernel },
      report: () => assert.fail('nothing to report'),
    };
    const pipeline = compilePipeline(source, plan({ d: 'gig' }), context) as Pipeline<unknown>;
    const unparsed: string[] = [];
    const onUnparsed = (defect: string) => void unparsed.push(defect);
    const records = new MessageBatch({ toEpochMs: (wallMs) => wallMs, onUnparsed });
    const texts = [
      '<13>1 2025-03-01T10:11:12Z h CEF - - - 0|v|p|1|2|n|3|src=10.0.0.1',
      '<13>Mar  1 10:11:12 h %ASA-6-302013: Built',
      '<86>1 - h a - - - plain',
      'CEF:0|v|p|1|2|without header|3|',
    ];
    for (const text of texts) {
      const bytes = Buffer.from(`${text}\n`);
      records.add(bytes, 0, text.length, { receivedAtMs: 0, senderAddress: '' });
    }
    pipeline.process({ records, cursors: [] }, 0);
    const { blocks, counts } = pipeline.take()!;
    assert.deepEqual(
      blocks.map(({ outlets, recordCount }) => [outlets[0]?.flow, recordCount]),
      [
        ['SECURITY_CEF_BLOB', 2],
        ['LINUX_SYSLOGS_BLOB', 4],
        ['SECURITY_CISCO_ASA_BLOB', 1],
      ],
    );
    assert.deepEqual(
      counts.map(({ read, filtered }) => [read, filtered]),
      [
        [4, 2],
        [4, 0],
        [4, 3],
      ],
    );
    assert.deepEqual(unparsed, ['no priority'], 'counted once, however often it is looked at');
    return blocks.map(({ json }) => json.toString());
  });
  assert.deepEqual(outcomes[1], outcomes[0]);
});

test('a query that is refused is reported with its flow; the other flows are served', () => {
  const reports: string[][] = [];
  const source = eventSource('*[System[EventID=]]', '*');
  const result = run(source, [logon], { d: 'ods' }, (flow, query, reason) => {
    reports.push([flow, query, reason]);
  });
  assert.deepEqual(
    reports.map(([flow, query]) => [flow, query]),
    [['flow 0', '*[System[EventID=]]']],
  );
  assert.notEqual(reports[0]![2], '');
  assert.deepEqual(
    result.counts.map(({ filtered }) => filtered),
    [1, 0],
  );
});

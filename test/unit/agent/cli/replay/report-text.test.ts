import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportText } from '../../../../../packages/agent/src/cli/replay/report-text.ts';
import type { FlowReport, ReplayReport } from '../../../../../packages/agent/src/replay/report.ts';

const FLOW: FlowReport = {
  ...{ rule: 'rule.json', dataSource: 'linux', kind: 'syslog', stream: 'Microsoft-Syslog' },
  ...{ input: 'given', read: 10, kept: 7, filtered: 2, truncatedFields: 0 },
  rejected: [{ what: 'record too large', count: 1 }],
  remarks: [],
  span: { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' },
  bulk: null,
  sent: [
    {
      ...{ protocol: 'ods', workspace: '/subscriptions/s/workspaces/ops', requests: 1, rows: 7 },
      ...{ jsonBytes: 2_000_000_000, sentBytes: 250_000_000, sentGbPerDay: 0.25 },
    },
  ],
  tables: [
    {
      ...{ workspace: '/subscriptions/s/workspaces/ops', table: 'Syslog', rows: 7 },
      ...{ billedBytes: 1_500_000_000, billedGbPerDay: 1.5, isTransformed: true, dataFlow: 1 },
    },
  ],
  samples: ['{"SyslogMessage":"a\u001b[31m"}'],
};
const REPORT: ReplayReport = {
  ...{ rules: ['rule.json'], inputs: [], flows: [FLOW], queries: [], notDone: [] },
};

test('a flow is told with its counts, its tables, what is sent, and samples', () => {
  assert.equal(
    reportText(REPORT),
    `'linux' → Microsoft-Syslog (syslog)
  10 read, 7 kept, 2 filtered, 1 rejected
    rejected 1: record too large
  from 2026-11-20T00:00:00.000Z to 2026-11-21T00:00:00.000Z
  Syslog in ops           7 rows  1.5 GB billed            1.500 GB/day  before the transformation of the service
  sent to ops, 1 request  7 rows  250.0 MB of 2.0 GB JSON  0.250 GB/day
  row: {"SyslogMessage":"a\\u001b[31m"}
`,
  );
});

test('why nothing is said of a day is told', () => {
  const short = { ...FLOW, tables: [{ ...FLOW.tables[0]!, billedGbPerDay: null }], samples: [] };
  const texts = [short, { ...short, span: null }].map((flow) =>
    reportText({ ...REPORT, flows: [flow] }),
  );
  assert.match(texts[0]!, /not extrapolated to a day: the records cover less than a minute/);
  assert.match(texts[1]!, /not extrapolated to a day: there are no times/);
});

test('a data source without input, or with an empty one, says so', () => {
  const flows: FlowReport[] = [
    { ...FLOW, input: 'none' },
    { ...FLOW, input: 'not replayable' },
    { ...FLOW, input: 'no destination' },
    { ...FLOW, read: 0 },
  ];
  assert.deepEqual(
    reportText({ ...REPORT, flows })
      .split('\n')
      .filter((line) => line.startsWith('  ')),
    [
      '  no input',
      '  no input: its records come from no file',
      '  not read: no destination takes it',
      '  the input holds nothing for it',
    ],
  );
});

test('queries are told with their counts, and the nearest miss of one without', () => {
  const query = {
    ...{ rule: 'rule.json', dataSource: 'events', refusal: null, isKnown: true, nearest: null },
  };
  const text = reportText({
    ...REPORT,
    flows: [],
    queries: [
      { ...query, number: 1, text: 'System!*', count: 120 },
      {
        ...{ ...query, number: 2, text: 'System!*[System[Level=9]]', count: 0 },
        nearest: { event: 'Kernel 12, EventRecordID 7 in a.evtx', failed: ['Level=9: it has 4'] },
      },
      { ...query, number: 3, text: 'odd', count: null, refusal: 'no channel' },
    ],
  });
  assert.equal(
    text,
    `Queries
  120  'events' 1: System!*
    0  'events' 2: System!*[System[Level=9]]
       nearest: Kernel 12, EventRecordID 7 in a.evtx
         Level=9: it has 4
    -  'events' 3: odd
       refused: no channel
`,
  );
});

test('changes are told with what is responsible on both sides', () => {
  const place = { kind: 'syslog', table: 'Syslog', workspace: '/s/ops' };
  const text = reportText({
    ...REPORT,
    flows: [],
    against: {
      ...{ rules: ['old.json'], notes: [] },
      tables: [{ ...place, old: 2, new: 1, appear: 0, vanish: 1 }],
      changes: [
        {
          ...{ change: 'vanishes', ...place, selectedBy: 'auth.err', otherwise: 'no level' },
          ...{ count: 1, examples: ['auth.err sshd: failed'] },
        },
      ],
    },
  });
  assert.equal(
    text,
    `Against old.json
                          before  now  appear  vanish
  Syslog in ops (syslog)       2    1       0       1
  1 vanish from Syslog in ops
    before: auth.err
    now: no level
    e.g. auth.err sshd: failed
`,
  );
});

test('what is not known is not told as refused, and each of several rules is named', () => {
  const text = reportText({
    ...REPORT,
    ...{ rules: ['a.json', 'b.json'], flows: [{ ...FLOW, input: 'not known' }] },
    queries: [
      {
        ...{ rule: 'b.json', dataSource: 'events', number: 1, text: "[parameters('q')]" },
        ...{ count: null, refusal: 'not known: why', isKnown: false, nearest: null },
      },
    ],
  });
  assert.match(text, /not read: what it collects is not known/);
  assert.match(text, /- {2}'events' 1 of b\.json: \[parameters\('q'\)\]\n +not known: why/);
});

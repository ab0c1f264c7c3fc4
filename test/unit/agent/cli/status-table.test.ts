import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusTable } from '../../../../packages/agent/src/cli/status-table.ts';
import type { AgentStatus } from '../../../../packages/agent/src/health/status.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const MINUTE = 60_000;
const RULE = 'dcr-b2f224ecd62360762193663b7ac043a1';
const ODS = 'ods-d23e4232-848d-4358-9274-579ba4710c16';

const counts = {
  read: 0,
  filtered: 0,
  rejected: 0,
  dropped: 0,
  quarantined: 0,
  buffered: 0,
  delivered: 0,
};

const status: AgentStatus = {
  version: '1.2.3',
  processId: 4711,
  startedAtMs: NOW - 26 * 60 * MINUTE,
  stateDir: '/var/lib/dcr-agent',
  machine: { resourceId: '/subscriptions/s/machines/web01', region: 'westeurope' },
  rules: {
    activeEndpoint: 'https://westeurope.handler.example',
    endpoint: 'https://global.handler.example',
    lastFailure: { atMs: NOW - 5 * MINUTE, reason: 'HTTP 503 Busy' },
    configurations: [{ id: RULE, eTag: 'x' }],
    refused: [],
  },
  skipped: [
    { configurationId: RULE, dataSource: 'perf', reason: 'kind perf is not supported' },
    { configurationId: RULE, dataSource: '', reason: "channel 'x' is not supported" },
  ],
  refusedQueries: [{ flow: `${RULE}/events/S`, query: '*[Foo()]', reason: 'no function Foo()' }],
  sources: [
    { key: 'syslog', state: 'reading', facts: { messages: 12, unparsed: { 'no time': 2 } } },
    {
      key: 'logFiles:/var/log/a.log',
      state: 'failed',
      lastFailure: { atMs: NOW - 3_000, reason: 'forbidden' },
      facts: {},
    },
  ],
  lanes: [
    {
      destination: `${RULE}/${ODS}`,
      address: `https://${ODS.slice(4)}.ods.example/OperationalData.svc/PostJsonDataItems`,
      state: 'idle',
      inFlight: 0,
      lastSuccessAtMs: NOW - 119_000,
      lastFailure: null,
      trouble: null,
      troubledFlows: [],
    },
    {
      destination: 'local/gig',
      address: '(unusable)',
      state: 'held',
      inFlight: 0,
      lastSuccessAtMs: null,
      lastFailure: { atMs: NOW - 49 * 60 * MINUTE, reason: 'not a URL' },
      trouble: { reason: 'not a URL', isHeld: true },
      troubledFlows: [],
    },
  ],
  ledger: [
    {
      ...counts,
      flow: `${RULE}/syslog/LINUX_SYSLOGS_BLOB`,
      destination: `${RULE}/${ODS}`,
      read: 1_000,
      filtered: 900,
      rejected: 2,
      quarantined: 1,
      delivered: 97,
      reasons: [
        { reason: 'record too large', count: 2 },
        { reason: 'HTTP 400', count: 1 },
      ],
    },
  ],
  isBalanced: true,
  buffer: {
    diskBytes: 12_345_678,
    quotaBytes: 10_000_000_000,
    quotaFrom: 'rule dcr-1',
    losses: [
      {
        atMs: NOW - 90 * MINUTE,
        flow: `${RULE}/syslog/LINUX_SYSLOGS_BLOB`,
        destination: `${RULE}/${ODS}`,
        records: 12,
        fromMs: NOW - 120 * MINUTE,
        toMs: NOW - 100 * MINUTE,
      },
      { atMs: NOW, flow: 'f', destination: 'd', records: 1, fromMs: null, toMs: 8.7e15 },
    ],
    setAside: [{ path: '/var/lib/dcr-agent/buffer.db.damaged-x', bytes: 4_096_000 }],
    destinations: [],
  },
};

test('people see rules, sources, destinations and the ledger', () => {
  assert.equal(
    statusTable(status, NOW),
    `\
dcr-agent 1.2.3, process 4711, up 26 h
machine   /subscriptions/s/machines/web01
state     /var/lib/dcr-agent, 12.3 MB of 10.0 GB (rule dcr-1)
lost      12 records of dcr-b2f224ec…/syslog/LINUX_SYSLOGS_BLOB for dcr-b2f224ec…/ods-d23e4232…, from 2026-11-21T10:00:00.000Z to 2026-11-21T10:20:00.000Z, by damage found 90 min ago
lost      1 records of f for d, until an unknown time, by damage found 0 s ago
set aside /var/lib/dcr-agent/buffer.db.damaged-x, 4.1 MB
rules     1 from https://westeurope.handler.example; they stay, but: HTTP 503 Busy (5 min ago)
not done  dcr-b2f224ec…/perf: kind perf is not supported
not done  dcr-b2f224ec…/*: channel 'x' is not supported
not done  dcr-b2f224ec…/events/S: query '*[Foo()]': no function Foo()

SOURCE                   STATE    LAST FAILURE         FACTS
syslog                   reading  -                    messages=12 unparsed={no time=2}
logFiles:/var/log/a.log  failed   forbidden (3 s ago)  -

DESTINATION                  HOST                   STATE  LAST DELIVERY  LAST FAILURE
dcr-b2f224ec…/ods-d23e4232…  d23e4232….ods.example  idle   119 s ago      -
local/gig                    (unusable)             held   never          not a URL (2 days ago)

FLOW                                     DESTINATION    READ  FILTERED  REJECTED  DROPPED  QUARANTINED  BUFFERED  DELIVERED  REASONS
dcr-b2f224ec…/syslog/LINUX_SYSLOGS_BLOB  ods-d23e4232…  1000       900         2        0            1         0         97  record too large: 2, HTTP 400: 1
the ledger balances: read = filtered + rejected + dropped + quarantined + buffered + delivered
`,
  );
});

test('an agent with nothing to do says so without breaking', () => {
  const idle: AgentStatus = {
    ...status,
    machine: { resourceId: '', region: '' },
    rules: { folder: '/etc/rules', configurations: [], refused: [], lastFailure: null },
    skipped: [],
    refusedQueries: [],
    sources: [],
    lanes: [],
    ledger: [],
  };
  const table = statusTable(idle, NOW);
  assert.match(table, /^machine {3}not known$/m);
  assert.match(table, /^rules {5}0 from \/etc\/rules$/m);
  assert.match(table, /^SOURCE {2}STATE {2}LAST FAILURE {2}FACTS$/m);
});

test('a row that does not add up is named, and so is the whole', () => {
  const [row] = status.ledger;
  const lost = { ...status, ledger: [{ ...row!, delivered: 96, reasons: [] }], isBalanced: false };
  const table = statusTable(lost, NOW);
  assert.match(table, /LINUX_SYSLOGS_BLOB.* 96 {2}DOES NOT ADD UP$/m);
  assert.match(table, /^THE LEDGER DOES NOT BALANCE$/m);
});

test('what a rule says cannot draw on the terminal', () => {
  const evil: AgentStatus = {
    ...status,
    skipped: [{ configurationId: 'r', dataSource: '\u001b[2J', reason: 'x\ny' }],
    sources: [{ key: 'logFiles:\u001b]0;owned\u0007', state: 'reading', facts: {} }],
  };
  assert.doesNotMatch(statusTable(evil, NOW), /[\u0000-\u0009\u000b-\u001f\u007f]/);
  assert.match(statusTable(evil, NOW), /not done {2}r\/\\u001b\[2J: x\\u000ay/);
});

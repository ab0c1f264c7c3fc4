import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPipeline } from '../../../../../packages/agent/src/pipeline/pipeline.ts';
import { firewallShape } from '../../../../../packages/agent/src/pipeline/w3c/firewall-shape.ts';
import { iisShape } from '../../../../../packages/agent/src/pipeline/w3c/iis-shape.ts';
import { w3cStage } from '../../../../../packages/agent/src/pipeline/w3c/w3c-stage.ts';
import { listed, type W3cHeader } from '../../../../../packages/agent/src/record.ts';
import { lineRecord } from '../../../../support/line-records.ts';

const CONTEXT = { computer: 'web01', hostIp: '', agentId: '' };
const AT = { filePath: '/u_ex.log', timeMs: Date.UTC(2026, 2, 2) };
const REQUEST: W3cHeader = { fields: 'date time cs-method cs-uri-query sc-status' };

interface Made {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly remarks: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
}

function made(
  rows: readonly (readonly [W3cHeader | undefined, string])[],
  shape = iisShape(CONTEXT),
): Made {
  const flow = { id: 'f', stream: 'ONPREM_IIS_BLOB_V2', destinations: ['d'] };
  // The machine is an hour ahead of UTC.
  const stage = w3cStage(shape, (wallMs) => wallMs - 3_600_000);
  const pipeline = createPipeline([{ flow, stage, destinations: new Map([['ods', ['d']]]) }]);
  const records = rows.map(([header, line]) => ({ ...lineRecord({ ...AT, line }), header }));
  pipeline.process({ records: listed(records), cursors: [] }, 0);
  const { blocks, counts } = pipeline.take()!;
  const [{ remarks = new Map(), rejected }] = counts as [(typeof counts)[number]];
  return {
    rows: JSON.parse(`[${blocks.map(({ json }) => String(json)).join()}]`) as Made['rows'],
    remarks: Object.fromEntries(remarks),
    rejected: Object.fromEntries(rejected.map(({ reason, count }) => [reason, count])),
  };
}

test('a request becomes a row, by the fields in front of it', () => {
  const fields =
    'date time s-sitename s-computername s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username ' +
    'c-ip cs-version cs(User-Agent) cs(Cookie) cs(Referer) cs-host sc-status sc-substatus ' +
    'sc-win32-status sc-bytes cs-bytes time-taken';
  const line =
    '2026-03-01 10:11:12 W3SVC1 WEB-A 10.0.0.4 GET /a%20b.aspx q=1&r=2 443 DOM\\ann 203.0.113.7 ' +
    'HTTP/2.0 Mozilla/5.0+(X11) id=7;+x=y - www.example.com 200 0 0 5000000000 312 15';
  assert.deepEqual(made([[{ fields }, line]]), {
    rows: [
      {
        TimeGenerated: '2026-03-01T10:11:12.000Z',
        Computer: 'web01',
        sSiteName: 'W3SVC1',
        sComputerName: 'WEB-A',
        sIP: '10.0.0.4',
        csMethod: 'GET',
        csUriStem: '/a%20b.aspx',
        csUriQuery: 'q=1&r=2',
        sPort: 443,
        csUserName: 'DOM\\ann',
        cIP: '203.0.113.7',
        csVersion: 'HTTP/2.0',
        csUserAgent: 'Mozilla/5.0+(X11)',
        csCookie: 'id=7;+x=y',
        csHost: 'www.example.com',
        scStatus: '200',
        scSubStatus: '0',
        scWin32Status: '0',
        scBytes: 5_000_000_000,
        csBytes: 312,
        TimeTaken: 15,
      },
    ],
    remarks: {},
    rejected: {},
  });
});

test('fields may change between two rows', () => {
  const { rows } = made([
    [REQUEST, '2026-03-01 10:11:12 GET - 200'],
    [{ fields: 'date time c-ip' }, '2026-03-01 10:11:13 10.0.0.9'],
  ]);
  assert.deepEqual(
    rows.map(({ TimeGenerated: _, Computer: __, ...row }) => row),
    [{ csMethod: 'GET', scStatus: '200' }, { cIP: '10.0.0.9' }],
  );
});

test('a value in quotes may hold blanks and quotes; a quote alone is a letter', () => {
  const query = (text: string): unknown =>
    made([[REQUEST, `2026-03-01 10:11:12 GET ${text} 200`]]).rows[0]?.csUriQuery;
  assert.equal(query('"a b"'), 'a b');
  assert.equal(query('"say ""hi"" now"'), 'say "hi" now');
  assert.equal(query('"a'), '"a');
  assert.equal(query('"a"b'), '"a"b');
  assert.equal(query('""'), undefined);
  assert.equal(query('a"b"'), 'a"b"');
});

test('what is no row is refused, with its reason', () => {
  const reasons = (header: W3cHeader | undefined, line: string): string[] =>
    Object.keys(made([[header, line]]).rejected);
  assert.deepEqual(reasons(undefined, 'x'), ['W3C row before any #Fields']);
  assert.deepEqual(reasons({ fields: ' ' }, 'x'), ['W3C row before any #Fields']);
  const counts = ['W3C row with more or fewer values than #Fields'];
  assert.deepEqual(reasons(REQUEST, '2026-03-01 10:11:12 GET - 200 more'), counts);
  assert.deepEqual(reasons(REQUEST, '2026-03-01 10:11:12 GET'), counts);
  const time = ['W3C row without a valid time'];
  assert.deepEqual(reasons(REQUEST, '2026-02-30 10:11:12 GET - 200'), time);
  assert.deepEqual(reasons(REQUEST, '2026-03-01 25:11:12 GET - 200'), time);
  assert.deepEqual(reasons(REQUEST, '- 10:11:12 GET - 200'), time);
});

test('without a date #Date holds, without a time that of reading', () => {
  const timeOf = (header: W3cHeader, line: string): unknown =>
    made([[header, line]]).rows[0]?.TimeGenerated;
  assert.equal(
    timeOf({ fields: 'time c-ip', date: '2026-03-01' }, '10:11:12 a'),
    '2026-03-01T10:11:12.000Z',
  );
  assert.equal(timeOf({ fields: 'time c-ip' }, '10:11:12 a'), '2026-03-02T00:00:00.000Z');
  assert.equal(timeOf({ fields: 'c-ip' }, 'a'), '2026-03-02T00:00:00.000Z');
});

test('what has no column, and numbers that are none, are counted', () => {
  const fields = 'date time s-port X-Forwarded-For s-port';
  const { rows, remarks } = made([[{ fields }, '2026-03-01 10:11:12 many 10.1.1.1 80']]);
  assert.equal(rows[0]?.sPort, 80);
  assert.deepEqual(remarks, {
    'values that are no int: sPort': 1,
    'fields without a column: X-Forwarded-For': 1,
  });
});

test('a packet becomes a session, in local time where the log says so', () => {
  const header: W3cHeader = {
    fields:
      'date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path pid',
    isLocalTime: true,
  };
  const lines = [
    '2026-03-01 10:11:12 DROP TCP 203.0.113.7 10.0.0.4 50123 3389 52 S 1 0 64240 - - - RECEIVE 4',
    '2026-03-01 10:11:13 ALLOW ICMP fe80::1 ff02::1 - - 0 - - - - 8 0 - SEND -',
  ];
  const { rows } = made(
    lines.map((line) => [header, line] as const),
    firewallShape(CONTEXT),
  );
  const [dropped, allowed] = rows;
  const { TimeGenerated, EventStartTime, EventEndTime } = dropped!;
  assert.equal(TimeGenerated, '2026-03-01T09:11:12.000Z');
  assert.deepEqual([EventStartTime, EventEndTime], [TimeGenerated, TimeGenerated]);
  const facts = ({
    ...row
  }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(row).filter(([name]) => /^(Dvc|Src|Dst|Network|Add|EventR)/.test(name)),
    );
  assert.deepEqual(facts(dropped!), {
    ...{ Dvc: 'web01', DvcHostname: 'web01', DvcAction: 'Drop', EventResult: 'Failure' },
    ...{ NetworkProtocol: 'TCP', SrcIpAddr: '203.0.113.7', DstIpAddr: '10.0.0.4' },
    ...{ SrcPortNumber: 50123, DstPortNumber: 3389, NetworkBytes: 52 },
    NetworkDirection: 'Inbound',
    AdditionalFields: { tcpflags: 'S', tcpsyn: '1', tcpack: '0', tcpwin: '64240', pid: '4' },
  });
  assert.deepEqual(facts(allowed!), {
    ...{ Dvc: 'web01', DvcHostname: 'web01', DvcAction: 'Allow', EventResult: 'Success' },
    ...{ NetworkProtocol: 'ICMP', SrcIpAddr: 'fe80::1', DstIpAddr: 'ff02::1' },
    ...{ NetworkBytes: 0, NetworkIcmpType: '8', NetworkIcmpCode: 0 },
    NetworkDirection: 'Outbound',
    AdditionalFields: {},
  });
});

test('what is no packet has no result', () => {
  const header: W3cHeader = { fields: 'date time action info' };
  const { rows } = made(
    [[header, '2026-03-01 10:11:12 INFO-EVENTS-LOST 7']],
    firewallShape(CONTEXT),
  );
  const { DvcAction, EventResult, AdditionalFields } = rows[0]!;
  assert.deepEqual(
    [DvcAction, EventResult, AdditionalFields],
    ['INFO-EVENTS-LOST', 'NA', { info: '7' }],
  );
});

test('what an attacker may name is data, whatever it is called', () => {
  const header: W3cHeader = { fields: 'date time action __proto__ constructor' };
  const { rows } = made([[header, '2026-03-01 10:11:12 constructor a b']], firewallShape(CONTEXT));
  const { EventResult, AdditionalFields } = rows[0]!;
  assert.equal(EventResult, 'NA');
  assert.deepEqual(Object.entries(AdditionalFields as object), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import { windowsEventStage } from '../../../../../packages/agent/src/pipeline/windows-event/windows-event-stage.ts';
import { rowOf } from '../../../../support/rows.ts';
import { CONTEXT, FAILED_LOGON, LOGON, readings, SYSMON, sentRow } from './sample-events.ts';

interface Report {
  readonly query: string;
  readonly reason: string;
}

function keeper(...queries: string[]): {
  keep: (record: WindowsEventRecord, nowMs?: number) => boolean;
  reports: Report[];
} {
  const reports: Report[] = [];
  const flow = { id: 'f', stream: 'GENERIC_EVENT_BLOB', destinations: ['d'], queries };
  const stage = windowsEventStage(flow, CONTEXT, (query, reason) => {
    reports.push({ query, reason });
  });
  return { keep: (record, nowMs = 0) => stage.keep(record, nowMs), reports };
}

test('an event is kept when any query selects it, however it was stored', () => {
  const { keep, reports } = keeper(
    '*[System[EventID=4625]]',
    "*[EventData[Data[@Name='LogonType']=10]]",
  );
  for (const sample of [LOGON, FAILED_LOGON]) {
    for (const [how, record] of readings(sample)) assert.equal(keep(record), true, how);
  }
  for (const [how, record] of readings(SYSMON)) assert.equal(keep(record), false, how);
  assert.deepEqual(reports, []);
});

test('a flow without queries keeps nothing', () => {
  for (const record of readings(LOGON).values()) assert.equal(keeper().keep(record), false);
});

test('a query about age is measured against the moment given', () => {
  const { keep } = keeper('*[System[TimeCreated[timediff(@SystemTime) <= 1000]]]');
  const created = Date.parse('2026-11-20T06:14:30.831Z');
  const record = readings(LOGON).get('stored with a template')!;
  assert.equal(keep(record, created + 500), true);
  assert.equal(keep(record, created + 5_000), false);
});

test('a query that is refused is reported with its place, and the others work on', () => {
  const bad = '*[System[EventID=]]';
  const { keep, reports } = keeper(bad, '*[System[EventID=4624]]');
  assert.equal(keep(readings(LOGON).get('event XML')!), true);
  assert.equal(reports.length, 1);
  assert.equal(reports[0]!.query, bad);
  assert.match(reports[0]!.reason, /\S.* at column 18$/);
});

test('the columns are those of the table, by whatever name the stream is called', () => {
  const record = readings(LOGON).get('event XML')!;
  const columns = (stream: string): string => Object.keys(sentRow(stream, record)).join();
  const [event, security, windows] = [
    'GENERIC_EVENT_BLOB',
    'SECURITY_EVENT_BLOB',
    'SECURITY_WEF_EVENT_BLOB',
  ].map(columns);
  assert.equal(new Set([event, security, windows]).size, 3);
  assert.equal(columns('Microsoft-Event'), event);
  assert.equal(columns('Microsoft-SecurityEvent'), security);
  assert.equal(columns('microsoft-windowsevent'), windows);
});

test('a stream of the author’s own carries the columns of WindowsEvent', () => {
  const record = readings(LOGON).get('event XML')!;
  for (const stream of ['Custom-Logons', 'Custom-Event', 'constructor']) {
    assert.deepEqual(sentRow(stream, record), sentRow('SECURITY_WEF_EVENT_BLOB', record));
  }
});

test('rows are the same on every protocol', () => {
  const flow = { id: 'f', stream: 'SECURITY_EVENT_BLOB', destinations: ['d'], queries: ['*'] };
  const stage = windowsEventStage(flow, CONTEXT, () => {});
  const record = readings(LOGON).get('event XML')!;
  assert.deepEqual(rowOf(stage, 'gig', record), rowOf(stage, 'ods', record));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RowContext } from '../../../../../packages/agent/src/pipeline/record-stage.ts';
import { syslogStage } from '../../../../../packages/agent/src/pipeline/syslog/syslog-stage.ts';
import { rowOf } from '../../../../support/rows.ts';
import { recordOf, type SyslogFields } from '../../../../support/syslog-records.ts';

const context: RowContext = { computer: 'collector', hostIp: '10.0.0.4', agentId: 'a' };

function stage(facilityNames: string[], logLevels: string[]): ReturnType<typeof syslogStage> {
  return syslogStage(
    { id: 'f', stream: 'LINUX_SYSLOGS_BLOB', destinations: ['d'], facilityNames, logLevels },
    context,
  );
}

const record: SyslogFields = {
  facility: 10,
  severity: 5,
  eventTimeMs: Date.UTC(2026, 10, 20, 6, 14, 33, 250),
  receivedAtMs: Date.UTC(2026, 10, 20, 6, 14, 34),
  host: 'db01',
  senderAddress: '10.0.0.9',
  ident: 'sudo',
  processId: '77',
  message: 'TTY=pts/0 "quoted"',
};

test('a message is kept when its facility and its level are both listed', () => {
  const keep = (f: string[], l: string[], r: Partial<SyslogFields> = {}): boolean =>
    stage(f, l).keep(recordOf({ ...record, ...r }), 0);
  assert.equal(keep(['authpriv'], ['Notice']), true);
  assert.equal(keep(['AuthPriv'], ['notice']), true, 'names are compared ignoring case');
  assert.equal(keep(['authpriv'], ['Info']), false);
  assert.equal(keep(['authpriv'], ['Emergency']), false, 'a level means itself, not "and above"');
  assert.equal(keep(['auth'], ['Notice']), false);
  assert.equal(keep(['*'], ['*']), true);
  assert.equal(keep([], []), false);
  assert.equal(keep(['authpriv', 'local7'], ['*'], { facility: 23 }), true);
  assert.equal(keep(['unknown-name'], ['*']), false);
});

test('every facility number has the name the rule language gives it', () => {
  const names =
    'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7'.split(
      ' ',
    );
  names.forEach((name, facility) => {
    for (let other = -1; other < 24; other++) {
      const kept = stage([name], ['*']).keep(recordOf({ ...record, facility: other }), 0);
      assert.equal(kept, other === facility, `${name} against ${other}`);
    }
  });
});

test('a message without priority is selected by nopri and counts as emergency', () => {
  const bare = { facility: -1, severity: -1 };
  assert.equal(stage(['nopri'], ['Emergency']).keep(recordOf({ ...record, ...bare }), 0), true);
  assert.equal(stage(['nopri'], ['Notice']).keep(recordOf({ ...record, ...bare }), 0), false);
  assert.equal(stage(['user'], ['Emergency']).keep(recordOf({ ...record, ...bare }), 0), false);
  assert.equal(stage(['*'], ['*']).keep(recordOf({ ...record, ...bare }), 0), true);
});

test('the ODS item has the members Linux agents send, all strings', () => {
  assert.deepEqual(rowOf(stage(['*'], ['*']), 'ods', recordOf(record)), {
    ident: 'sudo',
    Timestamp: '2026-11-20T06:14:34.000Z',
    EventTime: '2026-11-20T06:14:33.250Z',
    Host: 'db01',
    HostIP: '10.0.0.9',
    ProcessId: '77',
    Facility: 'authpriv',
    Severity: 'notice',
    SeverityNumber: '5',
    Message: 'TTY=pts/0 "quoted"',
  });
});

test('what a message lacks is filled from the machine that collected it', () => {
  const bare = { ...record, host: '', senderAddress: '', eventTimeMs: null, processId: '' };
  const item = rowOf(stage(['*'], ['*']), 'ods', recordOf(bare));
  assert.equal(item.Host, 'collector');
  assert.equal(item.HostIP, '10.0.0.4');
  assert.equal(item.EventTime, item.Timestamp);
});

test('the Logs Ingestion row has the columns of the Syslog table', () => {
  assert.deepEqual(rowOf(stage(['*'], ['*']), 'gig', recordOf(record)), {
    TimeGenerated: '2026-11-20T06:14:34.000Z',
    EventTime: '2026-11-20T06:14:33.250Z',
    Computer: 'db01',
    HostName: 'db01',
    HostIP: '10.0.0.9',
    CollectorHostName: 'collector',
    Facility: 'authpriv',
    SeverityLevel: 'notice',
    ProcessName: 'sudo',
    ProcessID: 77,
    SyslogMessage: 'TTY=pts/0 "quoted"',
  });
  const row = rowOf(stage(['*'], ['*']), 'gig', recordOf({ ...record, processId: 'x1' }));
  assert.equal(row.ProcessID, undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SyslogFlow } from '@dcr-agent/schema';
import {
  securityLogKind,
  securityLogStage,
} from '../../../../../packages/agent/src/pipeline/syslog/security-log-stage.ts';
import { rowOf } from '../../../../support/rows.ts';
import { recordOf, type SyslogFields } from '../../../../support/syslog-records.ts';

const CONTEXT = { computer: 'collector', hostIp: '10.0.0.4', agentId: 'a' };
const FLOW: SyslogFlow = {
  id: 'f',
  stream: 'SECURITY_CEF_BLOB',
  destinations: ['d'],
  facilityNames: ['local0'],
  logLevels: ['Info'],
};
const RECORD: SyslogFields = {
  facility: 16,
  severity: 6,
  eventTimeMs: Date.UTC(2026, 10, 20, 6, 14, 33),
  receivedAtMs: Date.UTC(2026, 10, 20, 6, 14, 34),
  host: 'fw01',
  senderAddress: '10.0.0.9',
  ident: 'CEF',
  processId: '',
  message: '0|Vendor|Product|1|2|Name|9|src=10.0.0.1',
};
const cef = securityLogStage('cef', FLOW, CONTEXT);

test('streams say which security log they carry', () => {
  assert.equal(securityLogKind('SECURITY_CEF_BLOB'), 'cef');
  assert.equal(securityLogKind('Microsoft-CommonSecurityLog'), 'cef');
  assert.equal(securityLogKind('SECURITY_CISCO_ASA_BLOB'), 'asa');
  assert.equal(securityLogKind('LINUX_SYSLOGS_BLOB'), undefined);
  assert.equal(securityLogKind('Custom-Any'), undefined);
});

test('of what facility and level select, the messages of the kind are kept', () => {
  const keep = (more: Partial<SyslogFields>): boolean =>
    cef.keep(recordOf({ ...RECORD, ...more }), 0);
  assert.equal(keep({}), true);
  assert.equal(keep({ facility: 17 }), false);
  assert.equal(keep({ severity: 5 }), false);
  assert.equal(keep({ ident: 'sshd' }), false);
  assert.equal(keep({ ident: '%ASA-6-302013', message: 'Built' }), false);
});

test('a broken header of CEF, and text without a key, are remarked, once for all protocols, and the message kept', () => {
  const stage = securityLogStage('cef', FLOW, CONTEXT);
  const remarked = (more: Partial<SyslogFields>): readonly object[] => {
    const record = recordOf({ ...RECORD, ...more });
    const isKept = stage.keep(record, 0);
    if (isKept) stage.refusal!(record);
    const messages = isKept
      ? [rowOf(stage, 'ods', record).Message, rowOf(stage, 'gig', record).Message]
      : [];
    return [messages, Object.fromEntries(stage.takeRemarks!())];
  };
  const broken = 'CEF: 0|Vendor|Product|1|2';
  assert.deepEqual(remarked({ message: '0|Vendor|Product|1|2' }), [
    [broken, broken],
    { 'CEF header broken, all in Message': 1 },
  ]);
  const unkeyed = '0|Vendor|Product|1|2|Name|9|free text src=10.0.0.1';
  assert.deepEqual(remarked({ message: unkeyed }), [
    [`CEF: ${unkeyed}`, undefined],
    { 'CEF text without a key, in AdditionalExtensions': 1 },
  ]);
  assert.deepEqual(remarked({ ident: 'app', message: '[a@1 b="c"] CEF:|Vendor' }), [
    [],
    { 'CEF: without a version, not taken for CEF': 1 },
  ]);
  assert.deepEqual(remarked({ ident: 'app', message: 'they speak of CEF: a format' }), [[], {}]);
  assert.deepEqual(remarked({ facility: 17, ident: 'app', message: 'CEF:|Vendor' }), [[], {}]);
  assert.deepEqual(remarked({})[1], {});
});

test('the ODS item carries the message whole, under its tag', () => {
  assert.deepEqual(rowOf(cef, 'ods', recordOf(RECORD)), {
    ident: 'CEF',
    Timestamp: '2026-11-20T06:14:34.000Z',
    EventTime: '2026-11-20T06:14:33.000Z',
    Host: 'fw01',
    HostIP: '10.0.0.9',
    ProcessId: '',
    Facility: 'local0',
    Severity: 'info',
    SeverityNumber: '6',
    Message: 'CEF: 0|Vendor|Product|1|2|Name|9|src=10.0.0.1',
  });
  const asa = securityLogStage('asa', FLOW, CONTEXT);
  const item = rowOf(
    asa,
    'ods',
    recordOf({ ...RECORD, ident: '%ASA-6-1', message: 'Built', host: '' }),
  );
  assert.deepEqual(
    [item.ident, item.Message, item.Host],
    ['%ASA-6-1', '%ASA-6-1: Built', 'collector'],
  );
});

test('the Logs Ingestion row has the columns of CommonSecurityLog', () => {
  assert.deepEqual(rowOf(cef, 'gig', recordOf({ ...RECORD, eventTimeMs: null })), {
    TimeGenerated: '2026-11-20T06:14:34.000Z',
    Computer: 'fw01',
    CollectorHostName: 'collector',
    DeviceVendor: 'Vendor',
    DeviceProduct: 'Product',
    DeviceVersion: '1',
    DeviceEventClassID: '2',
    Activity: 'Name',
    LogSeverity: 'Very-High',
    OriginalLogSeverity: '9',
    SourceIP: '10.0.0.1',
  });
});

/**
 * Syslog: filter by facility and level, shape to the ODS item or to the columns of the Syslog
 * table. Source of the item: the open-source Linux agents; of the columns: the table reference.
 */
import type { SyslogFlow } from '@dcr-agent/schema';
import type { SyslogRecord } from '../record.ts';
import type { RecordStage, RowContext } from './record-stage.ts';
import {
  effectiveSeverity,
  facilityName,
  selectFacilities,
  selectLevels,
  severityName,
} from './syslog-names.ts';

export function syslogStage(flow: SyslogFlow, context: RowContext): RecordStage<SyslogRecord> {
  const facilities = selectFacilities(flow.facilityNames);
  const levels = selectLevels(flow.logLevels);
  return {
    keep: (record) =>
      facilities.has(record.facility) && levels.has(effectiveSeverity(record.severity)),
    shape: (protocol) =>
      protocol === 'ods' ? (record) => odsItem(record, context) : (record) => row(record, context),
  };
}

function odsItem(record: SyslogRecord, context: RowContext): object {
  return {
    ident: record.ident,
    Timestamp: isoTime(record.receivedAtMs),
    EventTime: isoTime(record.eventTimeMs ?? record.receivedAtMs),
    Host: record.host === '' ? context.computer : record.host,
    HostIP: record.senderAddress === '' ? context.hostIp : record.senderAddress,
    ProcessId: record.processId,
    Facility: facilityName(record.facility),
    Severity: severityName(record.severity),
    SeverityNumber: String(effectiveSeverity(record.severity)),
    Message: record.message,
  };
}

function row(record: SyslogRecord, context: RowContext): object {
  const host = record.host === '' ? context.computer : record.host;
  return {
    TimeGenerated: isoTime(record.receivedAtMs),
    EventTime: isoTime(record.eventTimeMs ?? record.receivedAtMs),
    Computer: host,
    HostName: host,
    HostIP: record.senderAddress === '' ? context.hostIp : record.senderAddress,
    CollectorHostName: context.computer,
    Facility: facilityName(record.facility),
    SeverityLevel: severityName(record.severity),
    ProcessName: record.ident,
    ProcessID: /^\d{1,9}$/.test(record.processId) ? Number(record.processId) : undefined,
    SyslogMessage: record.message,
  };
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

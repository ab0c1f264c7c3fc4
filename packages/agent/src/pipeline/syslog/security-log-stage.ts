/**
 * CEF and Cisco ASA: of what facility and level select, the messages of the kind. To a workspace's
 * own endpoint they go whole, since the service takes them apart; the Logs Ingestion API takes the
 * columns of CommonSecurityLog.
 */
import type { Protocol, SyslogFlow } from '@dcr-agent/schema';
import {
  defectOfCef,
  isMeantAsCef,
  SECURITY_LOG_HEAD_MAX,
  type SecurityLogItem,
  type SecurityLogKind,
  securityLogColumns,
  securityLogItem,
} from '@dcr-agent/schema/security-log';
import { findBlobType, findStream } from '@dcr-agent/schema/streams';
import type { SyslogRecord } from '../../record.ts';
import { type RecordStage, type RowContext, type RowWriter, shapedRow } from '../record-stage.ts';
import { Remarks } from '../remarks.ts';
import { effectiveSeverity, facilityName, severityName } from './syslog-names.ts';
import { priorityFilter } from './syslog-stage.ts';

const KINDS: ReadonlyMap<string, SecurityLogKind> = new Map([
  ['SECURITY_CEF_BLOB', 'cef'],
  ['SECURITY_CISCO_ASA_BLOB', 'asa'],
]);

const DEFECTS = {
  header: 'CEF header broken, all in Message',
  unkeyed: 'CEF text without a key, in AdditionalExtensions',
} as const;
const NO_VERSION = 'CEF: without a version, not taken for CEF';

/** Which security log a stream carries; `undefined` for plain syslog. */
export function securityLogKind(stream: string): SecurityLogKind | undefined {
  const known = findBlobType(stream) ?? findStream(stream);
  return known && KINDS.get(known.blobType);
}

export function securityLogStage(
  kind: SecurityLogKind,
  flow: SyslogFlow,
  context: RowContext,
): RecordStage<SyslogRecord> {
  const selects = priorityFilter(flow);
  const remarks = new Remarks();
  return {
    keep: (record) => selects(record.facility, record.severity) && isOfKind(kind, record, remarks),
    refusal(record) {
      const { refusal } = record;
      const defect = refusal === undefined && kind === 'cef' && defectOfCef(itemOf(kind, record)!);
      if (defect) remarks.add(DEFECTS[defect]);
      return refusal;
    },
    row: (protocol) => rowWriter(kind, protocol, context),
    takeRemarks: () => remarks.take(),
  };
}

function rowWriter(
  kind: SecurityLogKind,
  protocol: Protocol,
  context: RowContext,
): RowWriter<SyslogRecord> {
  const shape = protocol === 'ods' ? odsItem : tableRow;
  return shapedRow((record) => shape(record, itemOf(kind, record)!, context));
}

/** Bytes of a header are ASCII, so the text need not be decoded for this. */
function isOfKind(
  kind: SecurityLogKind,
  { bytes, parts }: SyslogRecord,
  remarks: Remarks,
): boolean {
  const { identStart, identEnd, messageStart, messageEnd } = parts;
  const headEnd = Math.min(messageEnd, messageStart + SECURITY_LOG_HEAD_MAX);
  const ident = bytes.toString('latin1', identStart, identEnd);
  const head = bytes.toString('latin1', messageStart, headEnd);
  if (securityLogItem(kind, ident, head) !== undefined) return true;
  if (kind === 'cef' && isMeantAsCef(head)) remarks.add(NO_VERSION);
  return false;
}

function itemOf(
  kind: SecurityLogKind,
  { bytes, parts }: SyslogRecord,
): SecurityLogItem | undefined {
  const ident = bytes.toString('utf8', parts.identStart, parts.identEnd);
  return securityLogItem(kind, ident, bytes.toString('utf8', parts.messageStart, parts.messageEnd));
}

/** Source: the open-source Linux agents. */
function odsItem(record: SyslogRecord, item: SecurityLogItem, context: RowContext): object {
  const { bytes, parts, facility, severity, receivedAtMs, senderAddress } = record;
  const { eventTimeMs } = parts;
  return {
    ident: item.ident,
    Timestamp: isoTime(receivedAtMs),
    EventTime: isoTime(Number.isNaN(eventTimeMs) ? receivedAtMs : eventTimeMs),
    Host: hostOf(record, context),
    HostIP: senderAddress === '' ? context.hostIp : senderAddress,
    ProcessId: bytes.toString('utf8', parts.processIdStart, parts.processIdEnd),
    Facility: facilityName(facility),
    Severity: severityName(severity),
    SeverityNumber: String(effectiveSeverity(severity)),
    Message: item.message,
  };
}

function tableRow(record: SyslogRecord, item: SecurityLogItem, context: RowContext): object {
  return {
    TimeGenerated: isoTime(record.receivedAtMs),
    Computer: hostOf(record, context),
    CollectorHostName: context.computer,
    ...securityLogColumns(item.message, record.receivedAtMs),
  };
}

/** A message that names no host is from this machine. */
function hostOf({ bytes, parts }: SyslogRecord, { computer }: RowContext): string {
  return bytes.toString('utf8', parts.hostStart, parts.hostEnd) || computer;
}

function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

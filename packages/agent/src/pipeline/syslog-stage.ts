/**
 * Syslog: filter by facility and level, write the ODS item or the columns of the Syslog table.
 * Source of the item: the open-source Linux agents; of the columns: the table reference.
 */
import type { SyslogFlow } from '@dcr-agent/schema';
import type { SyslogRecord } from '../record.ts';
import { IsoTimes } from './iso-times.ts';
import type { JsonBytes } from './json-bytes.ts';
import { JsonLiteral } from './json-literal.ts';
import type { RecordStage, RowContext, RowWriter } from './record-stage.ts';
import {
  effectiveSeverity,
  FACILITY_MAX,
  facilityName,
  SEVERITY_MAX,
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
    row: (protocol) => (protocol === 'ods' ? odsItem(context) : tableRow(context)),
  };
}

function odsItem(context: RowContext): RowWriter<SyslogRecord> {
  const received = new IsoTimes();
  const events = new IsoTimes();
  const computer = literal(text(context.computer));
  const start = literal('{"ident":"');
  const timestamp = literal('","Timestamp":"');
  const eventTime = literal('","EventTime":"');
  const host = literal('","Host":"');
  const hostIp = literal('","HostIP":"');
  const processId = literal('","ProcessId":"');
  const priority = byPriority(
    (facility, severity) =>
      `","Facility":"${facilityName(facility)}","Severity":"${severityName(severity)}"` +
      `,"SeverityNumber":"${effectiveSeverity(severity)}","Message":"`,
  );
  return (record, out) => {
    const { bytes, parts } = record;
    out.raw(start);
    out.utf8(bytes, parts.identStart, parts.identEnd);
    out.raw(timestamp);
    received.write(record.receivedAtMs, out);
    out.raw(eventTime);
    writeEventTime(record, events, out);
    out.raw(host);
    writeHost(record, computer, out);
    out.raw(hostIp);
    out.text(record.senderAddress === '' ? context.hostIp : record.senderAddress);
    out.raw(processId);
    out.utf8(bytes, parts.processIdStart, parts.processIdEnd);
    out.raw(priority(record));
    out.utf8(bytes, parts.messageStart, parts.messageEnd);
    out.raw(END_TEXT);
  };
}

function tableRow(context: RowContext): RowWriter<SyslogRecord> {
  const received = new IsoTimes();
  const events = new IsoTimes();
  const computer = literal(text(context.computer));
  const start = literal('{"TimeGenerated":"');
  const eventTime = literal('","EventTime":"');
  const computerName = literal('","Computer":"');
  const hostName = literal('","HostName":"');
  const hostIp = literal('","HostIP":"');
  const priority = byPriority(
    (facility, severity) =>
      `","CollectorHostName":"${text(context.computer)}","Facility":"${facilityName(facility)}"` +
      `,"SeverityLevel":"${severityName(severity)}","ProcessName":"`,
  );
  const processId = literal('","ProcessID":');
  const message = literal(',"SyslogMessage":"');
  const messageOnly = literal('","SyslogMessage":"');
  return (record, out) => {
    const { bytes, parts } = record;
    out.raw(start);
    received.write(record.receivedAtMs, out);
    out.raw(eventTime);
    writeEventTime(record, events, out);
    out.raw(computerName);
    writeHost(record, computer, out);
    out.raw(hostName);
    writeHost(record, computer, out);
    out.raw(hostIp);
    out.text(record.senderAddress === '' ? context.hostIp : record.senderAddress);
    out.raw(priority(record));
    out.utf8(bytes, parts.identStart, parts.identEnd);
    const number = wholeNumber(bytes, parts.processIdStart, parts.processIdEnd);
    if (number < 0) {
      out.raw(messageOnly);
    } else {
      out.raw(processId);
      out.digits(number);
      out.raw(message);
    }
    out.utf8(bytes, parts.messageStart, parts.messageEnd);
    out.raw(END_TEXT);
  };
}

const END_TEXT = new JsonLiteral('"}');
const DIGITS_MAX = 9;
const ZERO = 0x30;

/** Without a time of its own a message is from when it was received. */
function writeEventTime(record: SyslogRecord, times: IsoTimes, out: JsonBytes): void {
  const { eventTimeMs } = record.parts;
  times.write(Number.isNaN(eventTimeMs) ? record.receivedAtMs : eventTimeMs, out);
}

/** A message that names no host is from this machine. */
function writeHost({ bytes, parts }: SyslogRecord, computer: JsonLiteral, out: JsonBytes): void {
  const { hostStart, hostEnd } = parts;
  if (hostStart === hostEnd) out.raw(computer);
  else out.utf8(bytes, hostStart, hostEnd);
}

/** -1 for what is no number of one to nine digits. */
function wholeNumber(bytes: Buffer, start: number, end: number): number {
  if (start === end || end - start > DIGITS_MAX) return -1;
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = bytes[at]! - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** What depends on facility and severity only; both are -1 where there is no priority. */
function byPriority(
  json: (facility: number, severity: number) => string,
): (record: SyslogRecord) => JsonLiteral {
  const literals: JsonLiteral[] = [];
  for (let facility = -1; facility <= FACILITY_MAX; facility++) {
    for (let severity = -1; severity <= SEVERITY_MAX; severity++) {
      literals.push(literal(json(facility, severity)));
    }
  }
  return ({ facility, severity }) => literals[(facility + 1) * (SEVERITY_MAX + 2) + severity + 1]!;
}

function literal(json: string): JsonLiteral {
  return new JsonLiteral(json);
}

/** The content of a JSON string. */
function text(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

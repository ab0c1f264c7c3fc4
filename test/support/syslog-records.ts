/** Syslog messages as tests write them and look at them. */
import type { SyslogRecord } from '../../packages/agent/src/record.ts';
import {
  type Arrival,
  SyslogMessage,
} from '../../packages/agent/src/sources/syslog/message/message.ts';
import type { WallToEpochMs } from '../../packages/agent/src/time/local-time.ts';

/** A message with its parts as texts. */
export interface SyslogFields {
  readonly facility: number;
  readonly severity: number;
  /** `null` where there is none. */
  readonly eventTimeMs: number | null;
  readonly receivedAtMs: number;
  readonly host: string;
  readonly senderAddress: string;
  readonly ident: string;
  readonly processId: string;
  readonly message: string;
}

/** A copy, which stays when the record becomes another message. */
export function fieldsOf(record: SyslogRecord): SyslogFields {
  const { facility, severity, receivedAtMs, senderAddress, parts } = record;
  const text = (start: number, end: number): string => record.bytes.toString('utf8', start, end);
  return {
    facility,
    severity,
    eventTimeMs: Number.isNaN(parts.eventTimeMs) ? null : parts.eventTimeMs,
    receivedAtMs,
    host: text(parts.hostStart, parts.hostEnd),
    senderAddress,
    ident: text(parts.identStart, parts.identEnd),
    processId: text(parts.processIdStart, parts.processIdEnd),
    message: text(parts.messageStart, parts.messageEnd),
  };
}

export function recordOf(fields: SyslogFields): SyslogRecord {
  const { facility, severity, receivedAtMs, senderAddress, eventTimeMs } = fields;
  const texts = [fields.host, fields.ident, fields.processId, fields.message];
  const ends = texts.map((_, i) => Buffer.byteLength(texts.slice(0, i + 1).join('')));
  const [hostEnd, identEnd, processIdEnd, messageEnd] = ends as [number, number, number, number];
  return {
    facility,
    severity,
    receivedAtMs,
    senderAddress,
    bytes: Buffer.from(texts.join('')),
    parts: {
      eventTimeMs: eventTimeMs ?? Number.NaN,
      hostStart: 0,
      hostEnd,
      identStart: hostEnd,
      identEnd,
      processIdStart: identEnd,
      processIdEnd,
      messageStart: processIdEnd,
      messageEnd,
    },
  };
}

/** What is read from one message, which stands in the middle of other bytes. */
export function parseMessage(
  text: string | Buffer,
  arrival: Arrival,
  toEpochMs: WallToEpochMs,
): SyslogFields {
  const message = Buffer.from(text);
  const bytes = Buffer.concat([Buffer.from('12 '), message, Buffer.from(' 3]:')]);
  const record = new SyslogMessage(toEpochMs);
  record.become(bytes, 3, 3 + message.length, arrival);
  return fieldsOf(record);
}

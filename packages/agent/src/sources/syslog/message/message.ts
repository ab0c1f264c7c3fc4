/**
 * One syslog message: its priority, then RFC 5424 where the text is that, RFC 3164 otherwise.
 * Total: every text makes a record, and what is not understood stays in its message.
 */
import type { SyslogRecord } from '../../../record.ts';
import type { WallToEpochMs } from './local-time.ts';
import { readRfc3164 } from './rfc3164.ts';
import { readRfc5424 } from './rfc5424.ts';
import { isDigit, Scanner } from './scanner.ts';

export interface Arrival {
  readonly receivedAtMs: number;
  /** Empty for local sockets. */
  readonly senderAddress: string;
}

const PRIORITY_MAX = 191;
const LESS_THAN = 0x3c;

/** `text` is one message without its framing. Times without zone are read with `toEpochMs`. */
export function parseMessage(
  text: string,
  arrival: Arrival,
  toEpochMs: WallToEpochMs,
): SyslogRecord {
  const scan = new Scanner(text);
  const priority = readPriority(scan);
  const start = scan.at;
  const parts = readRfc5424(scan, toEpochMs) ?? readRfc3164(scan, toEpochMs, arrival.receivedAtMs);
  // Without priority and time there is no header, and a word before a colon proves nothing.
  const isBare = priority < 0 && parts.eventTimeMs === null;
  return {
    facility: priority < 0 ? -1 : priority >> 3,
    severity: priority < 0 ? -1 : priority & 7,
    eventTimeMs: parts.eventTimeMs,
    receivedAtMs: arrival.receivedAtMs,
    host: parts.host,
    senderAddress: arrival.senderAddress,
    ident: isBare ? '' : parts.ident,
    processId: isBare ? '' : parts.processId,
    message: isBare ? text.slice(start) : parts.message,
  };
}

/** 0–191 from `<191>`, or -1 where there is none; RFC 5424 §6.2.1. */
function readPriority(scan: Scanner): number {
  if (scan.code !== LESS_THAN) return -1;
  const end = scan.text.indexOf('>', 1);
  if (end < 2 || end > 4) return -1;
  let priority = 0;
  for (let i = 1; i < end; i++) {
    const code = scan.text.charCodeAt(i);
    if (!isDigit(code)) return -1;
    priority = priority * 10 + code - 0x30;
  }
  if (priority > PRIORITY_MAX) return -1;
  scan.at = end + 1;
  return priority;
}

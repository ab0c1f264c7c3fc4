/** What makers of devices and other syslog daemons put where RFC 3164 has time, host or tag. */

import { COLON, isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import { isHostName } from './host-name.ts';

const CISCO_PREFIX_PARTS_MAX = 3;

/** Where a host's name stands; empty where there is none. */
export interface HostSpan {
  start: number;
  end: number;
}

/**
 * Cisco puts a sequence number, the device's name or both before the time, and NX-OS a lone
 * colon: `29: sw1: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: …`. Moves past them and notes the
 * name, if there is one. Whoever calls goes back when no time follows.
 */
export function readCiscoPrefix(scan: Scanner, host: HostSpan): void {
  host.start = host.end = scan.at;
  scan.take(COLON);
  scan.skipSpaces();
  for (let part = 0; part < CISCO_PREFIX_PARTS_MAX; part++) {
    const start = scan.at;
    const end = scan.wordEnd();
    if (scan.codeAt(end - 1) !== COLON || end <= start) break;
    if (!isNumber(scan, start, end - 1)) {
      if (!isHostName(scan, start, end - 1)) break;
      host.start = start;
      host.end = end - 1;
    }
    scan.at = end;
    scan.skipSpaces();
  }
}

/**
 * Meraki: `1 1563249630.774247467 `, seconds since 1970 where RFC 5424 has its time. Epoch
 * milliseconds, or `null`.
 */
export function readMerakiTime(scan: Scanner): number | null {
  const start = scan.at;
  if (scan.code === VERSION && scan.codeAt(start + 1) === SPACE) scan.at += 2;
  const seconds = scan.digits(10);
  const milliseconds = seconds >= 0 && scan.take(DOT) ? scan.digits(3) : -1;
  while (isDigit(scan.code)) scan.at += 1;
  if (milliseconds >= 0 && scan.code === SPACE) return seconds * 1000 + milliseconds;
  scan.at = start;
  return null;
}

const VERSION = 0x31;
const DOT = 0x2e;
const FORWARDED = Buffer.from('Message forwarded from ');
const COLON_SPACE = Buffer.from(': ');

/** AIX: `Message forwarded from db01: su: …`. Notes the host and moves past it, if it is there. */
export function readForwarder(scan: Scanner, host: HostSpan): boolean {
  if (!scan.startsWith(FORWARDED, scan.at)) return false;
  const before = scan.at;
  scan.at += FORWARDED.length;
  const start = scan.at;
  const end = scan.indexOf(COLON_SPACE);
  if (end < 0 || !isHostName(scan, start, end)) {
    scan.at = before;
    return false;
  }
  host.start = start;
  host.end = end;
  scan.at = end + 2;
  return true;
}

const REPEATED = Buffer.from('last message repeated ');

/** BSD and Solaris daemons stand in for a run of equal messages without host or tag. */
export function startsRepeatNote(scan: Scanner): boolean {
  return scan.startsWith(REPEATED, scan.at);
}

function isNumber({ bytes }: Scanner, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at]!)) return false;
  return end > start;
}

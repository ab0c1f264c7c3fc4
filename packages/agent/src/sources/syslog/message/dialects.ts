/** What makers of devices and other syslog daemons put where RFC 3164 has time, host or tag. */

import { isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import { isHostName } from './host-name.ts';

/** Where a host's name stands; empty where there is none. */
export interface HostSpan {
  start: number;
  end: number;
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

const ACCESS_POINT_BYTES_MAX = 128;
const ACCESS_POINT = /^(?:[^,]*,)?[0-9a-f]{12},/i;

/**
 * UniFi: access points and switches are called by their address and their firmware,
 * `788a2056b181,UAP-AC-Pro-Gen2-6.6.55+15189`, in older ones with the model in front.
 */
export function isAccessPointName(scan: Scanner, start: number, end: number): boolean {
  return end - start <= ACCESS_POINT_BYTES_MAX && ACCESS_POINT.test(scan.word(start, end));
}

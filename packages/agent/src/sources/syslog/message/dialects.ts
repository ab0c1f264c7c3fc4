/** What makers of devices and other syslog daemons put where RFC 3164 has time, host or tag. */
import { isHostName } from './host-name.ts';
import { COLON, isDigit, type Scanner, SPACE } from './scanner.ts';

const CISCO_PREFIX_PARTS_MAX = 3;

/**
 * Cisco puts a sequence number, the device's name or both before the time, and NX-OS a lone
 * colon: `29: sw1: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: …`. Moves past them and returns the
 * name, or an empty string. Whoever calls goes back when no time follows.
 */
export function readCiscoPrefix(scan: Scanner): string {
  let name = '';
  scan.take(COLON);
  scan.skipSpaces();
  for (let part = 0; part < CISCO_PREFIX_PARTS_MAX; part++) {
    const end = scan.wordEnd();
    if (scan.text.charCodeAt(end - 1) !== COLON || end <= scan.at) break;
    const word = scan.text.slice(scan.at, end - 1);
    if (isHostName(word) && !isNumber(word)) name = word;
    else if (!isNumber(word)) break;
    scan.at = end;
    scan.skipSpaces();
  }
  return name;
}

/**
 * Meraki: `1 1563249630.774247467 `, seconds since 1970 where RFC 5424 has its time. Epoch
 * milliseconds, or `null`.
 */
export function readMerakiTime(scan: Scanner): number | null {
  const start = scan.at;
  if (scan.text.startsWith('1 ', start)) scan.at += 2;
  const seconds = scan.digits(10);
  const milliseconds = seconds >= 0 && scan.take(DOT) ? scan.digits(3) : -1;
  while (isDigit(scan.code)) scan.at += 1;
  if (milliseconds >= 0 && scan.code === SPACE) return seconds * 1000 + milliseconds;
  scan.at = start;
  return null;
}

const DOT = 0x2e;
const FORWARDED = 'Message forwarded from ';

/** AIX: `Message forwarded from db01: su: …`. The host, or an empty string. */
export function readForwarder(scan: Scanner): string {
  if (!scan.text.startsWith(FORWARDED, scan.at)) return '';
  const start = scan.at + FORWARDED.length;
  const end = scan.text.indexOf(': ', start);
  const host = end < 0 ? '' : scan.text.slice(start, end);
  if (!isHostName(host)) return '';
  scan.at = end + 2;
  return host;
}

/** BSD and Solaris daemons stand in for a run of equal messages without host or tag. */
export function startsRepeatNote(scan: Scanner): boolean {
  return scan.text.startsWith('last message repeated ', scan.at);
}

function isNumber(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (!isDigit(word.charCodeAt(i))) return false;
  return word !== '';
}

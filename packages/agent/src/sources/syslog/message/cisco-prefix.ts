/**
 * What Cisco puts in front of the time, or of the message's id where no time is configured:
 *
 *     29: sw1: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: …      sequence number, name
 *     22191: sw2: 022546: .Mar  1 10:11:12: %PARSER-5-…      and the device's own sequence number
 *     33: 1w2d: %LINK-3-UPDOWN: …                            time since start
 *     : 2025 Mar  1 10:11:12 UTC: %ETHPORT-5-IF_UP: …        NX-OS without a name
 *     wlc1: *spamApTask1: Mar 01 10:11:12: %CAPWAP-4-…       task of a wireless controller
 *     94307: gw2 LC/0/2/CPU0:Mar  1 10:11:12 : ifmgr[214]: … IOS XR: name, card
 *
 * Numbers, tasks, cards and the time since start have no column and are not kept.
 */

import { COLON, isDigit, type Scanner, SPACE } from '../../../time/scanner.ts';
import type { HostSpan } from './dialects.ts';
import { isHostName } from './host-name.ts';

const PARTS_MAX = 4;
const ASTERISK = 0x2a;
const PERCENT = 0x25;
const SLASH = 0x2f;
const UPTIME = /^(?:\d+:\d\d:\d\d|(?:\d+[ywdhm])+)$/;
const UPTIME_BYTES_MAX = 12;
const WORD_BYTES_MAX = 128;
const NODE = /^(?:[A-Z]{2}|\d+)(?:\/[A-Z0-9]+)+:/;
const MNEMONIC = /^%[A-Z][A-Za-z0-9_-]*-\d-\w+$/;

/**
 * Moves past what stands in front of a time and notes the device's name, if there is one. Whoever
 * calls goes back when neither a time nor `startsMnemonic` follows.
 */
export function readCiscoPrefix(scan: Scanner, host: HostSpan): void {
  host.start = host.end = scan.at;
  scan.take(COLON);
  scan.skipSpaces();
  for (let part = 0; part < PARTS_MAX; part++) {
    const start = scan.at;
    const end = scan.wordEnd();
    if (scan.codeAt(end - 1) !== COLON || end <= start) break;
    const isTask = scan.code === ASTERISK;
    if (!isTask && !isNumber(scan, start, end - 1) && !isUptime(scan, start, end - 1)) {
      if (!isHostName(scan, start, end - 1)) break;
      host.start = start;
      host.end = end - 1;
    }
    scan.at = end;
    scan.skipSpaces();
  }
  readNode(scan);
}

/** IOS XR: `gw2 LC/0/2/CPU0:`. Notes the name and moves past both; false where they are not. */
export function readNamedNode(scan: Scanner, host: HostSpan): boolean {
  const start = scan.at;
  const end = scan.wordEnd();
  if (!isHostName(scan, start, end)) return false;
  scan.at = end;
  scan.skipSpaces();
  if (!readNode(scan)) {
    scan.at = start;
    return false;
  }
  host.start = start;
  host.end = end;
  return true;
}

/** Whether the id of a message stands here: `%LINK-3-UPDOWN: `. */
export function startsMnemonic(scan: Scanner): boolean {
  if (scan.code !== PERCENT) return false;
  const end = scan.wordEnd();
  if (scan.codeAt(end - 1) !== COLON || end - scan.at > WORD_BYTES_MAX) return false;
  return MNEMONIC.test(scan.word(scan.at, end - 1));
}

/** A card, whose colon the time follows at once: `RP/0/RSP0/CPU0:`. */
function readNode(scan: Scanner): boolean {
  if (scan.codeAt(scan.at + 1) !== SLASH && scan.codeAt(scan.at + 2) !== SLASH) return false;
  const end = Math.min(scan.wordEnd(), scan.at + WORD_BYTES_MAX);
  const node = NODE.exec(scan.word(scan.at, end));
  if (node === null) return false;
  scan.at += node[0].length;
  return scan.code !== SPACE;
}

function isNumber({ bytes }: Scanner, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(bytes[at]!)) return false;
  return end > start;
}

function isUptime(scan: Scanner, start: number, end: number): boolean {
  if (end - start > UPTIME_BYTES_MAX || !isDigit(scan.code)) return false;
  return UPTIME.test(scan.word(start, end));
}

/**
 * What a message looks like, for people who want to know what their senders send. Only a profile
 * asks for it; rows say nothing of it.
 */
import { securityLogItem } from '@dcr-agent/schema/security-log';
import type { SyslogRecord } from '../../../record.ts';

/**
 * `cef`, `leef` and `cisco-asa` are what the text is, in whatever header; all others are headers:
 *
 * | format | header |
 * |---|---|
 * | `rfc5424` | version 1, time, host … |
 * | `rfc3164` | `Mar  1 10:11:12` |
 * | `rfc3164-iso` | `2025-03-01T10:11:12+01:00` |
 * | `rfc3164-variant` | another time, as with a year or a zone |
 * | `cisco` | a sequence number, or `%SYS-5-CONFIG_I` and the like as tag |
 * | `meraki` | seconds since 1970 |
 * | `aix` | `Message forwarded from` |
 * | `key-value` | none, but `date=… time=…`, as of FortiGate and Sophos |
 * | `no-time` | a priority, and no time |
 * | `none` | neither priority nor time |
 */
export type MessageFormat =
  | 'rfc5424'
  | 'rfc3164'
  | 'rfc3164-iso'
  | 'rfc3164-variant'
  | 'cisco'
  | 'cisco-asa'
  | 'meraki'
  | 'aix'
  | 'key-value'
  | 'cef'
  | 'leef'
  | 'no-time'
  | 'none';

/** What decides stands at the beginning of a header or a text. */
const HEAD_BYTES = 640;
const PRIORITY = /^<\d{1,3}>/;
const LEEF = /(?:^|[ \]])LEEF:\d/;
const CISCO_TAG = /^%[A-Z][A-Z\d_]*-(?:[A-Z\d_]+-)?[0-7]-[A-Z\d_]+/;

const HEADERS: readonly (readonly [MessageFormat, RegExp])[] = [
  ['rfc5424', /^1 (?:-|\d{4}-\d\d-\d\dT\S+) /],
  ['meraki', /^(?:1 )?\d{10}\.\d/],
  ['key-value', /^(?:date|device|device_name)=/],
  ['aix', /^[A-Z][a-z]{2} [ \d]\d [\d:]{8} Message forwarded from /],
  ['rfc3164', /^[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d /],
  ['rfc3164-iso', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/],
  ['cisco', /^(?:\d+: )?(?:[\w.-]+: )?[*.]?(?:[A-Z][a-z]{2} [ \d]\d|\d{4} [A-Z][a-z]{2}) .*: ?%/],
];

/** `head`: the message's first bytes, priority included, as latin1. */
export function formatOf(record: SyslogRecord, head: string): MessageFormat {
  const { bytes, parts, facility } = record;
  const ident = bytes.toString('latin1', parts.identStart, parts.identEnd);
  const textEnd = Math.min(parts.messageEnd, parts.messageStart + HEAD_BYTES);
  const text = bytes.toString('latin1', parts.messageStart, textEnd);
  if (securityLogItem('cef', ident, text) !== undefined) return 'cef';
  if (ident === 'LEEF' || LEEF.test(text)) return 'leef';
  if (securityLogItem('asa', ident, text) !== undefined) return 'cisco-asa';
  if (CISCO_TAG.test(ident) || CISCO_TAG.test(text)) return 'cisco';
  const header = head.replace(PRIORITY, '');
  const hasTime = !Number.isNaN(parts.eventTimeMs);
  const known = HEADERS.find(([, form]) => form.test(header))?.[0];
  if (known === 'rfc5424') return known;
  if (!hasTime) return facility < 0 ? 'none' : 'no-time';
  return known ?? 'rfc3164-variant';
}

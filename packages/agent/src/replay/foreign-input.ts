/** Inputs that are plainly something else than they were given as, told by their first bytes. */
import { foreignFormat } from '../sources/log-files/file-format.ts';
import { encodingOf } from '../sources/log-files/text-encoding.ts';

/** As many bytes as are looked at. */
export const HEAD_BYTES = 10;

const MARKS: readonly { readonly format: string; readonly bytes: Buffer }[] = [
  { format: 'zip', bytes: Buffer.from('PK\x03\x04', 'latin1') },
  { format: 'bzip2', bytes: Buffer.from('BZh91AY&SY', 'latin1') },
];
const EVENT_LOG = Buffer.from('ElfFile\0', 'latin1');

/** Why this is no text of any encoding, and what to do; `undefined` where it may be one. */
export function foreignToText(head: Buffer): string | undefined {
  if (beginsWith(head, EVENT_LOG)) {
    return 'this is an event log, not text; give it with --input events=PATH';
  }
  const packed = MARKS.find(({ bytes }) => beginsWith(head, bytes))?.format ?? foreignFormat(head);
  return packed === undefined ? undefined : `this is ${packed}, not text; unpack it first`;
}

/** The same of messages of syslog, which are ASCII and UTF-8. */
export function foreignToSyslog(head: Buffer): string | undefined {
  const foreign = foreignToText(head);
  if (foreign !== undefined) return foreign;
  return encodingOf(head)?.startsWith('UTF-16')
    ? 'this is UTF-16, and messages of syslog are UTF-8; convert it first, as with iconv'
    : undefined;
}

function beginsWith(head: Buffer, bytes: Buffer): boolean {
  return head.subarray(0, bytes.length).equals(bytes);
}

import type { Scanner } from '../../../time/scanner.ts';

/** 1 for the characters of host names and addresses, and for bytes of letters beyond ASCII. */
const IS_HOST_CHARACTER = new Uint8Array(256).fill(1, 128);
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-:') {
  IS_HOST_CHARACTER[character.charCodeAt(0)] = 1;
}

/** As long as a domain name can be (RFC 1035 §2.3.4). */
const HOST_BYTES_MAX = 255;

/** Log lines sent without header often have their level where a host would be. */
const LEVELS: ReadonlySet<string> = new Set(
  'TRACE DEBUG INFO NOTICE WARN WARNING ERR ERROR CRIT CRITICAL ALERT EMERG FATAL'.split(' '),
);
const LEVEL_BYTES_MAX = 8;

/** Whether a word can be a host name or an IP address, or the `-` that stands for none. */
export function isHostName(scan: Scanner, start: number, end: number): boolean {
  const length = end - start;
  if (length <= 0 || length > HOST_BYTES_MAX) return false;
  const { bytes } = scan;
  for (let at = start; at < end; at++) if (IS_HOST_CHARACTER[bytes[at]!] !== 1) return false;
  return (
    length > LEVEL_BYTES_MAX || !isUpperCase(bytes[start]!) || !LEVELS.has(scan.word(start, end))
  );
}

function isUpperCase(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

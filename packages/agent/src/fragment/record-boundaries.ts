/** Where one record ends and the next begins, in JSON texts joined by commas. */

import { type Fragment, inflateFragment } from '../fragment.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING: ReadonlySet<number> = new Set([0x7b, 0x5b]);
const CLOSING: ReadonlySet<number> = new Set([0x7d, 0x5d]);

/**
 * Offset of the comma after the `count`-th record, or -1 when fewer than `count + 1` records
 * are there. Understands just enough JSON: strings, escapes and nesting.
 */
export function recordBoundary(json: Uint8Array, count: number): number {
  let depth = 0;
  let seen = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) at = stringEnd(json, at);
    else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte)) depth--;
    else if (byte === COMMA && depth === 0 && ++seen === count) return at;
  }
  return -1;
}

/** The single records of JSON texts joined by commas, each byte for byte. */
export function splitRecords(json: Uint8Array): Uint8Array[] {
  const records: Uint8Array[] = [];
  for (let rest = json; ; ) {
    const comma = recordBoundary(rest, 1);
    if (comma === -1) return [...records, rest];
    records.push(rest.subarray(0, comma));
    rest = rest.subarray(comma + 1);
  }
}

/** The JSON texts of a fragment, or `undefined` when they are not as many as it claims. */
export function recordsOf(fragment: Fragment): Uint8Array | undefined {
  const { recordCount } = fragment;
  if (recordCount < 1) return undefined;
  let json: Uint8Array;
  try {
    json = inflateFragment(fragment);
  } catch {
    return undefined;
  }
  const hasEnough = recordCount === 1 || recordBoundary(json, recordCount - 1) !== -1;
  return hasEnough && recordBoundary(json, recordCount) === -1 ? json : undefined;
}

/** Offset of the closing quote of the string that starts at `start`. */
function stringEnd(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === BACKSLASH) at++;
    else if (byte === QUOTE) return at;
  }
  return json.length;
}

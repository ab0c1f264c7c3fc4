/**
 * How large Azure Monitor bills a row: "calculated from a string representation of the columns
 * that are stored in the Log Analytics workspace for that record", whether they were sent or added.
 * Source: "Azure Monitor Logs cost calculations and options", read 2026-11, which also names the
 * columns and tables that are free, and says that GB are 10^9 bytes. Inferred, as nothing more is
 * published: a text counts its UTF-8, a number and a time what they are written with, a dynamic
 * value its JSON, no value nothing, names of columns nothing; of what the service adds, the id of
 * the workspace counts. `test/contract/billed-size.test.ts` pins it.
 */

export const GIGABYTE = 1e9;

/** Never billed, whatever is in them. */
export const FREE_COLUMNS: ReadonlySet<string> = new Set([
  '_ResourceId',
  '_SubscriptionId',
  '_ItemId',
  '_IsBillable',
  '_BilledSize',
  'Type',
]);

const FREE_TABLES: ReadonlySet<string> = new Set([
  'AzureActivity',
  'Heartbeat',
  'Usage',
  'Operation',
]);

/** `TenantId`, a GUID, which the service writes on every row. */
export const ADDED_BYTES = 36;

export function isBilledTable(table: string): boolean {
  return !FREE_TABLES.has(table);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_U = 0x75;

/** Of one value of a row, `json[start..end)`, which is valid JSON: the bytes that are billed. */
export function billedValueBytes(json: Uint8Array, start: number, end: number): number {
  if (json[start] === QUOTE) return textBytes(json, start + 1, end - 1);
  return json[start] === LETTER_N ? 0 : end - start;
}

/** UTF-8 of a JSON text without its quotes. */
function textBytes(json: Uint8Array, start: number, end: number): number {
  let bytes = end - start;
  for (let at = start; at < end; at++) {
    if (json[at] !== BACKSLASH) continue;
    const isCode = json[at + 1] === LETTER_U;
    bytes -= isCode ? 6 - codeUnitBytes(json, at + 2) : 1;
    at += isCode ? 5 : 1;
  }
  return bytes;
}

/** UTF-8 of what four hexadecimal digits stand for; of a pair, each half counts two bytes. */
function codeUnitBytes(json: Uint8Array, at: number): number {
  const unit = Number.parseInt(String.fromCharCode(...json.subarray(at, at + 4)), 16);
  if (unit >= 0xd800 && unit <= 0xdfff) return 2;
  return unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
}

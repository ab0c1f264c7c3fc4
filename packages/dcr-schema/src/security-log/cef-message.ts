/**
 * A message in the Common Event Format, taken apart:
 *
 *     CEF:0|Vendor|Product|Version|Event class|Name|Severity|key=value key=value with blanks
 *
 * Bars and backslashes of the header are escaped, and in the extension equals signs, backslashes
 * and ends of lines. A value ends where the next key begins, so what looks like ` key=` within a
 * value is a key unless its equals sign is escaped.
 * Source: Implementing ArcSight Common Event Format (CEF), version 26, "Character Encoding".
 */

export interface CefMessage {
  readonly version: string;
  readonly deviceVendor: string;
  readonly deviceProduct: string;
  readonly deviceVersion: string;
  readonly eventClassId: string;
  readonly name: string;
  readonly severity: string;
  /** In the order they were sent; a key may come twice. Values are without escapes. */
  readonly extension: readonly CefPair[];
}

export type CefPair = readonly [key: string, value: string];

type Fields = readonly [string, string, string, string, string, string, string];

/** Bars of the header. */
const BARS = 7;
/** Behind `CEF:`, where senders put a blank that the format does not have. */
const MARK = /^(?:CEF:)?[ ]?(?=\d+(?:\.\d+)?\|)/;
const FIELD = /(?:[^\\|]+|\\[\s\S])*/y;
const HEADER_ESCAPE = /\\([\\|])/g;
const EXTENSION_ESCAPE = /\\([\\=|nr])/g;

/** From `CEF:` or the version on; `undefined` for what has no whole header. */
export function parseCef(text: string): CefMessage | undefined {
  const header = readHeader(text);
  if (header === undefined) return undefined;
  const { fields, end: at } = header;
  const [version, deviceVendor, deviceProduct, deviceVersion, eventClassId, name, severity] =
    fields.map((field) => field.replace(HEADER_ESCAPE, '$1').trim()) as unknown as Fields;
  return {
    version,
    deviceVendor,
    deviceProduct,
    deviceVersion,
    eventClassId,
    name,
    severity,
    extension: parseExtension(text.slice(at)),
  };
}

/** Whether `parseCef` reads it, told without reading the rest. */
export function hasCefHeader(text: string): boolean {
  return readHeader(text) !== undefined;
}

/** The fields as they are written, and where the extension begins. */
function readHeader(text: string): { fields: readonly string[]; end: number } | undefined {
  const mark = MARK.exec(text);
  if (mark === null) return undefined;
  const fields: string[] = [];
  let end = mark[0].length;
  for (let bar = 0; bar < BARS; bar++) {
    FIELD.lastIndex = end;
    const field = FIELD.exec(text)![0];
    end += field.length + 1;
    // The last bar is often left away where no extension follows.
    if (end > text.length && (bar < BARS - 1 || field === '')) return undefined;
    fields.push(field);
  }
  return { fields, end };
}

/** What stands in front of the first key has no place in the format and is left out. */
function parseExtension(text: string): CefPair[] {
  const pairs: CefPair[] = [];
  let key = '';
  let start = 0;
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    const keyStart = keyBefore(text, at);
    if (keyStart === at) continue;
    if (key !== '') pairs.push([key, unescaped(text, start, keyStart)]);
    key = text.slice(keyStart, at);
    start = at + 1;
  }
  if (key !== '') pairs.push([key, unescaped(text, start, text.length)]);
  return pairs;
}

/** Where the key begins that ends here; here, if there is none that stands alone. */
function keyBefore(text: string, end: number): number {
  let start = end;
  while (start > 0 && IS_KEY_CHARACTER[text.charCodeAt(start - 1)] === 1) start -= 1;
  return start === 0 || isBlank(text.charCodeAt(start - 1)) ? start : end;
}

/** Blanks in front of the next key belong to neither. */
function unescaped(text: string, start: number, keyStart: number): string {
  let end = keyStart;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  const value = text.slice(start, end);
  if (!value.includes('\\')) return value;
  return value.replace(EXTENSION_ESCAPE, (_, code: string) => ENDS_OF_LINES[code] ?? code);
}

/** Blanks and ends of lines. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

const IS_KEY_CHARACTER = new Uint8Array(128);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.[]@$-') {
  IS_KEY_CHARACTER[letter.charCodeAt(0)] = 1;
}

const ENDS_OF_LINES: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

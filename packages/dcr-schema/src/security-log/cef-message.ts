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
  /** Text in front of the first key, for which the format has no place; mostly empty. */
  readonly unkeyed: string;
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
/** The beginning of an extension that is as the format has it. */
const KEYED_OR_EMPTY = /[\t-\r ]*(?:[\w.[\]@$-]+=|$)/y;
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
    ...parseExtension(text.slice(at)),
  };
}

export type CefDefect = 'header' | 'unkeyed';

/** Whether `parseCef` does not read it, or finds text without a key: told without reading it all. */
export function cefDefect(text: string): CefDefect | undefined {
  const header = readHeader(text);
  if (header === undefined) return 'header';
  KEYED_OR_EMPTY.lastIndex = header.end;
  return header.end > text.length || KEYED_OR_EMPTY.test(text) ? undefined : 'unkeyed';
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

function parseExtension(text: string): Pick<CefMessage, 'unkeyed' | 'extension'> {
  const extension: CefPair[] = [];
  let unkeyed = '';
  let key = '';
  let start = 0;
  while (isBlank(text.charCodeAt(start))) start += 1;
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) {
    const keyStart = keyBefore(text, at);
    if (keyStart === at) continue;
    const before = unescaped(text, start, keyStart);
    if (key === '') unkeyed = before;
    else extension.push([key, before]);
    key = text.slice(keyStart, at);
    start = at + 1;
  }
  const last = unescaped(text, start, text.length);
  if (key === '') unkeyed = last;
  else extension.push([key, last]);
  return { unkeyed, extension };
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

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

/** Bars of the header. */
const BARS = 7;
/** Behind `CEF:`, where senders put a blank that the format does not have. */
const MARK = /^(?:CEF:)?[ ]?(?=\d+(?:\.\d+)?\|)/;
const FIELD = /(?:[^\\|]+|\\[\s\S])*/y;
const KEY = /(?:^|\s)([\w.[\]@$-]+)=/g;
const HEADER_ESCAPE = /\\([\\|])/g;
const EXTENSION_ESCAPE = /\\([\\=|nr])/g;

/** From `CEF:` or the version on; `undefined` for what has no whole header. */
export function parseCef(text: string): CefMessage | undefined {
  const mark = MARK.exec(text);
  if (mark === null) return undefined;
  const fields: string[] = [];
  let at = mark[0].length;
  for (let bar = 0; bar < BARS; bar++) {
    FIELD.lastIndex = at;
    const field = FIELD.exec(text)![0];
    at += field.length + 1;
    // The last bar is often left away where no extension follows.
    if (at > text.length && (bar < BARS - 1 || field === '')) return undefined;
    fields.push(field.replace(HEADER_ESCAPE, '$1').trim());
  }
  const [version, deviceVendor, deviceProduct, deviceVersion, eventClassId, name, severity] =
    fields as [string, string, string, string, string, string, string];
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

/** What stands in front of the first key has no place in the format and is left out. */
function parseExtension(text: string): CefPair[] {
  const pairs: CefPair[] = [];
  let key: string | undefined;
  let start = 0;
  for (const match of text.matchAll(KEY)) {
    if (key !== undefined) pairs.push([key, unescaped(text.slice(start, match.index))]);
    key = match[1]!;
    start = match.index + match[0].length;
  }
  if (key !== undefined) pairs.push([key, unescaped(text.slice(start))]);
  return pairs;
}

/** Blanks in front of the next key belong to neither. */
function unescaped(escaped: string): string {
  const text = escaped.trimEnd();
  if (!text.includes('\\')) return text;
  return text.replace(EXTENSION_ESCAPE, (_, code: string) => ENDS_OF_LINES[code] ?? code);
}

const ENDS_OF_LINES: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

/**
 * Values as Kusto writes them. Source: the tokens of Kusto.Language (microsoft/
 * Kusto-Query-Language, TokenParser), read 2026-11.
 */
import type { ValueType } from './transform-report.ts';
import { isLiteralType, typeNamed } from './type-names.ts';

/** A value as written, with its type where a column can have it. */
export interface Literal {
  readonly text: string;
  readonly type: ValueType | undefined;
}

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?!\w)/iy;
/** `1.5`, `1.`, `1e3`; not the beginning of `1..5`. */
const REAL = /\d+(?:\.(?!\.)\d*(?:e[+-]?\d+)?|e[+-]?\d+)(?!\w)/iy;
const TIMESPAN =
  /\d+(?:\.\d+)?(?:d|days?|h|hrs?|hours?|m|min|minutes?|s|sec|seconds?|ms|milli(?:s|sec|seconds?)?|micro(?:s|sec|seconds?)?|nano(?:s|sec|seconds?)?|ticks?)(?!\w)/y;
const LONG = /(?:0x[0-9a-f]+|\d+)(?!\w)/iy;
const BOOLEAN = /(?:true|false|True|False|TRUE|FALSE)(?![\p{L}\p{N}_])/uy;
const TYPED = /([a-z]\w*)[ \t]*\([^()\r\n]*\)/y;

const PATTERNS: readonly (readonly [RegExp, ValueType])[] = [
  [GUID, 'guid'],
  [REAL, 'real'],
  [TIMESPAN, 'timespan'],
  [LONG, 'long'],
  [BOOLEAN, 'boolean'],
];

/** The number, time, guid, boolean or `type(value)` at this place, if one begins there. */
export function scanLiteral(text: string, at: number): Literal | undefined {
  for (const [pattern, type] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { text: match[0], type };
  }
  TYPED.lastIndex = at;
  const [whole, name] = TYPED.exec(text) ?? [];
  if (whole === undefined || name === undefined) return undefined;
  if (name === 'typeof') return { text: whole, type: undefined };
  return isLiteralType(name) ? { text: whole, type: typeNamed(name) } : undefined;
}

/** `"…"` and `'…'` end on their line, `@"…"` doubles its quotes; `h` keeps a string out of logs. */
const STRINGS: readonly RegExp[] = [
  /h?"(?:[^"\\\r\n]|\\[^\r\n])*"/iy,
  /h?'(?:[^'\\\r\n]|\\[^\r\n])*'/iy,
  /h?@"(?:[^"\r\n]|"")*"/iy,
  /h?@'(?:[^'\r\n]|'')*'/iy,
  /h?```[\s\S]*?```/iy,
  /h?~~~[\s\S]*?~~~/iy,
];

/** What begins a string, closed or not. */
const STRING_START = /h?(?:@?["']|```|~~~)/iy;

/** The string that begins at this place; `''` when it is not closed. */
export function scanString(text: string, at: number): string | undefined {
  STRING_START.lastIndex = at;
  if (!STRING_START.test(text)) return undefined;
  for (const pattern of STRINGS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return match[0];
  }
  return '';
}

const ESCAPE = /\\(?:(["'\\abfnrtv]|u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{2}|[0-7])|[\s\S])/g;

/** Where in a string a backslash stands before what is no escape, and what stands there. */
export function badEscape(literal: string): { at: number; text: string } | undefined {
  if (!/^h?["']/i.test(literal)) return undefined;
  for (const match of literal.matchAll(ESCAPE)) {
    if (match[1] === undefined) return { at: match.index, text: match[0] };
  }
  return undefined;
}

/** What a string says, as far as names need it: quotes and doubled backslashes are resolved. */
export function stringValue(literal: string): string {
  const [, prefix = '', quote = ''] = /^(h?@?)(```|~~~|["'])/i.exec(literal) ?? [];
  const body = literal.slice(prefix.length + quote.length, -quote.length);
  if (quote.length > 1) return body;
  if (prefix.includes('@')) return body.replaceAll(quote + quote, quote);
  return body.replace(/\\(["'\\])/g, '$1');
}

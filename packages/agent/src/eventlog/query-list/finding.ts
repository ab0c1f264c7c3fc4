/** What is found in a structured query, and its form for the author. */
import {
  type Diagnostic,
  type Position,
  XPATH_CODES,
  type XPathCode,
} from '@dcr-agent/schema/event-queries';
import { QUERY_LIST_CODES, type QueryListCode } from './codes.ts';
import { FINDINGS_MAX, QUOTED_UNITS_MAX } from './limits.ts';

/** Of the list, or of the language of its XPaths. */
export type QueryListFindingCode = QueryListCode | XPathCode;

export interface Finding {
  readonly code: QueryListFindingCode;
  /** `Query 0, Select 2`; empty for the whole document. */
  readonly where: string;
  /** UTF-16 units into the document. */
  readonly offset: number;
  readonly message: string;
  readonly hint: string;
}

/** `pointer` is `''`: there is no JSON. */
export interface QueryListDiagnostic extends Diagnostic {
  readonly code: QueryListFindingCode;
  /** `Query 0, Select 2`: the query by its Id, its parts counted from 1; empty: the document. */
  readonly where: string;
  /** In the XML; also where entities or CDATA stand before it. */
  readonly position: Position;
  readonly hint: string;
  /** The number Windows gives for the same mistake. */
  readonly windowsError?: number;
}

export function isError({ code }: Finding): boolean {
  return entryOf(code).severity === 'error';
}

/** The findings about `xml` in the order of the text; of very many, errors rather than warnings. */
export function toDiagnostics(findings: readonly Finding[], xml: string): QueryListDiagnostic[] {
  const lineStarts = lineStartsOf(xml);
  return findings
    .toSorted((a, b) => Number(isError(b)) - Number(isError(a)) || a.offset - b.offset)
    .slice(0, FINDINGS_MAX)
    .sort((a, b) => a.offset - b.offset)
    .map((finding) => toDiagnostic(finding, lineStarts));
}

function toDiagnostic(
  { code, where, offset, message, hint }: Finding,
  lineStarts: readonly number[],
): QueryListDiagnostic {
  const { severity, windowsError } = entryOf(code);
  return {
    code,
    severity,
    pointer: '',
    where,
    position: positionOf(offset, lineStarts),
    message,
    hint,
    ...(windowsError === undefined ? {} : { windowsError }),
  };
}

/** A name or value of the document, as long as a message can quote it. */
export function clipped(text: string): string {
  return text.length > QUOTED_UNITS_MAX ? `${text.slice(0, QUOTED_UNITS_MAX)}…` : text;
}

function entryOf(code: QueryListFindingCode): (typeof XPATH_CODES)[XPathCode] {
  return code in QUERY_LIST_CODES
    ? QUERY_LIST_CODES[code as QueryListCode]
    : XPATH_CODES[code as XPathCode];
}

function positionOf(offset: number, lineStarts: readonly number[]): Position {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { offset, line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    starts.push(end + 1);
  }
  return starts;
}

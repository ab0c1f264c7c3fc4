/** From the text of a query to its checked tree: syntax first, then meaning. */
import type { Expression } from './ast.ts';
import { checkConstants } from './check/constants.ts';
import { checkContradictions } from './check/contradictions.ts';
import { checkLevelZero } from './check/level-zero.ts';
import { checkNames } from './check/names.ts';
import { checkSelectors } from './check/selectors.ts';
import { checkSize, countExpressions } from './check/size.ts';
import { XPATH_CODES } from './codes.ts';
import { FINDINGS_MAX, QUERY_UNITS_MAX } from './limits.ts';
import { type Finding, type QueryDiagnostic, toDiagnostic } from './query-diagnostic.ts';
import { parseQuery } from './syntax/parser.ts';
import { TokenStream } from './syntax/token-stream.ts';

/** A query that is free of errors. Plain data; `compileEventQuery` makes a predicate of it. */
export interface EventQuery {
  readonly text: string;
  readonly expression: Expression;
  /** Comparisons, functions and existence tests, as Windows and Azure count them. */
  readonly expressionCount: number;
}

export interface ParsedEventQuery {
  /** `null` when there is an error among the diagnostics. */
  readonly query: EventQuery | null;
  /** In the order of the text; positions are in the text. */
  readonly diagnostics: readonly QueryDiagnostic[];
}

/** Parses and checks an XPath, without a channel. Never throws, whatever the text. */
export function parseEventQuery(text: string): ParsedEventQuery {
  const { query, findings } = readEventQuery(text, null);
  return { query, diagnostics: findings.map((finding) => toDiagnostic(finding, text)) };
}

/**
 * The same with findings, whose offsets a caller can still shift; `channel` is `null` where it is
 * not known.
 */
export function readEventQuery(
  text: string,
  channel: string | null,
): { query: EventQuery | null; findings: Finding[] } {
  const outside = checkText(text);
  if (outside !== null) return { query: null, findings: [outside] };
  const tokens = new TokenStream(text);
  const expression = parseQuery(tokens);
  if (expression === null) return { query: null, findings: tokens.findings };
  const expressionCount = countExpressions(expression);
  const findings = [
    ...checkSize(expressionCount),
    ...checkSelectors(expression),
    ...checkConstants(expression),
    ...checkContradictions(expression),
    ...checkLevelZero(expression, channel),
    ...checkNames(expression),
  ];
  const query = findings.some(isError) ? null : { text, expression, expressionCount };
  return { query, findings: selectFindings(findings) };
}

/** The first findings of a query, errors before warnings, in the order of the text. */
function selectFindings(findings: readonly Finding[]): Finding[] {
  const errors = findings.filter(isError).sort(byOffset);
  const warnings = findings.filter((finding) => !isError(finding)).sort(byOffset);
  return [...errors, ...warnings].slice(0, FINDINGS_MAX).sort(byOffset);
}

function isError({ code }: Finding): boolean {
  return XPATH_CODES[code].severity === 'error';
}

function byOffset(a: Finding, b: Finding): number {
  return a.offset - b.offset;
}

function checkText(text: string): Finding | null {
  if (text.length > QUERY_UNITS_MAX) {
    const message = `the query has ${text.length} UTF-16 units, ${QUERY_UNITS_MAX} are allowed`;
    const hint = 'split it into several queries';
    return { code: 'XPATH_QUERY_TOO_LONG', offset: QUERY_UNITS_MAX, token: '', message, hint };
  }
  if (/^[ \t\r\n]*$/.test(text)) {
    const message = 'the query is empty';
    const hint = "write '*' for every event";
    return { code: 'XPATH_EMPTY_QUERY', offset: 0, token: '', message, hint };
  }
  if (/^[ \t\r\n]*</.test(text)) {
    const message = 'the query is an XML document';
    const hint = 'a rule holds Channel!XPath: take the text of each Select';
    return { code: 'XPATH_STRUCTURED_XML', offset: 0, token: '', message, hint };
  }
  return null;
}

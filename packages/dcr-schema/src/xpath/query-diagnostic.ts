/** Findings about a query text, and their form for the author. */
import type { Diagnostic, Position } from '../diagnostic.ts';
import { XPATH_CODES, type XPathCode } from './codes.ts';
import { QUOTED_UNITS_MAX } from './limits.ts';

/** What a stage finds: a place in the query text and what is wrong there. */
export interface Finding {
  readonly code: XPathCode;
  /** UTF-16 units into the query text. */
  readonly offset: number;
  /** The text the finding is about; empty at the end of the query. */
  readonly token: string;
  readonly message: string;
  readonly hint?: string;
}

/** A diagnostic of an event query. `pointer` is `''`: whoever knows the document sets it. */
export interface QueryDiagnostic extends Diagnostic {
  readonly code: XPathCode;
  /** Into the text that was given: the query, or the whole entry. */
  readonly position: Position;
  readonly token: string;
  /** The number Windows gives for the same mistake. */
  readonly windowsError?: number;
}

/** The finding as a diagnostic about `text`, in which the query begins at `queryOffset`. */
export function toDiagnostic(finding: Finding, text: string, queryOffset = 0): QueryDiagnostic {
  const { severity, windowsError } = XPATH_CODES[finding.code];
  return {
    code: finding.code,
    severity,
    pointer: '',
    position: positionAt(text, queryOffset + finding.offset),
    token: clip(finding.token),
    message: clip(finding.message),
    ...(finding.hint === undefined ? {} : { hint: clip(finding.hint) }),
    ...(windowsError === undefined ? {} : { windowsError }),
  };
}

/** A text may quote a name or value as long as the query; what is said about it stays readable. */
function clip(text: string): string {
  return text.length > QUOTED_UNITS_MAX ? `${text.slice(0, QUOTED_UNITS_MAX)}…` : text;
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  const line = before.split('\n').length;
  return { offset, line, column: offset - lineStart + 1 };
}

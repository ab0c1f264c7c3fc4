/**
 * What is said to the author of a rule, a query or a configuration. A diagnostic is data: it is
 * collected, never thrown, and every mistake of a document is reported at once.
 */

export type Severity = 'error' | 'warning';

/** A place in the text as written. Lines and columns count from 1, offsets from 0 (UTF-16 units). */
export interface Position {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  /** Stable code of the catalogue (`codes.ts`); match on it, never on the message. */
  readonly code: string;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901) into the document; `''` is the whole document. */
  readonly pointer: string;
  /** Where in the text; absent when the document was not given as text. */
  readonly position?: Position;
  /** One plain sentence: what is wrong, with the offending value. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  /** What the service answers to the same mistake, where that is known. */
  readonly service?: { readonly code: string; readonly target?: string };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/**
 * `file:line:column: severity CODE at pointer: message (hint) [the service: …]`, the form editors
 * and terminals link.
 */
export function formatDiagnostic(diagnostic: Diagnostic, source = ''): string {
  const at = diagnostic.position;
  const place = [source, at ? `${at.line}:${at.column}` : ''].filter(Boolean).join(':');
  const pointer = diagnostic.pointer === '' ? '' : ` at ${diagnostic.pointer}`;
  const hint = diagnostic.hint === undefined ? '' : ` (${diagnostic.hint})`;
  const answer = diagnostic.service;
  const target = answer?.target === undefined ? '' : ` at ${answer.target}`;
  const service = answer === undefined ? '' : ` [the service: ${answer.code}${target}]`;
  return `${place === '' ? '' : `${place}: `}${diagnostic.severity} ${diagnostic.code}${pointer}: ${diagnostic.message}${hint}${service}`;
}

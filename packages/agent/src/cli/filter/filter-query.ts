/** A query of a `filter` run, however it was given. */
import type { QueryCondition, QueryDiagnostic } from '@dcr-agent/schema/event-queries';
import type { QueryPart } from '../../nearest-miss/query-part.ts';

export interface FilterQuery {
  /** What results name it by: its id in a table or list, its text otherwise. */
  readonly id: string;
  /** Those it is asked of, which is part of the condition; `null` where it is every channel. */
  readonly channels: readonly string[] | null;
  readonly condition: QueryCondition;
  /** What it was written as: one XPath, or those of a structured query. At least one. */
  readonly parts: readonly QueryPart[];
}

/** Queries of one place, such as a file, and what is to be said of them. */
export interface FoundQueries {
  readonly queries: readonly FilterQuery[];
  /** What was refused; the others are good. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** A finding in one line: where, what, what to do, and its code. */
export function said(
  place: string,
  { code, message, hint }: Pick<QueryDiagnostic, 'message' | 'hint'> & { readonly code: string },
): string {
  return `${place}: ${message}${hint === undefined ? '' : `; ${hint}`} (${code})`;
}

/** A query of a `filter` run, however it was given. */
import type { EventQuery, QueryCondition, QueryDiagnostic } from '@dcr-agent/schema/event-queries';

export interface FilterQuery {
  /** What results name it by: its id in a table or list, its text otherwise. */
  readonly id: string;
  /** Those it is asked of, which is part of the condition; `null` where it is every channel. */
  readonly channels: readonly string[] | null;
  readonly condition: QueryCondition;
  /** What it was written as: one XPath, or those of a structured query. At least one. */
  readonly parts: readonly QueryPart[];
}

export interface QueryPart {
  /** `Select 1`; empty for a query that has no other part. */
  readonly name: string;
  /** `null`: every channel. */
  readonly channel: string | null;
  readonly query: EventQuery;
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

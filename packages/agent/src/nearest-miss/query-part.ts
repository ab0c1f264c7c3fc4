import type { EventQuery } from '@dcr-agent/schema/event-queries';

/** One XPath of a query, which may have several, as a structured query has. */
export interface QueryPart {
  /** `Select 1`; empty for a query that has no other part. */
  readonly name: string;
  /** `null`: every channel. */
  readonly channel: string | null;
  readonly query: EventQuery;
}

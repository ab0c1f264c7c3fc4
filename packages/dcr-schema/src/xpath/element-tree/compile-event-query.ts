/**
 * Queries over events as element trees. The tree of the query is turned into closures once;
 * nothing of it is looked at again for an event.
 */
import { buildCondition } from '../condition/build-condition.ts';
import type { QueryCondition } from '../condition/query-condition.ts';
import type { EventElement } from '../event.ts';
import type { EventQuery } from '../parse-event-query.ts';
import type { StringCase } from '../value/comparison.ts';
import { compileCondition } from './condition.ts';

/**
 * Whether a query selects an event. `nowMs`, in epoch milliseconds, is what `timediff` measures
 * to: give all events of a batch the same. Pure, and total: it throws for no event.
 */
export type EventPredicate = (event: EventElement, nowMs: number) => boolean;

export interface CompileQueryOptions {
  /** How texts are compared by `=` and `!=`; README.md tells why `ignore` is the default. */
  readonly stringCase?: StringCase;
}

/** Makes the predicate of a query that `parseEventQuery` returned. */
export function compileEventQuery(
  query: EventQuery,
  options: CompileQueryOptions = {},
): EventPredicate {
  return compileConditionPredicate(queryCondition(query, options));
}

/** What a query asks, for every back end. */
export function queryCondition(
  query: EventQuery,
  { stringCase = 'ignore' }: CompileQueryOptions = {},
): QueryCondition {
  return buildCondition(query.expression, stringCase);
}

export function compileConditionPredicate(condition: QueryCondition): EventPredicate {
  const selects = compileCondition(condition);
  return (event, nowMs) => selects(rootOf(event), 1, nowMs);
}

/** The root of the log, where a query starts: its only child is the event. */
function rootOf(event: EventElement): EventElement {
  return { name: '', attributes: [], children: [event], value: null };
}

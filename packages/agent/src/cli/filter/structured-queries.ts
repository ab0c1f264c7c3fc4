/** A structured query as Windows writes it → one query for each `Query` element. */
import {
  inChannel,
  type QueryCondition,
  queryCondition,
  type StringCase,
} from '@dcr-agent/schema/event-queries';
import { parseQueryList } from '../../eventlog/query-list/parse-query-list.ts';
import type { ChannelQuery, StructuredQuery } from '../../eventlog/query-list/read-query.ts';
import type { QueryPart } from '../../nearest-miss/query-part.ts';
import { type FilterQuery, type FoundQueries, said } from './filter-query.ts';

/** `path` is for messages. */
export function readStructuredQueries(
  xml: string,
  path: string,
  stringCase: StringCase,
): FoundQueries {
  const { queries, diagnostics } = parseQueryList(xml);
  const lines = (isError: boolean): string[] =>
    diagnostics
      // Every query gets an id of its own, which is told then.
      .filter(({ code }) => code !== 'QUERY_LIST_DUPLICATE_ID')
      .filter(({ severity }) => (severity === 'error') === isError)
      .map((each) => {
        const { line, column } = each.position;
        const where = each.where === '' ? '' : `, ${each.where}`;
        return said(`${path}:${line}:${column}${where}`, each);
      });
  return {
    queries: queries.map((query) => filterQuery(query, stringCase)),
    errors: lines(true),
    warnings: lines(false),
  };
}

function filterQuery(
  { id, selects, suppresses }: StructuredQuery,
  stringCase: StringCase,
): FilterQuery {
  const selected = anyOf(selects, stringCase);
  const condition: QueryCondition =
    suppresses.length === 0
      ? selected
      : { kind: 'all', of: [selected, { kind: 'not', of: anyOf(suppresses, stringCase) }] };
  const channels = selects.map(({ channel }) => channel);
  return {
    id,
    channels: channels.includes(null) ? null : channels.filter((channel) => channel !== null),
    condition,
    parts: [...parts('Select', selects), ...parts('Suppress', suppresses)],
  };
}

function parts(name: string, queries: readonly ChannelQuery[]): QueryPart[] {
  return queries.map((query, i) => ({ name: `${name} ${i + 1}`, ...query }));
}

function anyOf(queries: readonly ChannelQuery[], stringCase: StringCase): QueryCondition {
  const conditions = queries.map(({ channel, query }) => {
    const condition = queryCondition(query, { stringCase });
    return channel === null ? condition : inChannel(channel, condition);
  });
  const [only] = conditions;
  return only !== undefined && conditions.length === 1 ? only : { kind: 'any', of: conditions };
}

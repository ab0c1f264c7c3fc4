/** A query as it is written in an argument or a table → what is asked. */
import {
  decodePastedEntities,
  type EventQuery,
  inChannel,
  type ParsedQueryEntry,
  parseEventQuery,
  parseQueryEntry,
  queryCondition,
  type StringCase,
} from '@dcr-agent/schema/event-queries';
import { type FilterQuery, type FoundQueries, said } from './filter-query.ts';

export interface WrittenQuery {
  readonly id: string;
  /** For messages: where it stands. */
  readonly place: string;
  readonly text: string;
  /** `null`: every channel. `undefined`: whatever the text says. */
  readonly channel?: string | null;
}

export function readWrittenQuery(written: WrittenQuery, stringCase: StringCase): FoundQueries {
  const { id, place } = written;
  const decoded = decodePastedEntities(written.text);
  const { channel, query, diagnostics } = parsed(decoded.text, written.channel);
  const found = [...decoded.diagnostics, ...diagnostics];
  const lines = (isError: boolean): string[] =>
    found
      .filter(({ severity }) => (severity === 'error') === isError)
      .map((each) => said(`${place}, column ${each.position.column}`, each));
  return {
    queries: query === null ? [] : [filterQuery(id, channel, query, stringCase)],
    errors: lines(true),
    warnings: lines(false),
  };
}

/** `channel` is `null` for every channel. */
export function filterQuery(
  id: string,
  channel: string | null,
  query: EventQuery,
  stringCase: StringCase,
): FilterQuery {
  const condition = queryCondition(query, { stringCase });
  return {
    id,
    channels: channel === null ? null : [channel],
    condition: channel === null ? condition : inChannel(channel, condition),
    parts: [{ name: '', channel, query }],
  };
}

function parsed(text: string, channel: string | null | undefined): ParsedQueryEntry {
  const every = channel === undefined ? withoutChannel(text) : channel === null ? text : null;
  if (every !== null) return { channel: null, ...parseEventQuery(every) };
  if (channel === undefined) return parseQueryEntry(text);
  const entry = parseQueryEntry(`${channel}!${text}`);
  // In a table the query stands in a cell of its own.
  const ahead = `${channel}!`.length;
  const diagnostics = entry.diagnostics.map((each) => ({
    ...each,
    position: { ...each.position, column: Math.max(1, each.position.column - ahead) },
  }));
  return { ...entry, diagnostics };
}

/** The XPath of a text that names no channel, or names every channel as `*!`; else `null`. */
function withoutChannel(text: string): string | null {
  if (text.trim() === '') return text;
  const every = /^\s*\*\s*!/.exec(text);
  if (every !== null) return text.slice(every[0].length);
  // `*[…]!*` is what some portals make of a forgotten channel; the entry's own message says so.
  const isQuery = /^\s*(?:\*|Event)\s*(?:[[/]|$|and\b|or\b)/.test(text);
  return isQuery && !/\]\s*!\s*\*\s*$/.test(text) ? text : null;
}

/** A query as it is written in an argument or a table → what is asked. */
import {
  decodePastedEntities,
  type EventQuery,
  inChannel,
  type ParsedQueryEntry,
  type Position,
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
      .map((each) => said(`${place}, ${positionText(each.position)}`, each));
  return {
    queries: query === null ? [] : [filterQuery(id, channel, query, stringCase)],
    errors: lines(true),
    warnings: lines(false),
  };
}

function positionText({ line, column }: Position): string {
  return line === 1 ? `column ${column}` : `line ${line}, column ${column}`;
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
  if (channel === null) return { channel, ...parseEventQuery(text) };
  // In a table the query stands in a cell of its own.
  if (channel !== undefined)
    return shifted(parseQueryEntry(`${channel}!${text}`), -1 - channel.length);
  const queryStart = startWithoutChannel(text);
  if (queryStart === null) return parseQueryEntry(text);
  return shifted({ channel: null, ...parseEventQuery(text.slice(queryStart)) }, queryStart);
}

/** Columns of the first line count from somewhere else. */
function shifted(entry: ParsedQueryEntry, ahead: number): ParsedQueryEntry {
  const diagnostics = entry.diagnostics.map((each) => {
    const { line, column, offset } = each.position;
    const position = {
      line,
      column: line === 1 ? Math.max(1, column + ahead) : column,
      offset: Math.max(0, offset + ahead),
    };
    return { ...each, position };
  });
  return { ...entry, diagnostics };
}

/** What no name of a channel holds, and a query does before its first `!`. */
const NOT_IN_CHANNEL = /[[()=<>"'@|]/;

/**
 * Where the XPath begins in a text that names no channel, or every channel as `*!`; `null` where
 * what stands before the first `!` may be a channel.
 */
function startWithoutChannel(text: string): number | null {
  const every = /^\s*\*\s*!(?!=)/.exec(text);
  if (every !== null) return every[0].length;
  // `*[…]!*` is what some portals make of a forgotten channel, `System*[…]` lacks the `!`: the
  // entry's own messages say so.
  if (/\]\s*!\s*\*\s*$|^\s*[\w./-]*\w\*/.test(text)) return null;
  const bang = text.indexOf('!');
  if (bang < 0 || text[bang + 1] === '=') return 0;
  return NOT_IN_CHANNEL.test(text.slice(0, bang)) ? 0 : null;
}

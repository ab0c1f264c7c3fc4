/** The queries of a `filter` run: given one by one, in tables, or as structured XML. */
import { readFileSync } from 'node:fs';
import {
  inChannel,
  parseEventQuery,
  parseQueryEntry,
  type QueryCondition,
  type QueryDiagnostic,
  queryCondition,
  type StringCase,
} from '@dcr-agent/schema/event-queries';
import { reasonOf } from '../../errors.ts';

export interface FilterQuery {
  /** What results name it by: its id in a table, its text otherwise. */
  readonly id: string;
  /** Part of the condition; `null` where it is asked of every channel. */
  readonly channel: string | null;
  readonly condition: QueryCondition;
}

export interface GivenQueries {
  /** Texts, `Channel!XPath` or an XPath alone. */
  readonly query: readonly string[];
  /** Files. */
  readonly queries: readonly string[];
}

export interface ReadQueries {
  readonly queries: readonly FilterQuery[];
  /** What was refused; the others are good. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** A query and where it stands, before it is looked at. */
interface WrittenQuery {
  readonly id: string;
  readonly place: string;
  readonly text: string;
  /** `null`: every channel. `undefined`: whatever the text says. */
  readonly channel?: string | null;
}

export function readQueries(given: GivenQueries, stringCase: StringCase): ReadQueries {
  const errors: string[] = [];
  const warnings: string[] = [];
  const queries = new Map<string, FilterQuery>();
  const written = given.query.map(
    (text): WrittenQuery => ({ id: text, place: `--query '${text}'`, text }),
  );
  for (const path of given.queries) written.push(...readTable(path, errors));
  for (const each of written) {
    const { channel, condition, diagnostics } = read(each, stringCase);
    for (const diagnostic of diagnostics) {
      const list = diagnostic.severity === 'error' ? errors : warnings;
      list.push(said(each.place, diagnostic));
    }
    if (condition === null) continue;
    if (queries.has(each.id)) {
      // Given twice in the same words, a query is asked once; under one id it may be another.
      if (each.channel !== undefined)
        errors.push(`${each.place}: the id '${each.id}' is used twice`);
      continue;
    }
    queries.set(each.id, { id: each.id, channel, condition });
  }
  return { queries: [...queries.values()], errors, warnings };
}

function read(
  { text, channel }: WrittenQuery,
  stringCase: StringCase,
): {
  channel: string | null;
  condition: QueryCondition | null;
  diagnostics: readonly QueryDiagnostic[];
} {
  const every = channel === undefined ? withoutChannel(text) : channel === null ? text : null;
  if (every !== null) {
    const { query, diagnostics } = parseEventQuery(every);
    const condition = query && queryCondition(query, { stringCase });
    return { channel: null, condition, diagnostics };
  }
  const entry = parseQueryEntry(channel === undefined ? text : `${channel}!${text}`);
  const { channel: named, query, diagnostics } = entry;
  if (query === null || named === null) return { channel: null, condition: null, diagnostics };
  const condition = inChannel(named, queryCondition(query, { stringCase }));
  return { channel: named, condition, diagnostics };
}

/** The XPath of a text that names no channel, or names every channel as `*!`; else `null`. */
function withoutChannel(text: string): string | null {
  const every = /^\s*\*\s*!/.exec(text);
  if (every !== null) return text.slice(every[0].length);
  // `*[…]!*` is what some portals make of a forgotten channel; the entry's own message says so.
  const isQuery = /^\s*(?:\*|Event)\s*(?:[[/]|$|and\b|or\b)/.test(text);
  return isQuery && !/\]\s*!\s*\*\s*$/.test(text) ? text : null;
}

/** A table with tabs, whose header names `id`, `channel` and `query` among others. */
function readTable(path: string, errors: string[]): WrittenQuery[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    errors.push(`--queries ${path}: ${reasonOf(error)}`);
    return [];
  }
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const columns = header.split('\t').map((name) => name.trim());
  const [id, channel, query] = ['id', 'channel', 'query'].map((name) => columns.indexOf(name));
  if (id! < 0 || channel! < 0 || query! < 0) {
    errors.push(
      `${path}:1: the first line has to name the columns id, channel and query, parted by tabs`,
    );
    return [];
  }
  return lines.flatMap((line, i): WrittenQuery[] => {
    if (line.trim() === '') return [];
    const place = `${path}:${i + 2}`;
    const cells = line.split('\t');
    const [ownId, ownChannel, ownText] = [cells[id!], cells[channel!], cells[query!]];
    if (!ownId?.trim() || ownText === undefined || !ownChannel?.trim()) {
      errors.push(`${place}: needs an id, a channel ('*' for every channel) and a query`);
      return [];
    }
    const isEvery = ownChannel.trim() === '*';
    return [
      { id: ownId.trim(), place, text: ownText, channel: isEvery ? null : ownChannel.trim() },
    ];
  });
}

function said(place: string, { code, message, hint, position }: QueryDiagnostic): string {
  const end = hint === undefined ? '' : `; ${hint}`;
  return `${place}, column ${position.column}: ${message}${end} (${code})`;
}

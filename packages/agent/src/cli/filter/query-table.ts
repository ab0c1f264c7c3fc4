/** A table of queries: tabs, and a header that names `id`, `channel` and `query` among others. */
import type { WrittenQuery } from './written-query.ts';

export interface QueryTable {
  readonly queries: readonly WrittenQuery[];
  readonly errors: readonly string[];
}

const EVERY_CHANNEL = '*';
const COLUMNS = ['id', 'channel', 'query'];
const HEADER_SHOWN = 60;

/** `path` is for messages. */
export function readQueryTable(text: string, path: string): QueryTable {
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const names = header.split('\t').map((name) => name.trim().toLowerCase());
  const places = COLUMNS.map((name) => names.indexOf(name));
  if (places.includes(-1)) return { queries: [], errors: [`${path}:1: ${noHeader(header)}`] };
  const errors: string[] = [];
  const queries = lines.flatMap((line, i): WrittenQuery[] => {
    if (line.trim() === '') return [];
    const place = `${path}:${i + 2}`;
    const cells = line.split('\t');
    const [id = '', channel = '', query] = places.map((at) => cells[at]);
    const error = refuse(id.trim(), channel.trim(), query);
    if (error !== null) {
      errors.push(`${place}: ${error}`);
      return [];
    }
    const named = channel.trim() === EVERY_CHANNEL ? null : channel.trim();
    return [{ id: id.trim(), place, text: query!, channel: named }];
  });
  return { queries, errors };
}

function noHeader(header: string): string {
  const message = 'the first line has to name the columns id, channel and query, parted by tabs';
  if (header.trim() === '') return `${message}; it is empty`;
  const shown = header.length > HEADER_SHOWN ? `${header.slice(0, HEADER_SHOWN)}…` : header;
  return `${message}; it is '${shown}'`;
}

/** What is wrong with the cells of a line; the language has its own words for the query. */
function refuse(id: string, channel: string, query: string | undefined): string | null {
  if (id === '' || channel === '' || query === undefined) {
    return `needs an id, a channel ('${EVERY_CHANNEL}' for every channel) and a query`;
  }
  if (query.trim() === '') {
    return "the cell of the query is empty; write '*' for every event of the channel";
  }
  return channel === EVERY_CHANNEL ? null : refuseChannel(channel);
}

function refuseChannel(channel: string): string | null {
  const [odd] = /[*!"'[\]<>|]/.exec(channel) ?? [];
  if (odd === undefined) return null;
  const message = `the cell of the channel, '${channel}', holds ${odd === "'" ? 'a quote' : `'${odd}'`}`;
  switch (odd) {
    case '*':
      return `${message}; write the whole name of one channel, or only '*' for every channel`;
    case '!':
      return `${message}; channel and query stand in cells of their own, without '!' between them`;
    case '"':
    case "'":
      return `${message}; cells are taken as they are, so leave the quotes out`;
    default:
      return `${message}, which no channel name can; write its name as Event Viewer shows it`;
  }
}

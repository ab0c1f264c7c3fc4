/** A table of queries: tabs, and a header that names `id`, `channel` and `query` among others. */
import type { WrittenQuery } from './written-query.ts';

export interface QueryTable {
  readonly queries: readonly WrittenQuery[];
  readonly errors: readonly string[];
}

/** `path` is for messages. */
export function readQueryTable(text: string, path: string): QueryTable {
  const [header = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const columns = header.split('\t').map((name) => name.trim());
  const [id, channel, query] = ['id', 'channel', 'query'].map((name) => columns.indexOf(name));
  if (id! < 0 || channel! < 0 || query! < 0) {
    const message = 'the first line has to name the columns id, channel and query, parted by tabs';
    return { queries: [], errors: [`${path}:1: ${message}`] };
  }
  const errors: string[] = [];
  const queries = lines.flatMap((line, i): WrittenQuery[] => {
    if (line.trim() === '') return [];
    const place = `${path}:${i + 2}`;
    const cells = line.split('\t');
    const [ownId, ownChannel] = [cells[id!]?.trim(), cells[channel!]?.trim()];
    const text = cells[query!];
    if (!ownId || !ownChannel || text === undefined) {
      errors.push(`${place}: needs an id, a channel ('*' for every channel) and a query`);
      return [];
    }
    return [{ id: ownId, place, text, channel: ownChannel === '*' ? null : ownChannel }];
  });
  return { queries, errors };
}

/** Queries that stand in files: tables, and structured XML. */
import { readFileSync } from 'node:fs';
import type { StringCase } from '@dcr-agent/schema/event-queries';
import { reasonOf } from '../../errors.ts';
import { detectEncoding } from '../../eventlog/event-xml-encoding.ts';
import type { GatheredQueries } from './gathered-queries.ts';
import { readQueryTable } from './query-table.ts';
import type { GivenQueries } from './read-queries.ts';
import { readStructuredQueries } from './structured-queries.ts';
import { readWrittenQuery } from './written-query.ts';

export function readQueryFiles(
  given: Pick<GivenQueries, 'queries' | 'queryList'>,
  stringCase: StringCase,
  gathered: GatheredQueries,
): void {
  for (const path of given.queries) {
    const text = textOf(path, gathered);
    if (text === undefined) continue;
    const { queries, errors } = readQueryTable(text, path);
    for (const line of errors) gathered.refuse(line);
    for (const written of queries) {
      gathered.add(written.place, readWrittenQuery(written, stringCase));
    }
  }
  for (const path of given.queryList) {
    const text = textOf(path, gathered);
    if (text !== undefined) gathered.addList(path, readStructuredQueries(text, path, stringCase));
  }
}

/** Text in whatever encoding Windows saved it; `undefined` where there is none, which is told. */
function textOf(path: string, gathered: GatheredQueries): string | undefined {
  try {
    const bytes = readFileSync(path);
    const encoding = detectEncoding(bytes);
    return encoding.decode(encoding.searchable(bytes.subarray(encoding.markSize)));
  } catch (error) {
    gathered.refuse(`${path}: ${reasonOf(error)}`);
    return undefined;
  }
}

/** The queries of a `filter` run: given one by one, in tables, or as structured XML. */
import type { StringCase } from '@dcr-agent/schema/event-queries';
import type { FoundQueries } from './filter-query.ts';
import { GatheredQueries } from './gathered-queries.ts';
import { readWrittenQuery } from './written-query.ts';

export interface GivenQueries {
  /** Texts, `Channel!XPath` or an XPath alone. */
  readonly query: readonly string[];
  /** Files with tables. */
  readonly queries: readonly string[];
  /** Files with structured queries. */
  readonly queryList: readonly string[];
}

export async function readQueries(
  given: GivenQueries,
  stringCase: StringCase,
): Promise<FoundQueries> {
  const gathered = new GatheredQueries();
  for (const text of new Set(given.query)) {
    const place = `--query '${text}'`;
    gathered.add(place, readWrittenQuery({ id: text, place, text }, stringCase));
  }
  if (given.queries.length + given.queryList.length > 0) {
    // Loaded only where there are files, with all that reads them.
    const { readQueryFiles } = await import('./query-files.ts');
    readQueryFiles(given, stringCase, gathered);
  }
  return gathered;
}

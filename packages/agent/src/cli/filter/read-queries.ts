/** The queries of a `filter` run: given one by one, in tables, or as structured XML. */
import { readFileSync } from 'node:fs';
import type { StringCase } from '@dcr-agent/schema/event-queries';
import { reasonOf } from '../../errors.ts';
import { detectEncoding } from '../../eventlog/event-xml-encoding.ts';
import type { FilterQuery, FoundQueries } from './filter-query.ts';
import { readQueryTable } from './query-table.ts';
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
  for (const path of given.queries) {
    const table = gathered.attempt(path, () => readQueryTable(textOf(path), path));
    gathered.errors.push(...(table?.errors ?? []));
    for (const written of table?.queries ?? []) {
      gathered.add(written.place, readWrittenQuery(written, stringCase));
    }
  }
  for (const path of given.queryList) {
    const { readStructuredQueries } = await import('./structured-queries.ts');
    const found = gathered.attempt(path, () =>
      readStructuredQueries(textOf(path), path, stringCase),
    );
    if (found !== undefined) gathered.add(path, found);
  }
  return gathered;
}

class GatheredQueries implements FoundQueries {
  readonly queries: FilterQuery[] = [];
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly #ids = new Set<string>();

  add(place: string, found: FoundQueries): void {
    this.errors.push(...found.errors);
    this.warnings.push(...found.warnings);
    for (const query of found.queries) {
      if (this.#ids.has(query.id)) {
        const message = `the id '${query.id}' is used twice; results name queries by it`;
        this.errors.push(`${place}: ${message}, so give each its own`);
        continue;
      }
      this.#ids.add(query.id);
      this.queries.push(query);
    }
  }

  /** `undefined` where the file cannot be read, which is told. */
  attempt<T>(path: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.errors.push(`${path}: ${reasonOf(error)}`);
      return undefined;
    }
  }
}

/** Text in whatever encoding Windows saved it. */
function textOf(path: string): string {
  const bytes = readFileSync(path);
  const encoding = detectEncoding(bytes);
  return encoding.decode(encoding.searchable(bytes.subarray(encoding.markSize)));
}

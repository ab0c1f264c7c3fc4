/** Queries from several places, each under an id of its own. */
import type { FilterQuery, FoundQueries } from './filter-query.ts';

export class GatheredQueries implements FoundQueries {
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
}

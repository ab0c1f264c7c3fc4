/** Queries from several places, each under an id of its own. */
import type { FilterQuery, FoundQueries } from './filter-query.ts';

export class GatheredQueries implements FoundQueries {
  readonly queries: FilterQuery[] = [];
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  readonly #ids = new Set<string>();
  /** How often the id of a list's query was taken. */
  readonly #uses = new Map<string, number>();

  /** Refuses queries whose id is used: results name queries by it. */
  add(place: string, found: FoundQueries): void {
    this.#say(found);
    for (const query of found.queries) {
      if (this.#ids.has(query.id)) {
        const message = `the id '${query.id}' is used twice; results name queries by it`;
        this.refuse(`${place}: ${message}, so give each its own`);
      } else this.#take(query);
    }
  }

  /**
   * Gives queries whose id is used another one, `0#2`: Event Viewer writes `Id="0"` into nearly
   * every list.
   */
  addList(place: string, found: FoundQueries): void {
    this.#say(found);
    for (const query of found.queries) {
      const id = this.#freeId(query.id);
      this.#take({ ...query, id });
      if (id === query.id) continue;
      const message = `the id '${query.id}' is used already, so a query of it is asked as '${id}'`;
      this.warnings.push(`${place}: ${message}`);
    }
  }

  refuse(line: string): void {
    this.errors.push(line);
  }

  #say({ errors, warnings }: FoundQueries): void {
    for (const line of errors) this.errors.push(line);
    for (const line of warnings) this.warnings.push(line);
  }

  #take(query: FilterQuery): void {
    this.#ids.add(query.id);
    this.queries.push(query);
  }

  #freeId(id: string): string {
    if (!this.#ids.has(id)) return id;
    for (let use = (this.#uses.get(id) ?? 1) + 1; ; use++) {
      const free = `${id}#${use}`;
      this.#uses.set(id, use);
      if (!this.#ids.has(free)) return free;
    }
  }
}

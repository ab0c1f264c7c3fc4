/** Windows events that two data sources both select. */
import type { WindowsEventLogsDataSource } from '../rule/rule.ts';
import { parseEventQuery } from '../xpath/parse-event-query.ts';
import { splitQuery } from '../xpath/query-entry.ts';
import { type ReadQuery, readQuery } from './event/read-query.ts';
import { sharedEvent } from './event/shared-event.ts';
import type { Meeting } from './overlap.ts';
import type { WorkLimit } from './work-limit.ts';

interface Entry {
  readonly index: number;
  /** As the rule writes it. */
  readonly channel: string;
  readonly query: ReadQuery;
}

/** Reads each query text once, however many rules hold it. */
export class EventMeetings {
  readonly #nowMs: number;
  readonly #limit: WorkLimit;
  readonly #queries = new Map<string, ReadQuery | null>();
  readonly #entries = new Map<WindowsEventLogsDataSource, ReadonlyMap<string, readonly Entry[]>>();
  #nextId = 0;

  /** `nowMs`: epoch milliseconds, what `timediff` measures to. */
  constructor(nowMs: number, limit: WorkLimit) {
    this.#nowMs = nowMs;
    this.#limit = limit;
  }

  /** One for each pair of queries. */
  *between(a: WindowsEventLogsDataSource, b: WindowsEventLogsDataSource): Generator<Meeting> {
    const channelsOfB = this.#entriesOf(b);
    for (const [key, entries] of this.#entriesOf(a)) {
      for (const first of entries) {
        for (const second of channelsOfB.get(key) ?? []) {
          if (this.#limit.isReached) return;
          yield* this.#meet(first, second);
        }
      }
    }
  }

  #meet(first: Entry, second: Entry): Meeting[] {
    const context = { channel: first.channel, nowMs: this.#nowMs, limit: this.#limit };
    const shared = sharedEvent(first.query, second.query, context);
    if (shared === null) return [];
    const { witness, xml, nowMs, isCertain } = shared;
    const doubt = isCertain ? null : 'whether there is such an event is not known';
    return [{ entries: [first.index, second.index], witness, doubt, event: { xml, nowMs } }];
  }

  /** By channel in lower case; each query once. */
  #entriesOf(source: WindowsEventLogsDataSource): ReadonlyMap<string, readonly Entry[]> {
    const known = this.#entries.get(source);
    if (known !== undefined) return known;
    const byChannel = new Map<string, Map<string, Entry>>();
    for (const [index, text] of source.xPathQueries.entries()) {
      const { entry } = splitQuery(text);
      const query = entry === null ? null : this.#read(entry.query);
      if (entry === null || query === null) continue;
      const key = entry.channel.toLowerCase();
      const entries = byChannel.get(key) ?? new Map<string, Entry>();
      byChannel.set(key, entries);
      const queryText = entry.query.trim();
      if (!entries.has(queryText)) entries.set(queryText, { index, channel: entry.channel, query });
    }
    const made = new Map([...byChannel].map(([key, entries]) => [key, [...entries.values()]]));
    this.#entries.set(source, made);
    return made;
  }

  /** `null` for a query that is refused, and so collects nothing. */
  #read(text: string): ReadQuery | null {
    const known = this.#queries.get(text);
    if (known !== undefined) return known;
    const { query } = parseEventQuery(text);
    const read = query === null ? null : readQuery(query, () => this.#nextId++, this.#limit);
    this.#queries.set(text, read);
    return read;
  }
}

/** The time of an event, `System/TimeCreated/@SystemTime`, without its tree where that can be. */
import {
  listConditions,
  parseEventQuery,
  type QueryCondition,
  readTime,
} from '@dcr-agent/schema/event-queries';
import { EventQueries } from '../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';

export class EventTimes {
  #found = '';
  readonly #queries: EventQueries;

  constructor() {
    this.#queries = new EventQueries([this.#observer()]);
  }

  /** Epoch milliseconds, or `NaN` for an event without a time. */
  timeOf(record: WindowsEventRecord): number {
    this.#found = '';
    record.selectedBy(this.#queries, 0);
    return readTime(this.#found)?.epochMs ?? Number.NaN;
  }

  /** A condition that no value fulfils, and that sees the value it is asked of. */
  #observer(): QueryCondition {
    const { query } = parseEventQuery('*[System/TimeCreated/@SystemTime]');
    const listed = query && listConditions(query, 'ignore');
    const path = listed?.kind === 'single' ? listed.nodes : null;
    if (path === null || path === undefined) throw new Error('the time of events has no path');
    const test = ({ text }: { readonly text: string }): boolean => {
      this.#found = text;
      return false;
    };
    return { ...path, value: { test, meaning: null } };
  }
}

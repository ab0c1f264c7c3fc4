/** How many events each entry of `xPathQueries` selects, and what comes nearest where none is. */

import { isExpression } from '@dcr-agent/schema/documents';
import {
  inChannel,
  parseQueryEntry,
  type QueryCondition,
  queryCondition,
} from '@dcr-agent/schema/event-queries';
import { EventQueries } from '../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';
import { type AskedCondition, askedConditions } from '../nearest-miss/asked-condition.ts';
import { type NearestMiss, NearestMissFinder } from '../nearest-miss/nearest-miss.ts';
import { NOT_KNOWN, type ReplayedRule } from './rule-plan.ts';

/** An entry of a data source. */
export interface QueryEntryTally {
  readonly rule: ReplayedRule;
  readonly dataSource: string;
  /** Those of the data source. */
  readonly streams: readonly string[];
  /** Place in `xPathQueries`, from 0. */
  readonly index: number;
  readonly text: string;
  /** Why it is not asked; `null` for one that is. */
  readonly refusal: string | null;
  /** False: an expression stands for it. */
  readonly isKnown: boolean;
  /** `null` for one that is refused. */
  readonly asked: AskedQuery | null;
}

export interface AskedQuery {
  readonly channel: string;
  readonly condition: QueryCondition;
  /** Taken apart, to tell which part of it an event fails. */
  readonly parts: AskedCondition;
  count: number;
  readonly nearest: NearestMissFinder;
}

/** Looking for what comes nearest needs an event's tree: of a long log, that of some events. */
const LOOKED_AT_ALL = 20_000;
const LOOKED_AT_EVERY = 50;

export class QueryTally {
  readonly entries: readonly QueryEntryTally[];
  readonly #asked: readonly AskedQuery[];
  readonly #queries: EventQueries;
  #seen = 0;

  constructor(rules: readonly ReplayedRule[]) {
    this.entries = rules.flatMap(entriesOf);
    this.#asked = this.entries.flatMap(({ asked }) => asked ?? []);
    this.#queries = new EventQueries(this.#asked.map(({ condition }) => condition));
  }

  /** `file` is where the event stands, for messages. */
  add(record: WindowsEventRecord, file: string, nowMs: number): void {
    for (const place of record.selectedBy(this.#queries, nowMs)) this.#asked[place]!.count += 1;
    this.#seen += 1;
    if (this.#seen > LOOKED_AT_ALL && this.#seen % LOOKED_AT_EVERY !== 0) return;
    for (const { count, parts, nearest } of this.#asked) {
      if (count > 0) continue;
      parts.ask(record.event, nowMs);
      nearest.look(record, file, nowMs);
    }
  }
}

/** `null` for a query that selected something, or was never asked. */
export function nearestMissOf({ asked }: QueryEntryTally): NearestMiss | null {
  return asked === null || asked.count > 0 ? null : asked.nearest.miss;
}

function entriesOf(rule: ReplayedRule): QueryEntryTally[] {
  return rule.rule.dataSources.flatMap((source) => {
    if (source.kind !== 'windowsEventLogs') return [];
    const { name: dataSource, streams } = source;
    return source.xPathQueries.map((text, index): QueryEntryTally => {
      const entry = { rule, dataSource, streams, index, text, isKnown: !isExpression(text) };
      if (!entry.isKnown) return { ...entry, refusal: NOT_KNOWN, asked: null };
      const { channel, query, diagnostics } = parseQueryEntry(text);
      if (channel === null || query === null) {
        const error = diagnostics.find(({ severity }) => severity === 'error');
        const refusal = error?.message ?? 'the query is refused';
        return { ...entry, refusal, asked: null };
      }
      const condition = inChannel(channel, queryCondition(query));
      const parts = askedConditions({ name: '', channel, query }, 'ignore');
      const nearest = new NearestMissFinder(parts);
      const asked = { channel, condition, parts, count: 0, nearest };
      return { ...entry, refusal: null, asked };
    });
  });
}

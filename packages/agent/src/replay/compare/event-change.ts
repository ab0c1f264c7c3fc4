/** Why one version of rules keeps an event and the other does not: by queries and their parts. */

import { EventQueries } from '../../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { AskedCondition } from '../../nearest-miss/asked-condition.ts';
import { clipped } from '../../nearest-miss/clipped.ts';
import { kindName } from '../../nearest-miss/event-kinds.ts';
import { type AskedQuery, type QueryEntryTally, QueryTally } from '../query-tally.ts';
import type { RuleFlow, RulePlan } from '../rule-plan.ts';
import type { ChangedRecord } from './comparison.ts';

const TEXT_MAX = 200;

type AskedEntry = QueryEntryTally & { readonly asked: AskedQuery };

export class EventChanges {
  readonly #old: readonly AskedEntry[];
  readonly #now: readonly AskedEntry[];
  readonly #byFlow = new Map<RuleFlow, FlowEntries>();

  constructor(old: RulePlan, now: RulePlan) {
    this.#old = askedEntries(old);
    this.#now = askedEntries(now);
  }

  of(record: WindowsEventRecord, file: string, nowMs: number): ChangedRecord {
    return {
      selectedBy: (flow) => {
        const { entries, queries } = this.#entriesOf(flow);
        const [place] = record.selectedBy(queries, nowMs);
        const entry = place === undefined ? undefined : entries[place];
        return entry === undefined ? `data source '${flow.dataSource.name}'` : entryText(entry);
      },
      otherwise: (flow, change) => {
        const all = change === 'appears' ? this.#old : this.#now;
        const others = all.filter((entry) => entry.streams.includes(flow.stream));
        if (others.length === 0) return `no data source collects ${flow.stream}`;
        return failureOf(others, flow.dataSource.name, record, nowMs);
      },
      example: () => {
        const id = record.eventRecordId() ?? '-';
        return `${clipped(kindName(record.event), TEXT_MAX)}, EventRecordID ${id} in ${file}`;
      },
    };
  }

  #entriesOf(flow: RuleFlow): FlowEntries {
    const known = this.#byFlow.get(flow);
    if (known !== undefined) return known;
    const entries = [...this.#old, ...this.#now].filter(
      ({ rule, dataSource }) => rule === flow.rule && dataSource === flow.dataSource.name,
    );
    const queries = new EventQueries(entries.map(({ asked }) => asked.condition));
    this.#byFlow.set(flow, { entries, queries });
    return { entries, queries };
  }
}

interface FlowEntries {
  readonly entries: readonly AskedEntry[];
  readonly queries: EventQueries;
}

function askedEntries({ rules }: RulePlan): AskedEntry[] {
  return new QueryTally(rules).entries.filter((entry): entry is AskedEntry => entry.asked !== null);
}

function entryText({ dataSource, index, text }: QueryEntryTally): string {
  return `query ${index + 1} of '${dataSource}': ${clipped(text, TEXT_MAX)}`;
}

/** Of the queries of the event's channel the one that comes nearest, and what of it fails. */
function failureOf(
  entries: readonly AskedEntry[],
  dataSource: string,
  record: WindowsEventRecord,
  nowMs: number,
): string {
  const failures = entries.map((entry) => {
    entry.asked.parts.ask(record.event, nowMs);
    const failed = failedParts(entry.asked.parts);
    const isChannel = failed.some(({ isChannel: is }) => is);
    return { entry, failed, isChannel, isSame: entry.dataSource === dataSource };
  });
  const [nearest] = failures
    .filter(({ isChannel }) => !isChannel)
    .sort((a, b) => a.failed.length - b.failed.length || Number(b.isSame) - Number(a.isSame));
  if (nearest === undefined) return 'no query asks for its channel';
  const texts = nearest.failed.map(({ text }) => clipped(text, TEXT_MAX));
  const { index, dataSource: name } = nearest.entry;
  if (texts.length === 0) return `query ${index + 1} of '${name}' selects it, and no row is made`;
  return `query ${index + 1} of '${name}' fails: ${texts.join(' and ')}`;
}

/** What has to change for a condition to hold; alternatives are one condition. */
function failedParts(condition: AskedCondition): AskedCondition[] {
  if (condition.isMet) return [];
  if (condition.kind !== 'and') return [condition];
  const failed = condition.members.flatMap(failedParts);
  return failed.length === 0 ? [condition] : failed;
}

/** Instead of the events: how each query was asked, and what its conditions kept. */
import type { QueryCondition, StringCase } from '@dcr-agent/schema/event-queries';
import { type AskedCondition, askedConditions } from '../../../nearest-miss/asked-condition.ts';
import { EventKinds } from '../../../nearest-miss/event-kinds.ts';
import { NearestMissFinder } from '../../../nearest-miss/nearest-miss.ts';
import type { QueryPart } from '../../../nearest-miss/query-part.ts';
import type { FilterOutput, Print } from '../filter-output.ts';
import type { FilterQuery } from '../filter-query.ts';
import { reportLines } from './report.ts';

export interface ExplainedQuery {
  readonly query: FilterQuery;
  /** Events it selects. */
  selected: number;
  readonly parts: readonly ExplainedPart[];
}

export interface ExplainedPart {
  readonly part: QueryPart;
  readonly asked: AskedCondition;
  readonly nearest: NearestMissFinder;
}

export interface ExplainOptions {
  readonly nowMs: number;
  readonly stringCase: StringCase;
  /** The file being read. */
  fileNow(): string;
}

/** Keeps counts, and of the events only some texts of those that came nearest. */
export function explainOutput(
  print: Print,
  queries: readonly FilterQuery[],
  { nowMs, stringCase, fileNow }: ExplainOptions,
): FilterOutput {
  const explained = queries.map((query) => explainedQuery(query, stringCase));
  const parts = explained.flatMap((each) => each.parts);
  const kinds = new EventKinds();
  let total = 0;
  return {
    // Every event is to be seen here.
    alsoAsked: [EVERY_EVENT],
    event(record, selected) {
      total++;
      kinds.add(record);
      for (const place of selected) {
        const own = explained[place];
        if (own !== undefined) own.selected++;
      }
      for (const { asked, nearest } of parts) {
        asked.ask(record.event, nowMs);
        if (asked.alone === 0) nearest.look(record, fileNow(), nowMs);
      }
    },
    end() {
      for (const line of reportLines({ queries: explained, kinds, total, stringCase })) {
        print(`${line}\n`);
      }
    },
  };
}

const EVERY_EVENT: QueryCondition = { kind: 'constant', holds: true };

function explainedQuery(query: FilterQuery, stringCase: StringCase): ExplainedQuery {
  const parts = query.parts.map((part): ExplainedPart => {
    const asked = askedConditions(part, stringCase);
    return { part, asked, nearest: new NearestMissFinder(asked) };
  });
  return { query, selected: 0, parts };
}

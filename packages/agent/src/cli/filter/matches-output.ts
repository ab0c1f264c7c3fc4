/**
 * One JSON line per file and query: how many events the query was asked of, which are those of its
 * channel, and the `EventRecordID`s of those it selects, in the order of the file. Events found
 * behind damage are told apart, in a member of their own.
 */
import { inChannel, type QueryCondition } from '@dcr-agent/schema/event-queries';
import type { FilterOutput, Print } from './filter-output.ts';
import type { FilterQuery } from './filter-query.ts';

interface Matched {
  of: number;
  readonly ids: string[];
}

/** What one query has matched in the file being read. */
interface Matches {
  readonly inPlace: Matched;
  readonly salvaged: Matched;
}

export function matchesOutput(print: Print, queries: readonly FilterQuery[]): FilterOutput {
  const channels = [...new Set(queries.flatMap(namesOf))];
  /** Places of the queries that are asked of a channel's events. */
  const asked = channels.map((channel) =>
    queries.flatMap((query, place) => (namesOf(query).includes(channel) ? [place] : [])),
  );
  let matches = queries.map(noMatches);
  return {
    alsoAsked: channels.map((channel) => inChannel(channel, EVERY_EVENT)),
    event(event, selected) {
      const kind = event.isSalvaged ? 'salvaged' : 'inPlace';
      for (const place of selected) {
        const own = matches[place];
        if (own !== undefined) own[kind].ids.push(jsonNumber(event.eventRecordId()));
        else for (const query of asked[place - queries.length]!) matches[query]![kind].of++;
      }
    },
    endFile(file, events) {
      for (const [place, { id, channels }] of queries.entries()) {
        const { inPlace, salvaged } = matches[place]!;
        const isEvery = channels === null;
        const line = matchesText(isEvery ? events.inPlace : inPlace.of, inPlace.ids);
        const behind = matchesText(isEvery ? events.salvaged : salvaged.of, salvaged.ids);
        const extra = events.salvaged === 0 ? '' : `,"salvaged":{${behind}}`;
        print(`{"file":${JSON.stringify(file)},"query":${JSON.stringify(id)},${line}${extra}}\n`);
      }
      matches = queries.map(noMatches);
    },
  };
}

/** The channels of a query as they are compared. */
function namesOf({ channels }: FilterQuery): string[] {
  return (channels ?? []).map((channel) => channel.toLowerCase());
}

const EVERY_EVENT: QueryCondition = { kind: 'constant', holds: true };

function noMatches(): Matches {
  return { inPlace: { of: 0, ids: [] }, salvaged: { of: 0, ids: [] } };
}

function matchesText(of: number, ids: readonly string[]): string {
  return `"of":${of},"matched":${ids.length},"ids":[${ids.join(',')}]`;
}

/** Digits as they are, as they may be beyond what a double holds. */
function jsonNumber(text: string | undefined): string {
  return text !== undefined && /^(?:0|[1-9]\d*)$/.test(text) ? text : 'null';
}

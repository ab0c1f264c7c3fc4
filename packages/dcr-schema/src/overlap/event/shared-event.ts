/**
 * An event that two queries of one channel both select. It is made from what both ask for and then
 * shown to both, so one that is returned is selected by either, whatever was overlooked before.
 */
import { describeEvent } from './describe-event.ts';
import { draftEvent } from './draft-event.ts';
import type { IndexedTerm, ListedValues, ReadQuery } from './read-query.ts';
import { isSameKind } from './same-kind.ts';
import type { DraftContext } from './usual-values.ts';
import { writeEvent } from './write-event.ts';

export interface SharedEvent {
  readonly witness: string;
  readonly xml: string;
  /** Epoch milliseconds: when both select it, the event being that old. */
  readonly nowMs: number;
  /** False: the queries ask for different things, which no event need have together. */
  readonly isCertain: boolean;
}

/** Events that are made for two queries. Own choice. */
const DRAFTS_MAX = 60;
/** What making an event, and weighing two terms, costs in comparisons of two terms. */
const DRAFT_COST = 200;
const WEIGHING_COST = 50;
const DAY_MS = 86_400_000;

/** A certain one where there is one; `null` when none was found. */
export function sharedEvent(a: ReadQuery, b: ReadQuery, context: DraftContext): SharedEvent | null {
  const { limit } = context;
  let uncertain: SharedEvent | null = null;
  let drafts = 0;
  if (!limit.take() || areApart(a.listed, b.listed)) return null;
  for (const inA of a.terms) {
    for (const inB of b.terms) {
      if (!limit.take()) return uncertain;
      if (areApart(inA.listed, inB.listed) || areBeyond(inA, inB)) continue;
      if (!limit.take(WEIGHING_COST)) return uncertain;
      const isCertain = isSameKind(inA, inB, context);
      if (!isCertain && uncertain !== null) continue;
      if (drafts++ === DRAFTS_MAX || !limit.take(DRAFT_COST)) return uncertain;
      const found = eventOf(inA, inB, [a, b], context);
      if (found === null) continue;
      if (isCertain) return { ...found, isCertain };
      uncertain = { ...found, isCertain };
    }
  }
  return uncertain;
}

/** Does each ask for a number that lies beyond what the other asks for? */
function areBeyond(a: IndexedTerm, b: IndexedTerm): boolean {
  for (const [key, span] of a.spans) {
    const other = b.spans.get(key);
    if (other === undefined) continue;
    if (span.greatest < other.least || other.greatest < span.least) return true;
  }
  return false;
}

/** Do they list values of which none is the same? */
function areApart(a: ListedValues, b: ListedValues): boolean {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  for (const [key, values] of fewer) {
    const others = more.get(key);
    if (others !== undefined && !haveCommonKey(values, others)) return true;
  }
  return false;
}

function haveCommonKey(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  const [fewer, more] = a.size <= b.size ? [a, b] : [b, a];
  for (const key of fewer.keys()) if (more.has(key)) return true;
  return false;
}

function eventOf(
  inA: IndexedTerm,
  inB: IndexedTerm,
  queries: readonly [ReadQuery, ReadQuery],
  context: DraftContext,
): Omit<SharedEvent, 'isCertain'> | null {
  const demands = [...inA.demands, ...inB.demands];
  for (const nowMs of moments(queries, context)) {
    const drafted = draftEvent(demands, { ...context, nowMs });
    if (drafted === null) continue;
    const { event, chosen } = drafted;
    if (!queries.every(({ selects }) => selects(event, nowMs))) continue;
    return { witness: describeEvent(context.channel, chosen), xml: writeEvent(event), nowMs };
  }
  return null;
}

/** Now, and after times that are still to come. */
function moments(queries: readonly ReadQuery[], { nowMs }: DraftContext): number[] {
  const latestMs = Math.max(...queries.map((query) => query.latestMs));
  return latestMs > nowMs ? [nowMs, latestMs + DAY_MS] : [nowMs];
}

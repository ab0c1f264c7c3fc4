/**
 * Whether two queries speak of one kind of event. An event 4624 of level 2 fulfils `EventID=4624`
 * and `Level=2`, but no computer has ever logged one: provider and event id settle most of the
 * rest. So it is certain only where one query asks for all that the other asks for, or both name
 * the event.
 */
import { possibleValues, testCost } from './choose-value.ts';
import { kindFacets } from './kind-facets.ts';
import { DATA } from './place.ts';
import type { Facet, IndexedTerm } from './read-query.ts';
import { type DraftContext, usualLeaves } from './usual-values.ts';

type Facets = ReadonlyMap<string, Facet>;

const EVENT_ID = 'Event/System/EventID';
const PROVIDER = /^Event\/System\/Provider\/@/;

/** Many providers write to these, each with event ids of its own. */
const SHARED_CHANNELS: readonly string[] = ['application', 'system', 'setup', 'forwardedevents'];

export function isSameKind(a: IndexedTerm, b: IndexedTerm, context: DraftContext): boolean {
  const [inA, inB] = [kindFacets(a, context), kindFacets(b, context)];
  if (!agree(inA, inB)) return false;
  if (inA.size === inB.size && [...inA.keys()].every((key) => inB.has(key))) return true;
  const isNested = inA.size <= inB.size ? isWithin(inB, inA, context) : isWithin(inA, inB, context);
  return isNested || nameOneEvent(a, b, context);
}

/**
 * False where the event would have to have keywords that neither query asks for alone, or values
 * that stand for one and the same thing.
 */
function agree(a: Facets, b: Facets): boolean {
  const isEach = [...a].every(([key, facet]) => {
    const other = b.get(key);
    if (other === undefined) return true;
    const [bits, otherBits] = [bitsOf(facet), bitsOf(other)];
    return bits === 0n || otherBits === 0n || (bits & otherBits) !== 0n;
  });
  return isEach && agreeOnUnnamed(a, b) && agreeOnUnnamed(b, a);
}

function bitsOf({ facts }: Facet): bigint {
  return facts.flatMap(({ masks }) => masks).reduce((sum, mask) => sum | mask, 0n);
}

/** A value without a name may be the one that the other query calls by its name. */
function agreeOnUnnamed(a: Facets, b: Facets): boolean {
  const unnamed = a.get(DATA);
  const isData = ({ path }: Facet): boolean => path.startsWith(DATA);
  if (unnamed === undefined || ![...b.values()].some(isData)) return true;
  const listed = (facet: Facet | undefined): string[] =>
    facet?.facts.flatMap((fact) => [...(fact.listed?.keys() ?? [])]) ?? [];
  const inB = new Set(listed(b.get(DATA)));
  return listed(unnamed).some((key) => inB.has(key));
}

/** Is every event of the first one of the second, too, as far as its kind goes? */
function isWithin(inner: Facets, outer: Facets, context: DraftContext): boolean {
  return [...outer].every(([key, facet]) => {
    const own = inner.get(key);
    return own !== undefined && isNarrower(own, facet, context);
  });
}

function isNarrower(inner: Facet, outer: Facet, context: DraftContext): boolean {
  const { path } = outer;
  const { nowMs, limit } = context;
  const usual = usualLeaves(path, context).value ?? '-';
  const values = possibleValues([...inner.facts, ...outer.facts], { path, usual, nowMs, limit });
  const cost = testCost(inner.facts) + testCost(outer.facts);
  return values.every((text) => {
    if (!limit.take(cost)) return false;
    const value = { type: 'string', text } as const;
    const isInner = inner.facts.every((fact) => fact.test(value, nowMs));
    return !isInner || outer.facts.every((fact) => fact.test(value, nowMs));
  });
}

function nameOneEvent(a: IndexedTerm, b: IndexedTerm, { channel }: DraftContext): boolean {
  if (!a.listed.has(EVENT_ID) || !b.listed.has(EVENT_ID)) return false;
  const [inA, inB] = [a, b].map(({ facets }) =>
    [...facets.keys()].some((key) => PROVIDER.test(key)),
  );
  return inA === inB && (inA === true || !SHARED_CHANNELS.includes(channel.toLowerCase()));
}

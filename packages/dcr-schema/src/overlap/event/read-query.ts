/** A query with what its terms ask for, prepared to be put beside other queries. */
import {
  compileEventQuery,
  type EventPredicate,
} from '../../xpath/element-tree/compile-event-query.ts';
import type { EventQuery } from '../../xpath/parse-event-query.ts';
import type { WorkLimit } from '../work-limit.ts';
import { possibleValues, testCost } from './choose-value.ts';
import type { Fact } from './fact.ts';
import { DATA } from './place.ts';
import { type Demand, type Term, termsOf } from './terms.ts';

export interface ReadQuery {
  readonly terms: readonly IndexedTerm[];
  /** What all terms list, with the values of all of them. */
  readonly listed: ListedValues;
  readonly selects: EventPredicate;
  /** The latest time it names, epoch milliseconds. */
  readonly latestMs: number;
}

/** The only values there can be, by what they mean, of each value that is listed. */
export type ListedValues = ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface IndexedTerm {
  readonly demands: Term;
  /** By the value they are about: what is asked of the kind of event. */
  readonly facets: ReadonlyMap<string, Facet>;
  readonly listed: ListedValues;
  /** The least and the greatest of numbers that are not listed. */
  readonly spans: ReadonlyMap<string, Span>;
}

export interface Span {
  readonly least: number;
  readonly greatest: number;
}

export interface Facet {
  /** Names from the event down. */
  readonly path: string;
  readonly facts: readonly Fact[];
}

/** Expressions of a query; one that has more is left out. Own choice, beyond what Windows takes. */
const EXPRESSIONS_MAX = 500;

/** `nextId` numbers elements that have no name. */
export function readQuery(query: EventQuery, nextId: () => number, limit: WorkLimit): ReadQuery {
  const isTooLarge = query.expressionCount > EXPRESSIONS_MAX;
  const found = isTooLarge ? [] : termsOf(query.expression, nextId);
  const terms = found.map((term) => indexTerm(term, limit));
  const facts = terms.flatMap(({ demands }) => demands.flatMap(({ fact }) => fact ?? []));
  const times = facts.flatMap(({ literals }) => literals.flatMap(({ time }) => time ?? []));
  return {
    terms,
    listed: listedInAll(terms),
    selects: compileEventQuery(query),
    latestMs: times.reduce((latest, { epochMs }) => Math.max(latest, epochMs), 0),
  };
}

/** What says when and where an event was logged, but not what it is. */
const CIRCUMSTANCES = /^Event\/System\/(?:TimeCreated|EventRecordID|Execution|Computer|Channel)\b/;

/** Of which the values that possibleValues knows contain the least and the greatest. */
const SMALL_NUMBERS = /^Event\/System\/(?:EventID|Level|Task|Opcode|Version)$/;

function indexTerm(demands: Term, limit: WorkLimit): IndexedTerm {
  const facets = new Map<string, { path: string; facts: Fact[] }>();
  const listed = new Map<string, ReadonlyMap<string, string>>();
  for (const demand of demands) {
    const path = pathOf(demand);
    if (path === null) continue;
    const key = keyOf(demand, path);
    // Of several values without a name, each may be another one.
    if (demand.fact?.listed != null && key !== DATA)
      listed.set(key, meet(listed.get(key), demand.fact.listed));
    if (CIRCUMSTANCES.test(path)) continue;
    const facet = facets.get(key) ?? { path, facts: [] };
    if (demand.fact !== null) facet.facts.push(demand.fact);
    facets.set(key, facet);
  }
  return { demands, facets, listed, spans: spansOf(facets, listed, limit) };
}

function spansOf(
  facets: ReadonlyMap<string, Facet>,
  listed: ListedValues,
  limit: WorkLimit,
): ReadonlyMap<string, Span> {
  const spans = new Map<string, Span>();
  for (const [key, { path, facts }] of facets) {
    if (!SMALL_NUMBERS.test(path) || listed.has(key)) continue;
    if (!limit.take(testCost(facts) * testCost(facts))) return spans;
    const chosenFor = { path, usual: '0', nowMs: 0, limit };
    const possible = possibleValues(facts, chosenFor)
      .filter((text) => facts.every((fact) => fact.test({ type: 'string', text }, 0)))
      .map(Number);
    spans.set(key, { least: Math.min(...possible), greatest: Math.max(...possible) });
  }
  return spans;
}

function listedInAll([first, ...others]: readonly IndexedTerm[]): ListedValues {
  const keys = [...(first?.listed.keys() ?? [])].filter((key) =>
    others.every(({ listed }) => listed.has(key)),
  );
  return new Map(
    keys.map((key) => {
      const lists = [first, ...others].flatMap((term) => term?.listed.get(key) ?? []);
      return [key, new Map(lists.flatMap((list) => [...list]))];
    }),
  );
}

const ALWAYS_THERE = /^Event(?:\/(?:EventData|UserData|System(?:\/\w+)?))?$/;

/** `null` for a demand that says nothing, as every event has the element. */
function pathOf({ nodes, leaf, fact }: Demand): string | null {
  const path = nodes.at(-1)?.path ?? '';
  if (leaf?.startsWith('@')) return `${path}/${leaf}`;
  return fact === null && ALWAYS_THERE.test(path) ? null : path;
}

/** Values of EventData without a name are not told apart. */
function keyOf({ nodes }: Demand, path: string): string {
  const which = nodes.find((node) => node.path === DATA)?.which ?? '';
  return path + which.replace(/^\+.*/s, '');
}

function meet(
  before: ReadonlyMap<string, string> | undefined,
  list: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return before === undefined ? list : new Map([...list].filter(([key]) => before.has(key)));
}

/**
 * A query as terms: of one of them, all demands must be met for an event to be selected. What
 * cannot be told of events as they are, such as `@*`, gives no term; so an event that meets a
 * term's demands is selected, but there may be selected events that meet those of none.
 */
import { groupAlternatives } from '../../xpath/alternatives.ts';
import type { Expression, Path, Predicate, Step } from '../../xpath/ast.ts';
import { buildCondition } from '../../xpath/condition/build-condition.ts';
import { type Fact, factOf } from './fact.ts';
import { DATA, elementsBelow, hasAttribute, isLeaf, type Place, ROOT } from './place.ts';

export interface Demand {
  /** Elements from the event down. Empty: the element that the demand is made of. */
  readonly nodes: readonly DemandedNode[];
  /** An attribute, the value of the element, or `null`: that it is there. */
  readonly leaf: `@${string}` | 'value' | null;
  /** `null`: any value. */
  readonly fact: Fact | null;
  readonly position?: (position: number) => boolean;
}

export interface DemandedNode {
  readonly path: string;
  /** `null`: any. */
  readonly name: string | null;
  /** Tells elements of one path apart; '' where there is one only. */
  readonly which: string;
  /** Its place among those of its path, from 1 on, where that is asked for. */
  readonly position?: number;
}

export type Term = readonly Demand[];

/** Terms of one query; what is beyond is left out. Own choice. */
const TERMS_MAX = 200;
/** Demands of one term; one that has more is left out. Own choice. */
const DEMANDS_MAX = 200;
/** The highest position that a value is put at. Own choice. */
const POSITION_MAX = 64;

/** The terms of a query, which was checked. `nextId` numbers elements that have no name. */
export function termsOf(query: Expression, nextId: () => number): Term[] {
  return new TermReader(nextId).expression(query, ROOT);
}

class TermReader {
  readonly #nextId: () => number;

  constructor(nextId: () => number) {
    this.#nextId = nextId;
  }

  expression(expression: Expression, place: Place): Term[] {
    switch (expression.kind) {
      case 'and':
        return product(expression.operands.map((operand) => this.expression(operand, place)));
      case 'or':
        return this.#either(expression.operands, place);
      case 'path':
        return this.#path(expression.steps, place, null);
      case 'position':
        return [[]];
      case 'comparison': {
        const { left } = expression;
        if (left.kind === 'position') return [[positionDemand(expression)]];
        const { steps } = left.kind === 'path' ? left : left.path;
        return this.#path(steps, place, factOf([expression]));
      }
      default:
        return this.#path(expression.path.steps, place, factOf([expression]));
    }
  }

  #either(operands: readonly Expression[], place: Place): Term[] {
    const { alternatives, others } = groupAlternatives(operands);
    const compared = alternatives.flatMap(({ path, comparisons }) => {
      // The values of EventData are told apart by name, so each name is a term.
      const isName = place.path === DATA && isAttribute(path, 'Name');
      const groups = isName ? comparisons.map((each) => [each]) : [comparisons];
      return groups.flatMap((group) => this.#path(path.steps, place, factOf(group)));
    });
    const rest = others.flatMap((operand) => this.expression(operand, place));
    return [...compared, ...rest].slice(0, TERMS_MAX);
  }

  #path([step, ...rest]: readonly Step[], place: Place, fact: Fact | null): Term[] {
    if (step === undefined) {
      if (fact === null) return [[{ nodes: [], leaf: null, fact }]];
      return isLeaf(place) ? [[{ nodes: [], leaf: 'value', fact }]] : [];
    }
    if (step.to === 'element') {
      return elementsBelow(place, step).flatMap((below) => this.#element(step, rest, below, fact));
    }
    if (step.predicates.length > 0) return [];
    if (step.to === 'text') {
      if (!isLeaf(place)) return [];
      const hasText: Demand = { nodes: [], leaf: 'value', fact: HAS_TEXT };
      return [fact === null ? [hasText] : [hasText, { nodes: [], leaf: 'value', fact }]];
    }
    if (!hasAttribute(place, step.name)) return [];
    return [[{ nodes: [], leaf: `@${step.name}`, fact }]];
  }

  #element(step: Step, rest: readonly Step[], place: Place, fact: Fact | null): Term[] {
    const inner = product([
      ...step.predicates.map((predicate, i) => this.#predicate(predicate, place, i === 0)),
      this.#path(rest, place, fact),
    ]);
    return inner.flatMap((term): Term[] => {
      const node = this.#node(step, place, term);
      if (node === null) return [];
      return [
        term
          .filter(({ position }) => position === undefined)
          .map((demand) => ({ ...demand, nodes: [node, ...demand.nodes] })),
      ];
    });
  }

  #predicate(predicate: Predicate, place: Place, isFirst: boolean): Term[] {
    const terms: Term[] =
      predicate.kind === 'ordinal'
        ? [[{ ...HERE, position: (position) => position === predicate.position }]]
        : this.expression(predicate, place);
    if (isFirst) return terms;
    // Counted among those an earlier predicate kept, of which there will be one.
    return terms
      .filter((term) => term.every(({ position }) => position?.(1) !== false))
      .map((term) => term.filter(({ position }) => position === undefined));
  }

  /** The element that all demands of the term are made of; `null` when there cannot be one. */
  #node({ name }: Step, { path }: Place, term: Term): DemandedNode | null {
    const positions = term.flatMap(({ position }) => position ?? []);
    if (path !== DATA) {
      const isOnly = positions.every((position) => position(1));
      return isOnly ? { path, name, which: '' } : null;
    }
    const dataName = nameIn(term);
    if (positions.length > 0) {
      // Values that are asked for by name and by number at once are left to others.
      const position = dataName === null ? firstPosition(positions) : null;
      return position === null ? null : { path, name, which: `#${position}`, position };
    }
    const which = dataName === null ? `+${this.#nextId()}` : `=${dataName.toLowerCase()}`;
    return { path, name, which };
  }
}

const HERE: Demand = { nodes: [], leaf: null, fact: null };

const HAS_TEXT: Fact = {
  test: ({ text }) => text !== '',
  listed: null,
  literals: [],
  masks: [],
  size: 1,
  distances: [],
};

function positionDemand(expression: Expression): Demand {
  const condition = buildCondition(expression, 'ignore');
  const position = condition.kind === 'position' ? condition.test.bind(condition) : () => false;
  return { ...HERE, position };
}

function isAttribute({ steps }: Path, name: string): boolean {
  const [step] = steps;
  return steps.length === 1 && step?.to === 'attribute' && step.name === name;
}

/** The name a term asks a value of EventData to have; `null` when it leaves that open. */
function nameIn(term: Term): string | null {
  for (const { nodes, leaf, fact } of term) {
    const [name, ...others] = fact?.listed?.values() ?? [];
    if (nodes.length === 0 && leaf === '@Name' && others.length === 0 && name !== undefined) {
      return name;
    }
  }
  return null;
}

/** The first of the positions that all accept. */
function firstPosition(accept: readonly ((position: number) => boolean)[]): number | null {
  for (let position = 1; position <= POSITION_MAX; position++) {
    if (accept.every((test) => test(position))) return position;
  }
  return null;
}

/** Terms that hold all demands of one term of each list. */
function product(lists: readonly (readonly Term[])[]): Term[] {
  let terms: Term[] = [[]];
  for (const list of lists) {
    terms = terms
      .flatMap((term) => list.map((more) => [...term, ...more]))
      .filter(({ length }) => length <= DEMANDS_MAX)
      .slice(0, TERMS_MAX);
    if (terms.length === 0) return [];
  }
  return terms;
}

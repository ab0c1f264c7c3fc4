/**
 * The conditions of a query one by one, as its author wrote them, each asked of an event by
 * itself: for reports that tell which of them an event fulfils.
 *
 * A condition is asked in its place, along its path: what stands in the brackets of an element is
 * asked of that element. In `*[System[EventID=1 and Level=2]]`, `EventID=1` alone is
 * `*[System[EventID=1]]`. What counts positions is one condition, as parts of it would count
 * other nodes.
 */
import type { Comparison, Expression, Junction, Path, Step } from './ast.ts';
import { pathOf } from './check/walk.ts';
import { buildCondition } from './condition/build-condition.ts';
import type { PathCondition, QueryCondition } from './condition/query-condition.ts';
import type { EventQuery } from './parse-event-query.ts';
import { printExpression, printPath } from './print-expression.ts';
import type { StringCase } from './value/comparison.ts';

export type WrittenCondition = JoinedConditions | SingleCondition;

interface AskedAlone {
  /** As written, without what does not matter; brackets around the whole are left out. */
  readonly text: string;
  /** The query with only this left of it. */
  readonly alone: QueryCondition;
  /** The query up to here: with what stands before it and is joined to it by `and`. */
  readonly inTurn: QueryCondition;
}

export interface JoinedConditions extends AskedAlone {
  readonly kind: 'and' | 'or';
  /** At least two, in the order of the text. */
  readonly members: readonly WrittenCondition[];
}

export interface SingleCondition extends AskedAlone {
  readonly kind: 'single';
  /** The nodes it looks at, from the root on; `null`: not those of one path. */
  readonly nodes: PathCondition | null;
  /** Their path below the event; `Event` for the event itself. */
  readonly nodesText: string;
}

/** Members of a junction that are listed; the last stands for those beyond. */
const MEMBERS_MAX = 40;
/** Junctions that are taken apart: each condition is as large as the query up to it. */
const JUNCTIONS_MAX = 200;

export function listConditions(query: EventQuery, stringCase: StringCase): WrittenCondition {
  const { expression } = query;
  const place: Place = { steps: [], inTurn: (inner) => inner };
  return new Lister(stringCase).list(expression, place, printExpression(expression));
}

/** Where a condition is asked: of a node that is reached by these steps. */
interface Place {
  readonly steps: readonly Step[];
  /** The query up to the condition. */
  inTurn(condition: Expression): Expression;
}

/** A condition that is a part of another. */
interface Part {
  readonly expression: Expression;
  readonly place: Place;
  readonly text: string;
  /** Not to be taken apart again. */
  readonly isWhole?: boolean;
}

class Lister {
  readonly #stringCase: StringCase;
  #junctions = 0;

  constructor(stringCase: StringCase) {
    this.#stringCase = stringCase;
  }

  list(expression: Expression, place: Place, text: string): WrittenCondition {
    const parts = partsOf(expression, place);
    const [first] = parts;
    if (first !== undefined && parts.length === 1) {
      return this.list(first.expression, first.place, first.text);
    }
    if (first === undefined || this.#junctions === JUNCTIONS_MAX) {
      return this.#single(expression, place, text);
    }
    this.#junctions++;
    return {
      kind: expression.kind === 'or' ? 'or' : 'and',
      ...this.#asked(expression, place, text),
      members: parts.map((part) => this.#member(part)),
    };
  }

  #member({ expression, place, text, isWhole }: Part): WrittenCondition {
    return isWhole === true
      ? this.#single(expression, place, text)
      : this.list(expression, place, text);
  }

  #asked(expression: Expression, place: Place, text: string): AskedAlone {
    return {
      text,
      alone: this.#condition(askedAt(place.steps, expression)),
      inTurn: this.#condition(place.inTurn(expression)),
    };
  }

  #single(expression: Expression, place: Place, text: string): SingleCondition {
    const asked = this.#asked(expression, place, text);
    const isJoined = expression.kind === 'or' || expression.kind === 'and';
    const path = isJoined ? null : pathOf(expression);
    if (isJoined || path === null) {
      return { kind: 'single', ...asked, nodes: null, nodesText: '' };
    }
    const whole: Path = { ...path, steps: [...place.steps, ...path.steps] };
    return {
      kind: 'single',
      ...asked,
      alone: this.#condition(withPath(expression, whole)),
      nodes: this.#condition(whole) as PathCondition,
      nodesText: printPath(whole.steps.slice(1)) || 'Event',
    };
  }

  #condition(expression: Expression): QueryCondition {
    return buildCondition(expression, this.#stringCase);
  }
}

/** What a condition consists of; nothing where it cannot be taken apart. */
function partsOf(expression: Expression, place: Place): Part[] {
  switch (expression.kind) {
    case 'or':
    case 'and':
      return partsOfJunction(expression, place);
    case 'path':
      return partsOfPath(expression, expression, place);
    case 'comparison':
      return expression.left.kind === 'path' ? partsOfPath(expression, expression.left, place) : [];
    default:
      return [];
  }
}

function partsOfJunction({ kind, operands }: Junction, place: Place): Part[] {
  const placeOf = (at: number): Place =>
    kind === 'or' || at === 0 ? place : joinedPlace(place, operands.slice(0, at));
  const rest = operands.slice(MEMBERS_MAX);
  // One more is listed as it is.
  const listed = rest.length <= 1 ? operands : operands.slice(0, MEMBERS_MAX);
  const parts = listed.map((expression, i): Part => {
    return { expression, place: placeOf(i), text: printExpression(expression) };
  });
  if (listed === operands) return parts;
  const more: Part = {
    expression: { kind, operands: rest },
    place: placeOf(MEMBERS_MAX),
    text: `(${rest.length} more)`,
    isWhole: true,
  };
  return [...parts, more];
}

function joinedPlace(place: Place, before: readonly Expression[]): Place {
  return {
    steps: place.steps,
    inTurn: (inner) => place.inTurn({ kind: 'and', operands: [...before, inner] }),
  };
}

/**
 * Brackets along a path join conditions as `and` does: those of each step, and at the end what
 * the path itself asks for. The brackets of the last step belong to a comparison with it, as in
 * `Data[@Name='LogonType']=10`.
 */
function partsOfPath(whole: Path | Comparison, path: Path, place: Place): Part[] {
  const { steps } = path;
  if (steps.some(isPositional)) return [];
  const last = steps.length - 1;
  const bracketed = whole.kind === 'comparison' ? last : steps.length;
  const parts = steps.slice(0, bracketed).flatMap((_, i) => partsOfStep(path, i, place));
  if (parts.length === 0) return [];
  if (whole.kind === 'path' && steps[last]!.predicates.length > 0) return parts;
  const bare = { ...path, steps: [...steps.slice(0, last).map(withoutPredicates), steps[last]!] };
  const expression = withPath(whole, bare);
  const end = { steps: place.steps, inTurn: () => place.inTurn(whole) };
  return [...parts, { expression, place: end, text: printExpression(expression) }];
}

function partsOfStep(path: Path, at: number, place: Place): Part[] {
  const { steps } = path;
  const step = steps[at]!;
  const bare = steps.slice(0, at + 1).map(withoutPredicates);
  return step.predicates.flatMap((predicate, i): Part[] => {
    if (predicate.kind === 'ordinal') return [];
    const predicatesBefore = step.predicates.slice(0, i);
    const isEvent = place.steps.length === 0 && at === 0;
    return [
      {
        expression: predicate,
        text: isEvent ? printExpression(predicate) : printExpression(bracketedAt(bare, predicate)),
        place: {
          steps: [...place.steps, ...bare],
          inTurn: (inner) =>
            place.inTurn({
              ...path,
              steps: [...steps.slice(0, at), { ...step, predicates: [...predicatesBefore, inner] }],
            }),
        },
      },
    ];
  });
}

/** A condition asked of the node that these steps reach; of the root where there is none. */
function askedAt(steps: readonly Step[], condition: Expression): Expression {
  return steps.length === 0 ? condition : bracketedAt(steps, condition);
}

function bracketedAt(steps: readonly Step[], condition: Expression): Path {
  const last = steps.at(-1)!;
  return {
    kind: 'path',
    offset: last.offset,
    steps: [...steps.slice(0, -1), { ...last, predicates: [condition] }],
  };
}

function withoutPredicates(step: Step): Step {
  return { ...step, predicates: [] };
}

/** The same condition about the nodes of another path. */
function withPath<C extends Exclude<Expression, Junction>>(condition: C, path: Path): Expression {
  switch (condition.kind) {
    case 'path':
      return path;
    case 'comparison':
      return { ...condition, left: withPath(condition.left, path) as Comparison['left'] };
    case 'position':
      return condition;
    default:
      return { ...condition, path };
  }
}

/** Its brackets ask for positions among its nodes. */
function isPositional({ predicates }: Step): boolean {
  return predicates.some((predicate) => predicate.kind === 'ordinal' || asksPosition(predicate));
}

function asksPosition(expression: Expression): boolean {
  switch (expression.kind) {
    case 'or':
    case 'and':
      return expression.operands.some(asksPosition);
    case 'comparison':
      return expression.left.kind === 'position';
    default:
      return expression.kind === 'position';
  }
}

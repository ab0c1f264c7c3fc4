/**
 * The tree of a query → its clauses. What is asked in the brackets of an element is asked of the
 * event, wherever that is the same: of an element that an event has once, or if nothing else is
 * asked of the element. Everything else becomes a clause that is said by its text.
 */
import type {
  BandCall,
  Comparison,
  Expression,
  Path,
  Predicate,
  Step,
  TimeDifferenceCall,
} from '../../xpath/ast.ts';
import { enter, type Place, ROOT } from '../../xpath/check/single-values.ts';
import { allConditionsOf, conditionsOf } from '../../xpath/check/walk.ts';
import { compileBooleanComparison } from '../../xpath/value/function-result.ts';
import { readLiteral } from '../../xpath/value/literal.ts';
import { type Clause, joinClauses, type LeafTest } from './clause.ts';

/** Expects a query that was parsed without errors, which bounds how deep this recurses. */
export function clausesOf(query: Expression): Clause {
  return clauseOf(query, { steps: [], place: ROOT });
}

/** The node that is asked. */
interface Context {
  readonly steps: readonly Step[];
  /** `null`: there may be several such nodes. */
  readonly place: Place;
}

function clauseOf(expression: Expression, context: Context): Clause {
  switch (expression.kind) {
    case 'or':
      return joinClauses(
        'any',
        expression.operands.map((operand) => clauseOf(operand, context)),
      );
    case 'and':
      if (context.place === null) return inText(expression, context);
      return joinClauses(
        'all',
        expression.operands.map((operand) => clauseOf(operand, context)),
      );
    case 'path':
      return pathClause(expression, context, { kind: 'exists' }, (path) => path);
    case 'comparison':
      return comparisonClause(expression, context);
    case 'band':
      return bandClause(expression, context);
    default:
      return inText(expression, context);
  }
}

function comparisonClause(comparison: Comparison, context: Context): Clause {
  const { left, operator, right } = comparison;
  switch (left.kind) {
    case 'path': {
      const test: LeafTest =
        operator === '!='
          ? { kind: 'is none', of: [right] }
          : { kind: 'is', of: [{ kind: 'bound', operator, constant: right }] };
      return pathClause(left, context, test, (path) => ({ ...comparison, left: path }));
    }
    case 'band':
      return comparedBandClause(comparison, left, context);
    case 'timediff':
      return ageClause(comparison, left, context);
    case 'position':
      return inText(comparison, context);
  }
}

function bandClause(call: BandCall, context: Context): Clause {
  const test: LeafTest = { kind: 'bits', mask: call.mask, isShared: true };
  return pathClause(call.path, context, test, (path) => ({ ...call, path }));
}

function comparedBandClause(comparison: Comparison, call: BandCall, context: Context): Clause {
  const holds = compileBooleanComparison(comparison.operator, readLiteral(comparison.right));
  if (holds(true) === holds(false)) return inText(comparison, context);
  if (holds(true)) return bandClause(call, context);
  // That no value shares a bit cannot be asked of one node after the other.
  const isPlain = call.path.steps.every(({ predicates }) => predicates.length === 0);
  if (context.place === null || !isPlain) return inText(comparison, context);
  const test: LeafTest = { kind: 'bits', mask: call.mask, isShared: false };
  return pathClause(call.path, context, test, (path) => ({
    ...comparison,
    left: { ...call, path },
  }));
}

function ageClause(comparison: Comparison, call: TimeDifferenceCall, context: Context): Clause {
  const { operator, right } = comparison;
  const test: LeafTest = { kind: 'age', operator, than: right, until: call.until };
  return pathClause(call.path, context, test, (path) => ({
    ...comparison,
    left: { ...call, path },
  }));
}

/** `ask` makes the condition of a path from the root of the log. */
function pathClause(
  path: Path,
  context: Context,
  test: LeafTest,
  ask: (path: Path) => Expression,
): Clause {
  const dissolved: Clause[] = [];
  let { steps, place } = context;
  for (const [i, step] of path.steps.entries()) {
    const bare = { ...step, predicates: [] };
    place = enterOnce(place, step);
    const inside: Context = { steps: [...steps, bare], place };
    const isLast = i === path.steps.length - 1;
    const predicates = step.predicates.filter(isCondition);
    if (predicates.length < step.predicates.length || predicates.some(asksPosition)) {
      steps = [...steps, step];
      place = null;
    } else if (place !== null && predicates.every((each) => isAlwaysThere(place) || !isNot(each))) {
      dissolved.push(...predicates.map((predicate) => clauseOf(predicate, inside)));
      if (isLast && test.kind === 'exists' && predicates.length > 0) {
        return joinClauses('all', dissolved);
      }
      steps = inside.steps;
    } else if (place === null && isLast && test.kind === 'exists' && predicates.length === 1) {
      return joinClauses('all', [...dissolved, ...predicates.map((p) => clauseOf(p, inside))]);
    } else steps = [...steps, step];
  }
  if (steps.length === 1 && test.kind === 'exists' && steps[0]?.predicates.length === 0) {
    return joinClauses('all', dissolved);
  }
  const asked = ask({ ...path, steps });
  const leaf: Clause = { kind: 'leaf', steps, isSingle: place !== null, test, asked };
  return joinClauses('all', [...dissolved, leaf]);
}

/** Beside what the event schema has once in `System`, an event has its data once. */
function enterOnce(place: Place, step: Step): Place {
  const isData = step.to === 'element' && (step.name === 'EventData' || step.name === 'UserData');
  if (place === EVENT && isData) return `${EVENT}/${step.name}`;
  return enter(place, step);
}

const EVENT = enter(ROOT, { to: 'element', name: null, predicates: [], offset: 0 });

/** Asked of what is always there, `not` is the same with and without its element. */
function isAlwaysThere(place: Place): boolean {
  return place === EVENT || place === `${EVENT}/System`;
}

/** Does it hold where a node is missing? A comparison of `band` can. */
function isNot(expression: Expression): boolean {
  return allConditionsOf(expression).some(
    (condition) => condition.kind === 'comparison' && condition.left.kind === 'band',
  );
}

function isCondition(predicate: Predicate): predicate is Expression {
  return predicate.kind !== 'ordinal';
}

function asksPosition(expression: Expression): boolean {
  return conditionsOf(expression).some(
    (condition) =>
      condition.kind === 'position' ||
      (condition.kind === 'comparison' && condition.left.kind === 'position'),
  );
}

function inText(expression: Expression, { steps, place }: Context): Clause {
  const last = steps.at(-1);
  const asked: Expression =
    last === undefined
      ? expression
      : {
          kind: 'path',
          steps: [...steps.slice(0, -1), { ...last, predicates: [expression] }],
          offset: last.offset,
        };
  return { kind: 'leaf', steps, isSingle: place !== null, test: { kind: 'text' }, asked };
}

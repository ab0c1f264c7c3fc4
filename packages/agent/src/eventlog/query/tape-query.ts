/**
 * A query as closures over the text of an event: the walk of the element tree, without the tree.
 * All values are strings, as XML has no types.
 */
import type {
  EventValue,
  PathCondition,
  QueryCondition,
  QueryStep,
  ValueCondition,
} from '@dcr-agent/schema/event-queries';
import type { EventXmlTape } from '../event-xml-tape.ts';

/** Whether the event on a tape is selected. */
export type TapeQuery = (tape: EventXmlTape, nowMs: number) => boolean;

export function compileTapeQuery(condition: QueryCondition): TapeQuery {
  const selects = compileCondition(condition);
  return (tape, nowMs) => selects(tape, ROOT, 1, nowMs);
}

/** A condition on a node, which is the `position`-th of those it is asked for. */
type NodeCondition = (tape: EventXmlTape, node: number, position: number, nowMs: number) => boolean;

type PathTest = (tape: EventXmlTape, element: number, nowMs: number) => boolean;

/** Where a query starts: its only child is the event. */
const ROOT = -2;
/** What a predicate on an attribute or a text sees: a node without anything below it. */
const CHILDLESS = -3;

function compileCondition(condition: QueryCondition): NodeCondition {
  switch (condition.kind) {
    case 'constant':
      return () => condition.holds;
    case 'position':
      return (_tape, _node, position) => condition.test(position);
    case 'not': {
      const holds = compileCondition(condition.of);
      return (tape, node, position, nowMs) => !holds(tape, node, position, nowMs);
    }
    case 'path': {
      const test = compilePath(condition, 0);
      return (tape, node, _position, nowMs) => test(tape, node, nowMs);
    }
    case 'all':
    case 'any': {
      const conditions = condition.of.map(compileCondition);
      // The member that decides: a true one for `any`, a false one for `all`.
      const deciding = condition.kind === 'any';
      return (tape, node, position, nowMs) =>
        conditions.some((holds) => holds(tape, node, position, nowMs) === deciding) === deciding;
    }
  }
}

function compilePath(path: PathCondition, at: number): PathTest {
  const step = path.steps[at];
  const { value } = path;
  if (step === undefined) {
    if (value === null) return () => true;
    return (tape, element, nowMs) => value.test(string(stringValue(tape, element)), nowMs);
  }
  switch (step.to) {
    case 'element':
      return compileChildStep(step, compilePath(path, at + 1));
    case 'attribute':
      return compileAttributeStep(step, value);
    case 'text':
      return compileTextStep(step, value);
  }
}

/** Begins a new pass over the nodes of a step: positions count from 1 again. */
type StepFilter = () => (tape: EventXmlTape, node: number, nowMs: number) => boolean;

function compileFilter({ predicates, isPositional }: QueryStep): StepFilter | null {
  if (predicates.length === 0) return null;
  const conditions = predicates.map(compileCondition);
  if (!isPositional) {
    const filter: ReturnType<StepFilter> = (tape, node, nowMs) =>
      conditions.every((holds) => holds(tape, node, 0, nowMs));
    return () => filter;
  }
  return () => {
    const counts = conditions.map(() => 0);
    return (tape, node, nowMs) =>
      conditions.every((holds, i) => {
        const position = (counts[i] ?? 0) + 1;
        counts[i] = position;
        return holds(tape, node, position, nowMs);
      });
  };
}

function compileChildStep(step: QueryStep, next: PathTest): PathTest {
  const { name } = step;
  const filter = compileFilter(step);
  return (tape, element, nowMs) => {
    if (element === CHILDLESS) return false;
    const isKept = filter === null ? null : filter();
    const first = element === ROOT ? 0 : tape.firstChild(element);
    for (let child = first; child >= 0; child = element === ROOT ? -1 : tape.nextSibling(child)) {
      if (name !== null && !tape.isNamed(child, name)) continue;
      if (isKept !== null && !isKept(tape, child, nowMs)) continue;
      if (next(tape, child, nowMs)) return true;
    }
    return false;
  };
}

function compileAttributeStep(step: QueryStep, value: ValueCondition | null): PathTest {
  const { name } = step;
  const filter = compileFilter(step);
  return (tape, element, nowMs) => {
    if (element < 0) return false;
    const isKept = filter === null ? null : filter();
    const end = tape.attributesEnd(element);
    for (let attribute = tape.firstAttribute(element); attribute < end; attribute++) {
      if (name !== null && !tape.isAttributeNamed(attribute, name)) continue;
      if (isKept !== null && !isKept(tape, CHILDLESS, nowMs)) continue;
      if (value === null || value.test(string(tape.attributeValue(attribute)), nowMs)) return true;
    }
    return false;
  };
}

function compileTextStep(step: QueryStep, value: ValueCondition | null): PathTest {
  const filter = compileFilter(step);
  return (tape, element, nowMs) => {
    const text = element < 0 ? '' : withoutTerminator(tape.value(element));
    if (text === '') return false;
    if (filter !== null && !filter()(tape, CHILDLESS, nowMs)) return false;
    return value === null || value.test(string(tape.value(element)), nowMs);
  };
}

/** The value of a leaf; of an element with children, the texts below it, as XPath has it. */
function stringValue(tape: EventXmlTape, element: number): string {
  if (element < 0) return '';
  let child = tape.firstChild(element);
  if (child < 0) return tape.value(element);
  let text = '';
  for (; child >= 0; child = tape.nextSibling(child)) text += stringValue(tape, child);
  return text;
}

/** A text may end in NUL, which is no part of it. */
function withoutTerminator(text: string): string {
  return text.replace(/\0+$/, '');
}

function string(text: string): EventValue {
  return { type: 'string', text };
}

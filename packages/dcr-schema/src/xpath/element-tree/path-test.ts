/**
 * Paths over the element tree: "is there a node on this path for which `test` holds?" A path is
 * compiled from its last step to its first into nested closures that stop at the first such node.
 */
import type { Step } from '../ast.ts';
import type { EventElement, EventValue } from '../event.ts';
import { storedText } from '../value/comparison.ts';
import type { StepFilter } from './step-filter.ts';

/** A test of the node a path ends at. `nowMs`: epoch milliseconds. */
export type NodeTest = (value: EventValue, nowMs: number) => boolean;

/** Whether a path that starts at this element reaches a node its test accepts. */
export type PathTest = (context: EventElement, nowMs: number) => boolean;

export interface CompiledStep {
  readonly to: Step['to'];
  readonly name: string | null;
  /** `null`: every node of that name is kept. */
  readonly filter: StepFilter | null;
}

/** A path from an element. `test` being null, existence is enough. */
export function compilePathTest(steps: readonly CompiledStep[], test: NodeTest | null): PathTest {
  const [step, ...rest] = steps;
  if (step === undefined) {
    return test === null ? () => true : (element, nowMs) => test(stringValue(element), nowMs);
  }
  switch (step.to) {
    case 'element':
      return compileChildStep(step, compilePathTest(rest, test));
    case 'attribute':
      return compileAttributeStep(step, test);
    case 'text':
      return compileTextStep(step, test);
  }
}

function compileChildStep({ name, filter }: CompiledStep, next: PathTest): PathTest {
  return (context, nowMs) => {
    const isKept = filter === null ? null : filter();
    for (const child of context.children) {
      if (name !== null && child.name !== name) continue;
      if (isKept !== null && !isKept(child, nowMs)) continue;
      if (next(child, nowMs)) return true;
    }
    return false;
  };
}

function compileAttributeStep({ name, filter }: CompiledStep, test: NodeTest | null): PathTest {
  return (context, nowMs) => {
    const isKept = filter === null ? null : filter();
    for (const attribute of context.attributes) {
      if (name !== null && attribute.name !== name) continue;
      if (isKept !== null && !isKept(CHILDLESS, nowMs)) continue;
      if (test === null || test(attribute.value, nowMs)) return true;
    }
    return false;
  };
}

function compileTextStep({ filter }: CompiledStep, test: NodeTest | null): PathTest {
  return ({ value }, nowMs) => {
    if (value === null || storedText(value) === '') return false;
    if (filter !== null && !filter()(CHILDLESS, nowMs)) return false;
    return test === null || test(value, nowMs);
  };
}

/** What a predicate on an attribute or a text sees: a node without anything below it. */
const CHILDLESS: EventElement = { name: '', attributes: [], children: [], value: null };

const EMPTY: EventValue = { type: 'string', text: '' };

/** The value of a leaf; of an element with children, the texts below it, as XPath has it. */
function stringValue(element: EventElement): EventValue {
  if (element.value !== null) return element.value;
  if (element.children.length === 0) return EMPTY;
  return { type: 'string', text: element.children.map((c) => stringValue(c).text).join('') };
}

/**
 * A query resolved against a template. All that the instances of a template have in common is
 * decided once: names, literal attributes, where each value is stored. What remains per event
 * looks at the stored values, and renders nothing.
 *
 * Undecided, so asked of the tree: positions, the text of elements with children, and
 * whatever was written without a template.
 */
import type {
  EventValue,
  PathCondition,
  QueryCondition,
  QueryStep,
  ValueCondition,
} from '@dcr-agent/schema/event-queries';
import type { AttributeNode, ContentNode, ElementNode, Template } from '../binxml-template.ts';
import { isAbsent } from '../event-rules.ts';
import { perTemplate } from '../per-template.ts';
import { VALUE_TYPE } from '../value-type.ts';
import { attributeTest, literalTest, textTest, valueTest } from './slot-test.ts';
import {
  allOf,
  anyOf,
  constantTest,
  type InstanceTest,
  NO,
  negated,
  never,
  undecided,
} from './verdict.ts';

/** Values that every instance asked has, by slot: what depends on them only is decided. */
export type KnownValues = ReadonlyMap<number, EventValue>;

const NOTHING_KNOWN: KnownValues = new Map();

/** Whether an event is selected that is stored as an instance of the template. */
export function compileTemplateQuery(
  condition: QueryCondition,
  { guid, roots }: Template,
  known: KnownValues = NOTHING_KNOWN,
): InstanceTest {
  const [event] = roots;
  // Without a definition a template is used once: resolving it costs more than its tree.
  if (guid === null || roots.length !== 1 || event?.kind !== 'element') return undecided;
  return new Resolver(known).condition(condition, roots, null);
}

class Resolver {
  readonly #known: KnownValues;

  constructor(known: KnownValues) {
    this.#known = known;
  }

  /** A condition on a node with these children; a leaf's own value is asked of its element. */
  condition(
    condition: QueryCondition,
    children: readonly ContentNode[],
    element: ElementNode | null,
  ): InstanceTest {
    switch (condition.kind) {
      case 'constant':
        return constantTest(condition.holds);
      case 'position':
        return undecided;
      case 'not':
        return negated(this.condition(condition.of, children, element));
      case 'all':
        return allOf(this.#each(condition.of, children, element, never));
      case 'any':
        return anyOf(condition.of.map((inner) => this.condition(inner, children, element)));
      case 'path':
        return this.path(condition, 0, children, element);
    }
  }

  /** Ends at the first member that decides, as most queries fail at their first condition. */
  #each(
    conditions: readonly QueryCondition[],
    children: readonly ContentNode[],
    element: ElementNode | null,
    deciding: InstanceTest,
  ): InstanceTest[] {
    const tests: InstanceTest[] = [];
    for (const condition of conditions) {
      const test = this.condition(condition, children, element);
      if (test === deciding) return [deciding];
      tests.push(test);
    }
    return tests;
  }

  /** From the `at`-th step on, which starts at a node with these children. */
  path(
    path: PathCondition,
    at: number,
    children: readonly ContentNode[],
    element: ElementNode | null,
  ): InstanceTest {
    const step = path.steps[at];
    if (step === undefined) return element === null ? undecided : this.#end(element, path.value);
    if (step.to === 'element') {
      return anyOf(children.map((child) => this.child(path, step, at, child)));
    }
    // A predicate on an attribute or a text sees a node without anything below it.
    if (element === null || step.predicates.length > 0) return undecided;
    if (step.to === 'text') return textTest(element, path.value);
    const matching = element.attributes.filter(
      (attribute) => !attribute.isNamespace && isNamed(attribute, step),
    );
    return anyOf(matching.map((attribute) => attributeTest(attribute, path.value)));
  }

  child(path: PathCondition, step: QueryStep, at: number, child: ContentNode): InstanceTest {
    switch (child.kind) {
      case 'text':
        return never;
      case 'element':
        return isNamed(child, step) ? this.#element(path, step, at, child) : never;
      case 'fragment': {
        const { instance } = child;
        const test = fragmentTest(path, step, at, instance.template);
        return test === never ? never : (_outer, nowMs) => test(instance, nowMs);
      }
      case 'slot':
        return slotTest(path, step, at, child.slot);
    }
  }

  #element(path: PathCondition, step: QueryStep, at: number, element: ElementNode): InstanceTest {
    if (step.isPositional) return undecided;
    const { children, dependencySlot } = element;
    const predicates = this.#each(step.predicates, children, element, never);
    if (predicates.includes(never)) return never;
    const test = allOf([...predicates, this.path(path, at + 1, children, element)]);
    if (dependencySlot < 0 || test === never) return test;
    return (instance, nowMs) => (isAbsent(instance, dependencySlot) ? NO : test(instance, nowMs));
  }

  #end(element: ElementNode, value: ValueCondition | null): InstanceTest {
    if (value === null) return constantTest(true);
    const [only] = element.children;
    if (element.contentSlot >= 0) {
      const known = this.#known.get(element.contentSlot);
      // What a test without a meaning answers may depend on the time.
      const isConstant = known !== undefined && value.meaning !== null;
      return isConstant
        ? constantTest(value.test(known, 0))
        : valueTest(element.contentSlot, value);
    }
    if (only === undefined) return literalTest('', value);
    const isText = element.children.length === 1 && only.kind === 'text';
    return isText ? literalTest(only.text, value) : undecided;
  }
}

/** Elements in a slot are those of a fragment; any other value has none. */
function slotTest(path: PathCondition, step: QueryStep, at: number, slot: number): InstanceTest {
  const testOf = perTemplate((template) =>
    template.guid === null ? undecided : fragmentTest(path, step, at, template),
  );
  return (instance, nowMs) => {
    if (instance.type(slot) !== VALUE_TYPE.fragment) return NO;
    const fragment = instance.fragment(slot);
    return fragment === undefined ? NO : testOf(fragment.template)(fragment, nowMs);
  };
}

/** Slots of a fragment are its own, so nothing is known of them. */
function fragmentTest(
  path: PathCondition,
  step: QueryStep,
  at: number,
  { roots }: Template,
): InstanceTest {
  const resolver = new Resolver(NOTHING_KNOWN);
  return anyOf(roots.map((root) => resolver.child(path, step, at, root)));
}

function isNamed({ name }: ElementNode | AttributeNode, step: QueryStep): boolean {
  return step.name === null || step.name === name;
}

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
} from '@dcr-agent/schema/event-queries';
import type { AttributeNode, ContentNode, ElementNode, Template } from '../binxml-template.ts';
import { isAbsent } from '../event-rules.ts';
import { perTemplate } from '../per-template.ts';
import { VALUE_TYPE } from '../value-type.ts';
import type { ResolutionObserver, TreeReason } from './resolution-observer.ts';
import { attributeTest, literalTest, textTest, valueTest } from './slot-test.ts';
import {
  allOf,
  always,
  anyOf,
  constantTest,
  type InstanceTest,
  NO,
  negated,
  never,
  undecided,
} from './verdict.ts';

export type KnownValues = ReadonlyMap<number, EventValue>;

/** What every instance asked has, by slot: what depends on that only is decided. */
export interface KnownContent {
  readonly values?: KnownValues;
  /** Of the elements in a slot. */
  readonly templates?: ReadonlyMap<number, Template>;
}

const NOTHING_KNOWN: KnownContent = {};

/**
 * Whether an event is selected that is stored as an instance of the template. An observer is told
 * meanwhile what it comes to.
 */
export function compileTemplateQuery(
  condition: QueryCondition,
  { guid, roots }: Template,
  known: KnownContent = NOTHING_KNOWN,
  observer: ResolutionObserver | null = null,
): InstanceTest {
  const resolver = new Resolver(known, observer);
  const [event] = roots;
  // Without a definition a template is used once: resolving it costs more than its tree.
  const isDefined = guid !== null && roots.length === 1 && event?.kind === 'element';
  return isDefined ? resolver.condition(condition, roots, null) : resolver.askTree('no template');
}

class Resolver {
  readonly #known: KnownContent;
  readonly #observer: ResolutionObserver | null;

  constructor(known: KnownContent, observer: ResolutionObserver | null) {
    this.#known = known;
    this.#observer = observer;
  }

  askTree(why: TreeReason): InstanceTest {
    this.#observer?.asksTree(why);
    return undecided;
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
        return this.askTree('position');
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
    if (step === undefined) {
      return element === null ? this.askTree('no template') : this.#end(element, path);
    }
    if (step.to === 'element') {
      return anyOf(children.map((child) => this.child(path, step, at, child)));
    }
    // A predicate on an attribute or a text sees a node without anything below it.
    if (element === null || step.predicates.length > 0) return this.askTree('brackets of a leaf');
    if (step.to === 'text') {
      this.#observer?.reads(path, element.children);
      return textTest(element, path.value);
    }
    const matching = element.attributes.filter(
      (attribute) => !attribute.isNamespace && isNamed(attribute, step),
    );
    for (const { parts } of matching) this.#observer?.reads(path, parts);
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
        const inside = this.#observer?.inside(instance.template, null) ?? null;
        const test = fragmentTest(path, step, at, instance.template, inside);
        return test === never ? never : (_outer, nowMs) => test(instance, nowMs);
      }
      case 'slot': {
        const template = this.#known.templates?.get(child.slot);
        if (template === undefined) return slotTest(path, step, at, child.slot);
        return this.#knownFragment(path, step, at, child.slot, template);
      }
    }
  }

  #knownFragment(
    path: PathCondition,
    step: QueryStep,
    at: number,
    slot: number,
    template: Template,
  ): InstanceTest {
    if (template.guid === null) return this.askTree('no template');
    const inside = this.#observer?.inside(template, slot) ?? null;
    const test = fragmentTest(path, step, at, template, inside);
    if (test === never || test === always || test === undecided) return test;
    return (instance, nowMs) => {
      const fragment = instance.fragment(slot);
      return fragment === undefined ? NO : test(fragment, nowMs);
    };
  }

  #element(path: PathCondition, step: QueryStep, at: number, element: ElementNode): InstanceTest {
    if (step.isPositional) return this.askTree('position');
    const { children, dependencySlot } = element;
    const predicates = this.#each(step.predicates, children, element, never);
    if (predicates.includes(never)) return never;
    const test = allOf([...predicates, this.path(path, at + 1, children, element)]);
    if (dependencySlot < 0 || test === never) return test;
    this.#observer?.dependsOn(path, dependencySlot);
    return (instance, nowMs) => (isAbsent(instance, dependencySlot) ? NO : test(instance, nowMs));
  }

  #end(element: ElementNode, path: PathCondition): InstanceTest {
    const { value } = path;
    if (value === null) return constantTest(true);
    this.#observer?.reads(path, element.children);
    const [only] = element.children;
    if (element.contentSlot >= 0) {
      const known = this.#known.values?.get(element.contentSlot);
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
    template.guid === null ? undecided : fragmentTest(path, step, at, template, null),
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
  observer: ResolutionObserver | null,
): InstanceTest {
  const resolver = new Resolver(NOTHING_KNOWN, observer);
  return anyOf(roots.map((root) => resolver.child(path, step, at, root)));
}

function isNamed({ name }: ElementNode | AttributeNode, step: QueryStep): boolean {
  return step.name === null || step.name === name;
}

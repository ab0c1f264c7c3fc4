/** Which stored values a condition looks at in the events of one kind, as the compiler tells. */
import type {
  PathCondition,
  QueryCondition,
  SingleCondition,
} from '@dcr-agent/schema/event-queries';
import type { ContentNode, Template } from '../../../eventlog/binxml-template.ts';
import type {
  ResolutionObserver,
  TreeReason,
} from '../../../eventlog/query/resolution-observer.ts';
import { compileTemplateQuery } from '../../../eventlog/query/template-query.ts';
import { always, never } from '../../../eventlog/query/verdict.ts';
import { ARRAY_FLAG, VALUE_TYPE } from '../../../eventlog/value-type.ts';
import { clipped } from '../../../nearest-miss/clipped.ts';
import type { StoredShape } from '../../../nearest-miss/event-kinds.ts';

const PATH_CHARACTERS_MAX = 100;

export interface AskedValues {
  /** `System/EventID = slot 3 (uint16)`: the same for all conditions about the same values. */
  readonly text: string;
  /**
   * EventID is looked up before any query is asked, and what needs the tree is asked when stored
   * values have not decided; the rest has the order of the query.
   */
  readonly turn: 'first' | 'in order' | 'last';
}

export function askedValues(condition: SingleCondition, shape: StoredShape): AskedValues {
  const text = clipped(condition.text);
  const path = pathIn(condition.alone);
  if (path === null) return { text: `${text}: taken together`, turn: 'in order' };
  const found = new Found();
  const known = { templates: knownTemplates(shape) };
  const observer = observerOf(shape, '', path, found);
  const test = compileTemplateQuery(path, shape.template, known, observer);
  if (test === always) return { text: `${text}: decided once, always holds`, turn: 'in order' };
  if (test === never) {
    const instead = found.literal();
    return { text: `${text}: decided once, never matches${instead}`, turn: 'in order' };
  }
  const { nodesText } = condition;
  const isEventId = nodesText === 'System/EventID' && found.slots.size > 0;
  return {
    text: clipped(nodesText, PATH_CHARACTERS_MAX) + found.text() + (isEventId ? ', looked up' : ''),
    turn: isEventId ? 'first' : found.reasons.size > 0 ? 'last' : 'in order',
  };
}

/** The path of a condition that is about one. */
function pathIn(condition: QueryCondition): PathCondition | null {
  switch (condition.kind) {
    case 'path':
      return condition;
    case 'not':
      return pathIn(condition.of);
    case 'all':
      return condition.of.map(pathIn).find((path) => path !== null) ?? null;
    default:
      return null;
  }
}

/** The templates of the elements in slots, which events of one kind have in common. */
export function knownTemplates({ fragments }: StoredShape): ReadonlyMap<number, Template> {
  return new Map([...fragments].map(([slot, { template }]) => [slot, template]));
}

/** `slot 3 (uint16)`; `where` tells of which template, if not the event's. */
export function slotText({ types }: StoredShape, slot: number, where = ''): string {
  const type = types === null ? '' : ` (${typeName(types[slot])})`;
  return `slot ${slot}${where}${type}`;
}

/** What a condition comes to, in the order in which it was found. */
class Found {
  readonly reasons = new Set<string>();
  readonly slots = new Set<string>();
  readonly literals = new Set<string>();
  readonly dependencies = new Set<string>();

  text(): string {
    const { reasons, slots, dependencies } = this;
    if (reasons.size > 0) return `: asked of the element tree, as ${[...reasons].join(', ')}`;
    if (slots.size > 0) return ` = ${[...slots].join(', ')}`;
    const literal = this.literal() || ': in the template';
    return `${literal}, unless NULL stands in ${[...dependencies].join(', ')}`;
  }

  /** The value that stands in the template, where it is one only. */
  literal(): string {
    const [only, ...more] = this.literals;
    return only === undefined || more.length > 0 ? '' : `: ${only} in the template`;
  }
}

const TEXT_BELOW = 'the text of an element with children is compared';

const REASONS: Readonly<Record<TreeReason, string>> = {
  position: 'positions count',
  'no template': 'it was written without a template',
  'brackets of a leaf': 'brackets stand behind an attribute or text()',
};

/** `own` is the path of the condition itself; others stand in its brackets. */
function observerOf(
  shape: StoredShape,
  where: string,
  own: PathCondition,
  found: Found,
): ResolutionObserver {
  return {
    reads(path, content) {
      const [only] = content;
      if (content.length > 1) found.reasons.add(TEXT_BELOW);
      else if (only?.kind === 'slot') addSlot(only.slot);
      else if (only?.kind === 'fragment' || only?.kind === 'element') {
        found.reasons.add(TEXT_BELOW);
      } else if (path === own) found.literals.add(literalText(only));
    },
    dependsOn(path, slot) {
      if (path === own) found.dependencies.add(slotText(shape, slot, where));
    },
    asksTree(why) {
      found.reasons.add(REASONS[why]);
    },
    inside(template, slot) {
      const inner = slot === null ? undefined : shape.fragments.get(slot);
      const none: StoredShape = { template, types: null, fragments: new Map() };
      return observerOf(inner ?? none, ` of the ${rootName(template)} template`, own, found);
    },
  };

  function addSlot(slot: number): void {
    if (shape.types?.[slot] === VALUE_TYPE.fragment) {
      found.reasons.add(TEXT_BELOW);
    } else {
      found.slots.add(slotText(shape, slot, where));
    }
  }
}

function literalText(node: ContentNode | undefined): string {
  return `'${clipped(node?.kind === 'text' ? node.text : '')}'`;
}

function rootName({ roots }: Template): string {
  const root = roots.find((node) => node.kind === 'element');
  return clipped(root?.kind === 'element' ? root.name : 'nested');
}

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(VALUE_TYPE).map(([name, type]) => [type, name === 'null' ? 'NULL' : name]),
);

/** Of the first event of its kind; a slot beyond its values counts as NULL. */
function typeName(type: number = VALUE_TYPE.null): string {
  const isArray = (type & ARRAY_FLAG) !== 0;
  const name = TYPE_NAMES.get(type & ~ARRAY_FLAG) ?? `type ${type & ~ARRAY_FLAG}`;
  return isArray ? `array of ${name}` : name;
}

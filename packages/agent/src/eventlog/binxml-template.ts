/**
 * The compiled form of binary XML. A template definition is parsed once into an immutable
 * `Template`; an event is then a `TemplateInstance`: a template and its array of values.
 *
 *   Template          tree of elements, literal text and slots, with the facts that bound its size
 *     └ ContentNode   element | text | slot | fragment
 *   TemplateInstance  template + values (type, offset, size in the chunk's bytes) + the decoded
 *                     fragments among the values, each a TemplateInstance again
 *
 * Two renderers walk this structure (`event-xml.ts`, `event-tree.ts`). A query can be answered
 * without either: resolve its paths once per `Template` to slots, then look at the values of
 * each instance. Templates are shared between chunks and files (`template-cache.ts`), so a
 * `WeakMap` keyed by template is the place for what was resolved.
 *
 * Binary XML outside a definition (forwarded events, some nested values) has no template: it is
 * parsed in place into a `Template` without slots, used once, whose texts are all literal.
 */
import type { EventAttribute } from '@dcr-agent/schema/event-queries';
import type { TemplateInstance } from './template-instance.ts';

export interface Template {
  /** Text form of the definition's GUID; `null` for binary XML that is not in a definition. */
  readonly guid: string | null;
  readonly roots: readonly ContentNode[];
  readonly shape: TemplateShape;
}

export type ContentNode = ElementNode | TextNode | SlotNode | FragmentNode;

export interface ElementNode {
  readonly kind: 'element';
  /** Local name. */
  readonly name: string;
  /** The element vanishes when this slot holds NULL; -1 where nothing decides. */
  readonly dependencySlot: number;
  readonly attributes: readonly AttributeNode[];
  readonly children: readonly ContentNode[];
  /** Whether a slot stands directly among the children; an array there repeats the element. */
  readonly hasSlotChild: boolean;
  /** The slot that is the only child; -1 where the content is anything else. */
  readonly contentSlot: number;
  /** Name as written and the attributes before the first that has a slot: `<Data Name="x"`. */
  readonly xmlStart: string;
  /** The attributes not in `xmlStart`. */
  readonly xmlAttributes: readonly AttributeNode[];
  /** `</Data>` */
  readonly xmlEnd: string;
  /** The attributes for trees when none has a slot. */
  readonly literalAttributes: readonly EventAttribute[] | null;
}

export interface AttributeNode {
  /** Local name. */
  readonly name: string;
  /** Name as written. */
  readonly qualifiedName: string;
  /** Declares a namespace; written in XML, not part of trees. */
  readonly isNamespace: boolean;
  readonly parts: readonly (TextNode | SlotNode)[];
  readonly hasSlot: boolean;
}

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
}

export interface SlotNode {
  readonly kind: 'slot';
  /** Index into the instance's values. */
  readonly slot: number;
  /** A NULL here takes the attribute around it away even if there is other text in it. */
  readonly isOptional: boolean;
}

/** An instance written inside binary XML rather than in a slot. */
interface FragmentNode {
  readonly kind: 'fragment';
  readonly instance: TemplateInstance;
}

/** What bounds the size of everything an instance of the template can become. */
export interface TemplateShape {
  /** Elements open at once, at most. */
  readonly depth: number;
  /** Characters of XML with every slot empty. */
  readonly literalSize: number;
  /** How often the most used slot is used. */
  readonly slotUses: number;
  /** Characters of XML of the largest element that an array can repeat, its slots empty. */
  readonly repeatSize: number;
  /** How many elements that an array can repeat stand inside one another. */
  readonly repeatDepth: number;
  /** Whether an element that an array can repeat holds more than its one slot. */
  readonly repeatsOther: boolean;
}

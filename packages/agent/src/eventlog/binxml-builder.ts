/**
 * Puts the tokens of binary XML together into content nodes: keeps the stack of open elements,
 * knows whether text belongs to an attribute or to content, and merges adjacent text.
 */
import type { EventAttribute } from '@dcr-agent/schema/event-queries';
import { escapeAttribute } from '../xml-escape.ts';
import { BinXmlError } from './binxml-error.ts';
import type {
  AttributeNode,
  ContentNode,
  ElementNode,
  SlotNode,
  TextNode,
} from './binxml-template.ts';
import type { TemplateInstance } from './template-instance.ts';
import { localName } from './xml-name.ts';
import {
  boundName,
  isDeclaration,
  isValidDeclaration,
  type WrittenAttribute,
} from './xml-namespaces.ts';

/** Elements open at once; nothing written by Windows comes near it. */
const OPEN_ELEMENTS_MAX = 512;

interface OpenElement {
  readonly qualifiedName: string;
  readonly dependencySlot: number;
  readonly attributes: OpenAttribute[];
  readonly children: ContentNode[];
}

interface OpenAttribute {
  readonly qualifiedName: string;
  readonly parts: (TextNode | SlotNode)[];
}

export class BinXmlBuilder {
  readonly #roots: ContentNode[] = [];
  readonly #open: OpenElement[] = [];
  #attribute: OpenAttribute | null = null;

  get isInsideElement(): boolean {
    return this.#open.length > 0;
  }

  /** `dependencySlot` is -1 where the element does not depend on a value. */
  openElement(qualifiedName: string, dependencySlot: number): void {
    if (this.#open.length === OPEN_ELEMENTS_MAX) throw new BinXmlError('elements nest too deep');
    this.#attribute = null;
    this.#open.push({ qualifiedName, dependencySlot, attributes: [], children: [] });
  }

  openAttribute(qualifiedName: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) throw new BinXmlError('attribute outside an element');
    if (element.attributes.some((attribute) => attribute.qualifiedName === qualifiedName)) {
      throw new BinXmlError('attribute written twice');
    }
    this.#attribute = { qualifiedName, parts: [] };
    element.attributes.push(this.#attribute);
  }

  endAttributes(): void {
    this.#attribute = null;
  }

  closeElement(): void {
    this.#attribute = null;
    const element = this.#open.at(-1);
    if (element === undefined) throw new BinXmlError('element closed twice');
    const finished = finishElement(element, () => this.#attributesInScope());
    this.#open.pop();
    this.#content().push(finished);
  }

  text(text: string): void {
    const target = this.#attribute?.parts ?? this.#content();
    const last = target.at(-1);
    if (last?.kind === 'text') target[target.length - 1] = { kind: 'text', text: last.text + text };
    else if (text !== '') target.push({ kind: 'text', text });
  }

  slot(slot: number, isOptional: boolean): void {
    (this.#attribute?.parts ?? this.#content()).push({ kind: 'slot', slot, isOptional });
  }

  /** An instance in place; it has no meaning inside an attribute and is left out there. */
  fragment(instance: TemplateInstance): void {
    if (this.#attribute === null) this.#content().push({ kind: 'fragment', instance });
  }

  finish(): readonly ContentNode[] {
    if (this.#open.length > 0) throw new BinXmlError('element not closed');
    return this.#roots;
  }

  *#attributesInScope(): Generator<WrittenAttribute, void, void> {
    for (const { attributes } of this.#open) for (const each of attributes) yield written(each);
  }

  #content(): ContentNode[] {
    return this.#open.at(-1)?.children ?? this.#roots;
  }
}

function finishElement(open: OpenElement, inScope: () => Iterable<WrittenAttribute>): ElementNode {
  const qualifiedName = boundName(open.qualifiedName, inScope);
  const attributes = open.attributes
    .filter((each) => !isDeclaration(each.qualifiedName) || isValidDeclaration(written(each)))
    .map((each) => finishAttribute(each, inScope));
  if (attributes.length > 1 && attributes.length > new Set(attributes.map(writtenName)).size) {
    throw new BinXmlError('attribute written twice');
  }
  const firstWithSlot = attributes.findIndex((attribute) => attribute.hasSlot);
  const literalCount = firstWithSlot < 0 ? attributes.length : firstWithSlot;
  const literals = attributes.slice(0, literalCount);
  const [only, ...more] = open.children;
  return {
    kind: 'element',
    name: localName(open.qualifiedName),
    dependencySlot: open.dependencySlot,
    attributes,
    children: open.children,
    hasSlotChild: open.children.some((child) => child.kind === 'slot'),
    contentSlot: only?.kind === 'slot' && more.length === 0 ? only.slot : -1,
    xmlStart: `<${qualifiedName}${literals.map(literalXml).join('')}`,
    xmlAttributes: attributes.slice(literalCount),
    xmlEnd: `</${qualifiedName}>`,
    literalAttributes: firstWithSlot < 0 ? literals.flatMap(literalAttribute) : null,
  };
}

function finishAttribute(
  open: OpenAttribute,
  inScope: () => Iterable<WrittenAttribute>,
): AttributeNode {
  const isNamespace = isDeclaration(open.qualifiedName);
  return {
    name: localName(open.qualifiedName),
    qualifiedName: isNamespace ? open.qualifiedName : boundName(open.qualifiedName, inScope),
    isNamespace,
    parts: open.parts,
    hasSlot: open.parts.some((part) => part.kind === 'slot'),
  };
}

function written(open: OpenAttribute): WrittenAttribute {
  const hasSlot = open.parts.some((part) => part.kind === 'slot');
  return { qualifiedName: open.qualifiedName, literal: hasSlot ? null : literalText(open) };
}

function writtenName({ qualifiedName }: AttributeNode): string {
  return qualifiedName;
}

function literalXml(attribute: AttributeNode): string {
  return ` ${attribute.qualifiedName}="${escapeAttribute(literalText(attribute))}"`;
}

function literalAttribute(attribute: AttributeNode): EventAttribute[] {
  const text = literalText(attribute);
  if (attribute.isNamespace || text === '') return [];
  return [{ name: attribute.name, value: { type: 'string', text } }];
}

function literalText({ parts }: Pick<AttributeNode, 'parts'>): string {
  return parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

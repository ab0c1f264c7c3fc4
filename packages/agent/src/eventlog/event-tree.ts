/**
 * A template instance → the element tree that queries and columns are read from: values keep
 * their types and their exact text, names are local, namespace declarations are left out, and
 * so is text beside child elements.
 */
import type { EventAttribute, EventElement, EventValue } from '@dcr-agent/schema/event-queries';
import type { ContentNode, ElementNode } from './binxml-template.ts';
import { attributeText, findArrayChild, isAbsent, repeatedItems, slotText } from './event-rules.ts';
import type { TemplateInstance } from './template-instance.ts';
import { scalarValue } from './value.ts';
import { ARRAY_FLAG, VALUE_TYPE } from './value-type.ts';

const NO_CHILDREN: readonly EventElement[] = [];
const NO_EVENT: EventElement = {
  name: 'Event',
  attributes: [],
  children: NO_CHILDREN,
  value: null,
};

/** The event's element. The decoder has made sure that there is one. */
export function renderTree(instance: TemplateInstance): EventElement {
  const content = new Content();
  addNodes(content, instance.template.roots, instance);
  return content.children[0] ?? NO_EVENT;
}

/** What has been found inside one element so far: child elements, and the value of a leaf. */
class Content {
  children: EventElement[] = [];
  value: EventValue | null = null;

  addText(value: EventValue): void {
    if (value.text === '') return;
    this.value =
      this.value === null ? value : { type: 'string', text: this.value.text + value.text };
  }
}

function addNodes(
  content: Content,
  nodes: readonly ContentNode[],
  instance: TemplateInstance,
): void {
  for (const node of nodes) {
    if (node.kind === 'element') addElement(content, node, instance);
    else if (node.kind === 'slot') addSlot(content, node.slot, instance);
    else if (node.kind === 'text') content.addText({ type: 'string', text: node.text });
    else addNodes(content, node.instance.template.roots, node.instance);
  }
}

function addSlot(content: Content, slot: number, instance: TemplateInstance): void {
  if (instance.type(slot) === VALUE_TYPE.fragment) {
    const fragment = instance.fragment(slot);
    if (fragment !== undefined) addNodes(content, fragment.template.roots, fragment);
    return;
  }
  content.addText(slotValue(slot, instance));
}

function addElement(content: Content, element: ElementNode, instance: TemplateInstance): void {
  if (isAbsent(instance, element.dependencySlot)) return;
  const attributes = element.literalAttributes ?? attributesOf(element, instance);
  const arrayChild = findArrayChild(element, instance);
  if (arrayChild < 0) {
    const { contentSlot } = element;
    if (contentSlot >= 0 && instance.type(contentSlot) !== VALUE_TYPE.fragment) {
      content.children.push(leaf(element, attributes, slotValue(contentSlot, instance)));
      return;
    }
    const own = new Content();
    addNodes(own, element.children, instance);
    content.children.push(finished(element, attributes, own));
    return;
  }
  for (const item of repeatedItems(element, arrayChild, instance)) {
    const own = new Content();
    addNodes(own, element.children.slice(0, arrayChild), instance);
    own.addText(item);
    addNodes(own, element.children.slice(arrayChild + 1), instance);
    content.children.push(finished(element, attributes, own));
  }
}

function leaf(
  element: ElementNode,
  attributes: readonly EventAttribute[],
  value: EventValue,
): EventElement {
  return {
    name: element.name,
    attributes,
    children: NO_CHILDREN,
    value: value.text === '' ? null : value,
  };
}

function finished(
  element: ElementNode,
  attributes: readonly EventAttribute[],
  content: Content,
): EventElement {
  const isLeaf = content.children.length === 0;
  return {
    name: element.name,
    attributes,
    children: isLeaf ? NO_CHILDREN : content.children,
    value: isLeaf ? content.value : null,
  };
}

function attributesOf(element: ElementNode, instance: TemplateInstance): EventAttribute[] {
  const attributes: EventAttribute[] = [];
  for (const attribute of element.attributes) {
    if (attribute.isNamespace) continue;
    const [only, ...more] = attribute.parts;
    // The rule for vanishing attributes decides first; a single slot then keeps its type.
    const text = attributeText(attribute, instance);
    if (text === null || text === '') continue;
    const value: EventValue =
      only?.kind === 'slot' && more.length === 0
        ? slotValue(only.slot, instance)
        : { type: 'string', text };
    attributes.push({ name: attribute.name, value });
  }
  return attributes;
}

function slotValue(slot: number, instance: TemplateInstance): EventValue {
  const type = instance.type(slot);
  if (type === VALUE_TYPE.null || type === VALUE_TYPE.fragment || (type & ARRAY_FLAG) !== 0) {
    return { type: 'string', text: slotText(slot, instance) };
  }
  return scalarValue(instance.bytes, type, instance.offset(slot), instance.size(slot));
}

/**
 * A template instance → XML text, character for character as Windows exports it: no declaration,
 * no indentation, attributes in double quotes, empty elements closed in place.
 */

import type { EventValue } from '@dcr-agent/schema/event-queries';
import { escapeAttribute, escapeText } from '../xml-escape.ts';
import type { ContentNode, ElementNode } from './binxml-template.ts';
import { attributeText, findArrayChild, isAbsent, repeatedItems, slotText } from './event-rules.ts';
import type { TemplateInstance } from './template-instance.ts';
import { ARRAY_FLAG, VALUE_TYPE } from './value-type.ts';

/** One element, the one `renderTree` makes: what stands beside it is no part of an event. */
export function renderXml(instance: TemplateInstance): string {
  return firstElementXml(instance.template.roots, instance);
}

/** Empty where there is none. */
function firstElementXml(nodes: readonly ContentNode[], instance: TemplateInstance): string {
  for (const node of nodes) {
    let xml = '';
    if (node.kind === 'element') xml = elementXml(node, instance, 1);
    else if (node.kind === 'fragment') xml = renderXml(node.instance);
    else if (node.kind === 'slot' && instance.type(node.slot) === VALUE_TYPE.fragment) {
      const fragment = instance.fragment(node.slot);
      if (fragment !== undefined) xml = renderXml(fragment);
    }
    if (xml !== '') return xml;
  }
  return '';
}

function nodesXml(nodes: readonly ContentNode[], instance: TemplateInstance): string {
  let xml = '';
  for (const node of nodes) {
    if (node.kind === 'element') xml += elementXml(node, instance);
    else if (node.kind === 'slot') xml += slotXml(node.slot, instance);
    else if (node.kind === 'text') xml += escapeText(node.text);
    else xml += nodesXml(node.instance.template.roots, node.instance);
  }
  return xml;
}

/** `timesMax`: how often an array may repeat it. */
function elementXml(
  element: ElementNode,
  instance: TemplateInstance,
  timesMax: number = Number.POSITIVE_INFINITY,
): string {
  if (isAbsent(instance, element.dependencySlot)) return '';
  let start = element.xmlStart;
  for (const attribute of element.xmlAttributes) {
    const text = attributeText(attribute, instance);
    if (text !== null) start += ` ${attribute.qualifiedName}="${escapeAttribute(text)}"`;
  }
  const arrayChild = findArrayChild(element, instance);
  if (arrayChild >= 0) {
    const items = repeatedItems(element, arrayChild, instance).slice(0, timesMax);
    return repeatedXml(element, start, { arrayChild, items }, instance);
  }
  const { contentSlot } = element;
  const body =
    contentSlot >= 0 ? slotXml(contentSlot, instance) : nodesXml(element.children, instance);
  return wrapped(element, start, body);
}

function repeatedXml(
  element: ElementNode,
  start: string,
  { arrayChild, items }: { readonly arrayChild: number; readonly items: readonly EventValue[] },
  instance: TemplateInstance,
): string {
  const before = nodesXml(element.children.slice(0, arrayChild), instance);
  const after = nodesXml(element.children.slice(arrayChild + 1), instance);
  let xml = '';
  for (const item of items) {
    xml += wrapped(element, start, before + escapeText(item.text) + after);
  }
  return xml;
}

function wrapped(element: ElementNode, start: string, body: string): string {
  return body === '' ? `${start}/>` : `${start}>${body}${element.xmlEnd}`;
}

function slotXml(slot: number, instance: TemplateInstance): string {
  const type = instance.type(slot);
  if (type === VALUE_TYPE.fragment) {
    const fragment = instance.fragment(slot);
    return fragment === undefined ? '' : nodesXml(fragment.template.roots, fragment);
  }
  const text = slotText(slot, instance);
  return isPlain(type) ? text : escapeText(text);
}

/** Whether a type's text is made of digits and letters only. */
function isPlain(type: number): boolean {
  return type > VALUE_TYPE.ansiString && type < ARRAY_FLAG;
}

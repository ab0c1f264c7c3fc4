/**
 * A template instance → XML text, character for character as Windows exports it: no declaration,
 * no indentation, attributes in double quotes, empty elements closed in place.
 */

import { escapeAttribute, escapeText } from '../xml-escape.ts';
import type { ContentNode, ElementNode } from './binxml-template.ts';
import { attributeText, findArrayChild, isAbsent, repeatedItems, slotText } from './event-rules.ts';
import type { TemplateInstance } from './template-instance.ts';
import { ARRAY_FLAG, VALUE_TYPE } from './value-type.ts';

export function renderXml(instance: TemplateInstance): string {
  return nodesXml(instance.template.roots, instance);
}

function nodesXml(nodes: readonly ContentNode[], instance: TemplateInstance): string {
  let xml = '';
  for (const node of nodes) {
    if (node.kind === 'element') xml += elementXml(node, instance);
    else if (node.kind === 'slot') xml += slotXml(node.slot, instance);
    else if (node.kind === 'text') xml += escapeText(node.text);
    else xml += renderXml(node.instance);
  }
  return xml;
}

function elementXml(element: ElementNode, instance: TemplateInstance): string {
  if (isAbsent(instance, element.dependencySlot)) return '';
  let start = element.xmlStart;
  for (const attribute of element.xmlAttributes) {
    const text = attributeText(attribute, instance);
    if (text !== null) start += ` ${attribute.qualifiedName}="${escapeAttribute(text)}"`;
  }
  const arrayChild = findArrayChild(element, instance);
  if (arrayChild >= 0) return repeatedXml(element, start, arrayChild, instance);
  const { contentSlot } = element;
  const body =
    contentSlot >= 0 ? slotXml(contentSlot, instance) : nodesXml(element.children, instance);
  return wrapped(element, start, body);
}

function repeatedXml(
  element: ElementNode,
  start: string,
  arrayChild: number,
  instance: TemplateInstance,
): string {
  const before = nodesXml(element.children.slice(0, arrayChild), instance);
  const after = nodesXml(element.children.slice(arrayChild + 1), instance);
  let xml = '';
  for (const item of repeatedItems(element, arrayChild, instance)) {
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
    return fragment === undefined ? '' : renderXml(fragment);
  }
  const text = slotText(slot, instance);
  return isPlain(type) ? text : escapeText(text);
}

/** Whether a type's text is made of digits and letters only. */
function isPlain(type: number): boolean {
  return type > VALUE_TYPE.ansiString && type < ARRAY_FLAG;
}

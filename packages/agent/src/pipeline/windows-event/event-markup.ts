/**
 * Part of an event's tree as XML text, for the columns that carry XML. Always well-formed,
 * whatever the values hold.
 */
import type { EventAttribute, EventElement } from '@dcr-agent/schema';
import { escapeAttribute, escapeText } from '../../xml-escape.ts';

/** Queries that heed namespaces look for this one. Source: samples of both tables. */
const NAMESPACE = ' xmlns="http://schemas.microsoft.com/win/2004/08/events/event"';

/** `EventData` or what stands in its place, with only some of its children where they are given. */
export function dataMarkup(
  data: EventElement,
  children: readonly EventElement[] = data.children,
): string {
  return elementMarkup(data, NAMESPACE, children);
}

function elementMarkup(
  { name, attributes, value }: EventElement,
  namespace: string,
  children: readonly EventElement[],
): string {
  let head = `<${name}${namespace}`;
  for (const attribute of attributes) {
    if (isRepeated(attribute, attributes)) continue;
    head += ` ${attribute.name}="${escapeAttribute(attribute.value.text)}"`;
  }
  let body = '';
  for (const child of children) body += elementMarkup(child, '', child.children);
  if (children.length === 0 && value !== null) body = escapeText(value.text);
  return body === '' ? `${head}/>` : `${head}>${body}</${name}>`;
}

/** Names in the tree are local, so two that differed only in their prefix meet; the first stays. */
function isRepeated(attribute: EventAttribute, attributes: readonly EventAttribute[]): boolean {
  return (
    attributes.length > 1 && attributes.find(({ name }) => name === attribute.name) !== attribute
  );
}

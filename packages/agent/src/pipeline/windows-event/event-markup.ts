/**
 * Part of an event's tree as XML text, for the columns that carry XML. Always well-formed,
 * whatever the values hold; the escapes are those Windows writes.
 */
import type { EventAttribute, EventElement } from '@dcr-agent/schema';

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

/** Control characters have no place in XML 1.0 and become U+FFFD. */
const NOT_IN_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;
const SPECIAL_IN_TEXT = /[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const SPECIAL_IN_ATTRIBUTE = /[&<>"\x00-\x1f\ufffe\uffff]/;

export function escapeText(text: string): string {
  return SPECIAL_IN_TEXT.test(text) ? withReferences(text) : text;
}

function escapeAttribute(text: string): string {
  if (!SPECIAL_IN_ATTRIBUTE.test(text)) return text;
  return withReferences(text)
    .replaceAll('"', '&quot;')
    .replaceAll('\t', '&#9;')
    .replaceAll('\n', '&#10;');
}

/** A bare carriage return would be read as a line feed. */
function withReferences(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replace(NOT_IN_XML, '\ufffd');
}

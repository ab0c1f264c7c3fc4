/**
 * The XML text of one event → its element tree. All values are strings, as XML has no types.
 * Names are local, namespace declarations are left out, and so are attributes without text: a
 * reader that prints `UserID=""` means that there is none, and queries ask for existence.
 */
import type { EventAttribute, EventElement, EventValue } from '@dcr-agent/schema/event-queries';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { localName } from './xml-name.ts';
import { resolveReferences } from './xml-references.ts';

const TEXT = '#text';
const CDATA = '#cdata';
const ATTRIBUTES = ':@';
const ELEMENT_DEPTH_MAX = 512;
const NO_CHILDREN: readonly EventElement[] = [];

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: TEXT,
  cdataPropName: CDATA,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignorePiTags: true,
  // References are resolved here: only those that XML itself defines.
  processEntities: false,
  maxNestedTags: ELEMENT_DEPTH_MAX,
  jPath: false,
  onDangerousProperty: (name) => name,
});

/** What the parser makes of a node: one key with its name, and maybe one with attributes. */
type ParsedNode = Readonly<Record<string, unknown>>;

/** The element, or what is malformed in the text. */
export function parseEventElement(xml: string): EventElement | string {
  try {
    const verdict = XMLValidator.validate(xml);
    if (verdict !== true) return verdict.err.code;
    const [root] = parser.parse(xml) as readonly ParsedNode[];
    return root === undefined ? 'no element' : elementOf(root);
  } catch {
    // The library's messages quote the text, which does not belong into reports.
    return 'not well-formed';
  }
}

function elementOf(node: ParsedNode): EventElement {
  const qualifiedName = Object.keys(node).find((key) => key !== ATTRIBUTES) ?? '';
  const children: EventElement[] = [];
  let text = '';
  for (const child of node[qualifiedName] as readonly ParsedNode[]) {
    if (TEXT in child) text += resolveReferences(String(child[TEXT]));
    else if (CDATA in child) text += cdataText(child);
    else children.push(elementOf(child));
  }
  return {
    name: localName(qualifiedName),
    attributes: attributesOf(node),
    children: children.length === 0 ? NO_CHILDREN : children,
    value: children.length === 0 && text !== '' ? stringValue(text) : null,
  };
}

function cdataText(node: ParsedNode): string {
  const parts = node[CDATA] as readonly ParsedNode[];
  return parts.map((part) => String(part[TEXT])).join('');
}

function attributesOf(node: ParsedNode): EventAttribute[] {
  const attributes: EventAttribute[] = [];
  for (const [name, raw] of Object.entries(node[ATTRIBUTES] ?? {})) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
    const text = resolveReferences(String(raw).replace(/[\t\n]/g, ' '));
    if (text !== '') attributes.push({ name: localName(name), value: stringValue(text) });
  }
  return attributes;
}

function stringValue(text: string): EventValue {
  return { type: 'string', text };
}

/**
 * Event XML text to event elements, for tests: every value is a string, as in forwarded events.
 * Strict: anything but elements, attributes, text and entities is an error.
 */
import type { EventAttribute, EventElement, EventValue } from '@dcr-agent/schema';

interface OpenElement {
  readonly name: string;
  readonly attributes: readonly EventAttribute[];
  readonly children: EventElement[];
  text: string;
}

const TAG = /<(\/?)([^\s<>/]+)((?:\s+[^\s<>/=]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITY = /&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot|apos));|&/g;
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

/** The one event of the text. */
export function parseEvent(xml: string): EventElement {
  const [event, ...others] = parseElements(xml.trim());
  if (event === undefined || others.length > 0) throw new Error('not exactly one element');
  return event;
}

/** The children of the root element, such as the events of `<Events>…</Events>`. */
export function parseEvents(xml: string): readonly EventElement[] {
  return parseEvent(xml).children;
}

function parseElements(xml: string): EventElement[] {
  const root: OpenElement = { name: '', attributes: [], children: [], text: '' };
  const open = [root];
  let offset = 0;
  while (offset < xml.length) {
    const top = open.at(-1)!;
    const next = xml.indexOf('<', offset);
    top.text += decode(xml.slice(offset, next < 0 ? xml.length : next));
    if (next < 0) break;
    TAG.lastIndex = next;
    const tag = TAG.exec(xml);
    if (tag === null) throw new Error(`no tag at ${next}: ${xml.slice(next, next + 40)}`);
    offset = TAG.lastIndex;
    const [, slash, name = '', attributes = '', selfClosing] = tag;
    if (slash === '/') {
      if (open.length === 1 || top.name !== local(name)) throw new Error(`stray </${name}>`);
      open.pop();
      open.at(-1)!.children.push(close(top));
      continue;
    }
    const element = {
      name: local(name),
      attributes: parseAttributes(attributes),
      children: [],
      text: '',
    };
    if (selfClosing === '/') top.children.push(close(element));
    else open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  if (root.text !== '') throw new Error('text outside the root element');
  return root.children;
}

function close({ name, attributes, children, text }: OpenElement): EventElement {
  if (children.length > 0 && text.trim() !== '') throw new Error(`mixed content in <${name}>`);
  const value = children.length > 0 || text === '' ? null : stringValue(text);
  return { name, attributes, children, value };
}

function parseAttributes(text: string): EventAttribute[] {
  return [...text.matchAll(ATTRIBUTE)]
    .filter(([, name = '']) => name !== 'xmlns' && !name.startsWith('xmlns:'))
    .map(([, name = '', double, single]) => ({
      name: local(name),
      value: stringValue(decode(double ?? single ?? '')),
    }));
}

function stringValue(text: string): EventValue {
  return { type: 'string', text };
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decode(text: string): string {
  return text.replace(ENTITY, (entity, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name]!;
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    throw new Error(`bad entity ${entity}`);
  });
}

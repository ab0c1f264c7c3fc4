/**
 * Event XML as one writes it → what Windows would store: a template for the event with slots
 * for the `System` fields in their types, and one more instance for `EventData` or `UserData`.
 */
import { createHash } from 'node:crypto';
import { DOMParser, type Element } from '@xmldom/xmldom';
import type { ElementSpec, InstanceSpec, SlotSpec, ValueSpec } from './binxml-model.ts';
import type { ScalarType } from './values.ts';

/** Types of data by the `Name` of a `Data` element or the name of any other; `string` else. */
export type DataTypes = Readonly<Record<string, ScalarType>>;

const SYSTEM_TYPES: Readonly<Record<string, ScalarType>> = {
  EventID: 'uint16',
  'EventID@Qualifiers': 'uint16',
  Version: 'uint8',
  Level: 'uint8',
  Task: 'uint16',
  Opcode: 'uint8',
  Keywords: 'hex64',
  'TimeCreated@SystemTime': 'filetime',
  EventRecordID: 'uint64',
  'Correlation@ActivityID': 'guid',
  'Correlation@RelatedActivityID': 'guid',
  'Execution@ProcessID': 'uint32',
  'Execution@ThreadID': 'uint32',
  'Security@UserID': 'sid',
};

/** Attributes the template has even where the event does not: their value is NULL then. */
const OPTIONAL_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  EventID: ['Qualifiers'],
  Correlation: ['ActivityID', 'RelatedActivityID'],
  Security: ['UserID'],
};

/** Collects the values while the template is put together. */
class Slots {
  readonly values: ValueSpec[] = [];

  add(type: ScalarType, text: string | null): SlotSpec {
    this.values.push(text === null ? { type: 'null', text: '' } : { type, text });
    return { slot: this.values.length - 1, isOptional: true };
  }
}

/** Throws when the text is not one `Event` element. `recordId` fills a missing EventRecordID. */
export function storedEvent(xml: string, types: DataTypes, recordId: number): InstanceSpec {
  const event = parseEvent(xml);
  const slots = new Slots();
  const children = childElements(event).map((child) => {
    if (child.tagName === 'System') return systemElement(child, slots, recordId);
    slots.values.push({ fragment: dataInstance(child, types) });
    return { slot: slots.values.length - 1, isOptional: true };
  });
  return instanceOf({ name: 'Event', attributes: literals(event), children }, slots);
}

/** The event as a collector stores it: no templates, every value literal text. */
export function forwardedEvent(xml: string): ElementSpec {
  return literalElement(parseEvent(xml));
}

/** When the event says it was created; `null` where it does not. */
export function createdTime(xml: string): string | null {
  return /SystemTime=["']([^"']+)["']/.exec(xml)?.[1] ?? null;
}

function parseEvent(xml: string): Element {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;
  if (root?.tagName !== 'Event') throw new Error('not an Event element');
  return root;
}

function systemElement(system: Element, slots: Slots, recordId: number): ElementSpec {
  const children = childElements(system).map((field) => systemField(field, slots));
  if (!children.some(({ name }) => name === 'EventRecordID')) {
    const place = 1 + children.findIndex(({ name }) => name === 'TimeCreated');
    const id = { name: 'EventRecordID', children: [slots.add('uint64', String(recordId))] };
    children.splice(place, 0, id);
  }
  return { name: 'System', attributes: literals(system), children };
}

function systemField(field: Element, slots: Slots): ElementSpec {
  const name = field.tagName;
  if (name === 'Provider') return { name, attributes: literals(field) };
  const attributeNames = new Set([
    ...(OPTIONAL_ATTRIBUTES[name] ?? []),
    ...Array.from(field.attributes, (attribute) => attribute.name),
  ]);
  const attributes = [...attributeNames].map((attribute) => {
    const type = SYSTEM_TYPES[`${name}@${attribute}`] ?? 'string';
    return [attribute, slots.add(type, field.getAttribute(attribute))] as const;
  });
  const text = field.textContent ?? '';
  const children = text === '' ? [] : [slots.add(SYSTEM_TYPES[name] ?? 'string', text)];
  return { name, attributes, children };
}

function dataInstance(element: Element, types: DataTypes): InstanceSpec {
  const slots = new Slots();
  return instanceOf(dataElement(element, types, slots), slots);
}

function dataElement(element: Element, types: DataTypes, slots: Slots): ElementSpec {
  const attributes = literals(element);
  const children = childElements(element);
  if (children.length > 0) {
    return {
      name: element.tagName,
      attributes,
      children: children.map((child) => dataElement(child, types, slots)),
    };
  }
  const type = types[element.getAttribute('Name') ?? element.tagName] ?? 'string';
  const text = element.textContent ?? '';
  return { name: element.tagName, attributes, children: [slots.add(type, text)] };
}

function literalElement(element: Element): ElementSpec {
  const children = childElements(element);
  const text = element.textContent ?? '';
  return {
    name: element.tagName,
    attributes: literals(element),
    children: children.length > 0 ? children.map(literalElement) : text === '' ? [] : [text],
  };
}

function literals(element: Element): (readonly [string, string])[] {
  return Array.from(element.attributes, ({ name, value }) => [name, value] as const);
}

function childElements(element: Element): Element[] {
  return Array.from(element.childNodes).filter((node) => node.nodeType === 1) as Element[];
}

/** Templates of one shape are one template: the GUID is made from the shape. */
function instanceOf(root: ElementSpec, slots: Slots): InstanceSpec {
  const digest = createHash('sha256').update(JSON.stringify(root)).digest('hex');
  const guid = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '{$1-$2-$3-$4-$5}');
  return { template: { guid, root }, values: slots.values };
}

/** Columns that are taken from `System`, of events that are stored as instances of a template. */
import type { AttributeNode, ContentNode, ElementNode } from '../../../eventlog/binxml-template.ts';
import { attributeText, isAbsent, slotText } from '../../../eventlog/event-rules.ts';
import type { TemplateInstance } from '../../../eventlog/template-instance.ts';
import { ARRAY_FLAG, VALUE_TYPE } from '../../../eventlog/value-type.ts';
import type { JsonBytes } from '../../json-bytes.ts';
import { JsonLiteral } from '../../json-literal.ts';
import { integer, levelName, timeGenerated } from '../cell-values.ts';
import { writeScalar } from './scalar-json.ts';

/** What a column holds: text as it is, a whole number, the time of a row, the name of a level. */
export type ColumnKind = 'text' | 'integer' | 'time' | 'level name';

export interface SystemColumn {
  /** Of the row. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** Element below `System`, and its attribute where the column is one. */
  readonly element: string;
  readonly attribute?: string;
  /** What the row says of an event that does not have it. */
  readonly otherwise?: string;
}

/** Writes `,"Column":value`, or nothing where the event does not have it. */
type ValueWriter = (out: JsonBytes, instance: TemplateInstance) => void;

/** The same; false where the column has to be taken from the event's tree. */
export type ColumnWriter = (out: JsonBytes, instance: TemplateInstance) => boolean;

/** `null` where the column has to be taken from the tree. */
export function compileColumn(column: SystemColumn, system: ElementNode): ColumnWriter | null {
  const elements = childElements(system.children, column.element);
  const [element, ...others] = elements ?? [];
  if (elements === null || others.length > 0) return null;
  const absent = constantWriter(column, column.otherwise);
  if (element === undefined) return always(absent);
  const write = valueWriter(column, element, absent);
  if (write === null) return null;
  const { dependencySlot, contentSlot } = element;
  if (dependencySlot < 0 && contentSlot < 0) return always(write);
  return (out, instance) => {
    if (isAbsent(instance, dependencySlot)) {
      absent(out, instance);
      return true;
    }
    // An array repeats the element, and a fragment gives it children.
    const content = contentSlot < 0 ? VALUE_TYPE.null : instance.type(contentSlot);
    if (content >= ARRAY_FLAG || content === VALUE_TYPE.fragment) return false;
    write(out, instance);
    return true;
  };
}

function always(write: ValueWriter): ColumnWriter {
  return (out, instance) => {
    write(out, instance);
    return true;
  };
}

/** Elements of a name; `null` where a slot might hold more of them. */
function childElements(children: readonly ContentNode[], name: string): ElementNode[] | null {
  const elements: ElementNode[] = [];
  for (const child of children) {
    if (child.kind === 'slot' || child.kind === 'fragment') return null;
    if (child.kind === 'element' && child.name === name) elements.push(child);
  }
  return elements;
}

function valueWriter(
  column: SystemColumn,
  element: ElementNode,
  absent: ValueWriter,
): ValueWriter | null {
  if (column.attribute !== undefined) {
    const found = element.attributes.filter((a) => !a.isNamespace && a.name === column.attribute);
    const [attribute] = found;
    if (attribute === undefined) return absent;
    return found.length > 1 ? null : attributeWriter(column, attribute, absent);
  }
  if (element.contentSlot >= 0) return slotWriter(column, element.contentSlot, absent);
  const [only, ...more] = element.children;
  if (only === undefined) return absent;
  if (only.kind !== 'text' || more.length > 0) return null;
  return only.text === '' ? absent : constantWriter(column, only.text);
}

function attributeWriter(
  column: SystemColumn,
  attribute: AttributeNode,
  absent: ValueWriter,
): ValueWriter {
  const [only, ...more] = attribute.parts;
  if (only?.kind === 'slot' && more.length === 0) return slotWriter(column, only.slot, absent);
  return (out, instance) => {
    const text = attributeText(attribute, instance);
    if (text === null || text === '') absent(out, instance);
    else out.json(memberOf(column, text));
  };
}

/** The usual type of a column goes the short way, all others by their text. */
function slotWriter(column: SystemColumn, slot: number, absent: ValueWriter): ValueWriter {
  const ofText: ValueWriter = (out, instance) => {
    const text = slotText(slot, instance);
    if (text === '') absent(out, instance);
    else out.json(memberOf(column, text));
  };
  switch (column.kind) {
    case 'text':
      return textWriter(column, slot, absent, ofText);
    case 'integer':
      return integerWriter(column, slot, ofText);
    case 'time':
      return timeWriter(column, slot, ofText);
    case 'level name':
      return levelNameWriter(column, slot, ofText);
  }
}

function textWriter(
  { name }: SystemColumn,
  slot: number,
  absent: ValueWriter,
  ofText: ValueWriter,
): ValueWriter {
  const head = new JsonLiteral(`,"${name}":"`);
  return (out, instance) => {
    const type = instance.type(slot);
    const size = instance.size(slot);
    if (type === VALUE_TYPE.null || size === 0) return absent(out, instance);
    if (type >= ARRAY_FLAG || type === VALUE_TYPE.fragment) return ofText(out, instance);
    const start = out.length;
    out.raw(head);
    const textStart = out.length;
    writeScalar(out, instance.bytes, type, instance.offset(slot), size);
    if (out.length > textStart) return out.raw(QUOTE);
    // A string may be nothing but its terminator.
    out.truncate(start);
    absent(out, instance);
  };
}

function integerWriter({ name }: SystemColumn, slot: number, ofText: ValueWriter): ValueWriter {
  const head = new JsonLiteral(`,"${name}":`);
  return (out, instance) => {
    const type = instance.type(slot);
    const size = instance.size(slot);
    const { bytes } = instance;
    const isUsual =
      (type === VALUE_TYPE.uint16 && size === 2) ||
      (type === VALUE_TYPE.uint8 && size === 1) ||
      // What is larger does not fit the column.
      (type === VALUE_TYPE.uint32 && size === 4 && bytes[instance.offset(slot) + 3]! < 0x80);
    if (!isUsual) return ofText(out, instance);
    out.raw(head);
    writeScalar(out, bytes, type, instance.offset(slot), size);
  };
}

function timeWriter({ name }: SystemColumn, slot: number, ofText: ValueWriter): ValueWriter {
  const head = new JsonLiteral(`,"${name}":"`);
  return (out, instance) => {
    const type = instance.type(slot);
    // A FILETIME is printed as a row has it.
    if (type !== VALUE_TYPE.filetime || instance.size(slot) !== 8) return ofText(out, instance);
    out.raw(head);
    writeScalar(out, instance.bytes, type, instance.offset(slot), 8);
    out.raw(QUOTE);
  };
}

function levelNameWriter(column: SystemColumn, slot: number, ofText: ValueWriter): ValueWriter {
  const members = ['0', '1', '2', '3', '4', '5'].map(
    (level) => new JsonLiteral(memberOf(column, level)),
  );
  return (out, instance) => {
    const isUsual = instance.type(slot) === VALUE_TYPE.uint8 && instance.size(slot) === 1;
    const member = isUsual ? members[instance.bytes[instance.offset(slot)]!] : undefined;
    if (member === undefined) ofText(out, instance);
    else out.raw(member);
  };
}

const QUOTE = new JsonLiteral('"');

function constantWriter(column: SystemColumn, text: string | undefined): ValueWriter {
  const member = new JsonLiteral(text === undefined ? '' : memberOf(column, text));
  return (out) => out.raw(member);
}

/** `,"Column":value`; empty where the row leaves it out. */
function memberOf({ name, kind }: SystemColumn, text: string): string {
  const value = cellOf(kind, text);
  return value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;
}

function cellOf(kind: ColumnKind, text: string): string | number | undefined {
  switch (kind) {
    case 'text':
      return text;
    case 'integer':
      return integer(text);
    case 'time':
      return timeGenerated(text);
    case 'level name':
      return levelName(integer(text));
  }
}

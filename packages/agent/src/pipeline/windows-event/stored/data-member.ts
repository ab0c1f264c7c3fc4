/**
 * `EventData` as an object of named values, of events that are stored as instances of a template:
 * elements called `Data`, each with a name in the template and a value in a slot. Anything else is
 * left to the tree.
 */
import type { ContentNode, ElementNode, Template } from '../../../eventlog/binxml-template.ts';
import { isAbsent } from '../../../eventlog/event-rules.ts';
import type { TemplateInstance } from '../../../eventlog/template-instance.ts';
import { ARRAY_FLAG, VALUE_TYPE } from '../../../eventlog/value-type.ts';
import type { JsonBytes } from '../../json-bytes.ts';
import { JsonLiteral } from '../../json-literal.ts';
import { writeScalar } from './scalar-json.ts';

/** Writes the object; false, having written anything, where the values need the tree. */
export type DataWriter = (out: JsonBytes, instance: TemplateInstance) => boolean;

/** Values of one name: a text or, of a name that occurs again, a list. */
interface DataMember {
  readonly name: string;
  /** Slots; -1 for an element that is empty. */
  readonly slots: readonly number[];
  readonly dependencySlot: number;
  /** `,"Name":"`, and the same for the first member. */
  readonly head: JsonLiteral;
  readonly headOfFirst: JsonLiteral;
  readonly end: JsonLiteral;
}

const OPEN = new JsonLiteral('{');
const CLOSE = new JsonLiteral('}');
const NEXT = new JsonLiteral('","');

/** `null` where the template is not that plain. */
export function compileData({ roots }: Template): DataWriter | null {
  const [data, ...others] = roots;
  if (data?.kind !== 'element' || others.length > 0 || data.name !== 'EventData') return null;
  if (data.dependencySlot >= 0 || data.attributes.some((a) => !a.isNamespace)) return null;
  const byName = new Map<string, ElementNode[]>();
  for (const child of data.children) {
    if (!isValue(child)) return null;
    const name = nameOf(child);
    if (name === null || isIndex(name)) return null;
    byName.set(name, [...(byName.get(name) ?? []), child]);
  }
  const members: DataMember[] = [];
  for (const [name, elements] of byName) {
    const member = dataMember(name, elements);
    if (member === null) return null;
    members.push(member);
  }
  return (out, instance) => writeMembers(out, instance, members);
}

function isValue(child: ContentNode): child is ElementNode {
  if (child.kind !== 'element' || child.name !== 'Data') return false;
  return child.children.length === 0 || child.contentSlot >= 0;
}

function dataMember(name: string, elements: readonly ElementNode[]): DataMember | null {
  const isList = elements.length > 1;
  // Values that may vanish leave a list of another length.
  if (isList && elements.some(({ dependencySlot }) => dependencySlot >= 0)) return null;
  const head = `${JSON.stringify(name)}:${isList ? '["' : '"'}`;
  return {
    name,
    slots: elements.map(({ contentSlot }) => contentSlot),
    dependencySlot: elements[0]?.dependencySlot ?? -1,
    head: new JsonLiteral(`,${head}`),
    headOfFirst: new JsonLiteral(head),
    end: new JsonLiteral(isList ? '"]' : '"'),
  };
}

/** A value without a name is called after its element. */
function nameOf({ attributes, name }: ElementNode): string | null {
  const own = attributes.filter((attribute) => !attribute.isNamespace);
  const [only, ...more] = own;
  if (only === undefined) return name;
  if (more.length > 0 || only.name !== 'Name' || only.hasSlot) return null;
  return only.parts.map((part) => (part.kind === 'text' ? part.text : '')).join('') || name;
}

/** Such members come first in an object, wherever they were put. */
function isIndex(name: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(name);
}

function writeMembers(
  out: JsonBytes,
  instance: TemplateInstance,
  members: readonly DataMember[],
): boolean {
  out.raw(OPEN);
  let isFirst = true;
  for (const member of members) {
    const { dependencySlot, slots } = member;
    if (dependencySlot >= 0 && isAbsent(instance, dependencySlot)) continue;
    out.raw(isFirst ? member.headOfFirst : member.head);
    isFirst = false;
    for (let i = 0; i < slots.length; i++) {
      if (i > 0) out.raw(NEXT);
      if (!writeValue(out, instance, slots[i]!)) return false;
    }
    out.raw(member.end);
  }
  out.raw(CLOSE);
  return true;
}

function writeValue(out: JsonBytes, instance: TemplateInstance, slot: number): boolean {
  if (slot < 0) return true;
  const type = instance.type(slot);
  // An array repeats its element, and elements are a nested object.
  if ((type & ARRAY_FLAG) !== 0 || type === VALUE_TYPE.fragment) return false;
  const size = instance.size(slot);
  if (size > 0 && type !== VALUE_TYPE.null) {
    writeScalar(out, instance.bytes, type, instance.offset(slot), size);
  }
  return true;
}

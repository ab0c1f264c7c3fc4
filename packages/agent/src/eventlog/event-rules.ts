/**
 * What an instance's values do to its template, the same for XML text and for trees.
 *
 * - An element whose dependency slot holds NULL vanishes.
 * - An attribute vanishes when an optional slot in it holds NULL, or when its slots print nothing.
 * - An array in a slot repeats the element around it, once per item; an empty array leaves one
 *   empty element. Where there is no element to repeat, the items stand in one line.
 *
 * Source: checked against XML that Windows itself exported.
 */
import type { EventValue } from '@dcr-agent/schema/event-queries';
import type { AttributeNode, ElementNode } from './binxml-template.ts';
import type { TemplateInstance } from './template-instance.ts';
import { arrayItems, joinedArrayText, scalarText } from './value.ts';
import { ARRAY_FLAG, VALUE_TYPE } from './value-type.ts';

const EMPTY_ITEM: readonly EventValue[] = [{ type: 'string', text: '' }];

export function isAbsent(instance: TemplateInstance, dependencySlot: number): boolean {
  return (
    dependencySlot >= 0 &&
    dependencySlot < instance.valueCount &&
    instance.type(dependencySlot) === VALUE_TYPE.null
  );
}

/** The text of an attribute, or `null` where it vanishes. */
export function attributeText(attribute: AttributeNode, instance: TemplateInstance): string | null {
  let text = '';
  for (const part of attribute.parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.isOptional && instance.type(part.slot) === VALUE_TYPE.null) return null;
    else text += slotText(part.slot, instance);
  }
  return text === '' && attribute.hasSlot ? null : text;
}

/** The text of a slot that is no fragment. */
export function slotText(slot: number, instance: TemplateInstance): string {
  const type = instance.type(slot);
  if (type === VALUE_TYPE.null || type === VALUE_TYPE.fragment) return '';
  const { bytes } = instance;
  if ((type & ARRAY_FLAG) !== 0) {
    return joinedArrayText(bytes, type, instance.offset(slot), instance.size(slot));
  }
  return scalarText(bytes, type, instance.offset(slot), instance.size(slot));
}

/** Index of the child whose array repeats the element; -1 where none does. */
export function findArrayChild(element: ElementNode, instance: TemplateInstance): number {
  if (!element.hasSlotChild) return -1;
  if (element.contentSlot >= 0) return isArray(instance, element.contentSlot) ? 0 : -1;
  return element.children.findIndex(
    (child) => child.kind === 'slot' && isArray(instance, child.slot),
  );
}

function isArray(instance: TemplateInstance, slot: number): boolean {
  return (instance.type(slot) & ARRAY_FLAG) !== 0;
}

/** What stands in the array's place in each repetition; at least one. */
export function repeatedItems(
  element: ElementNode,
  arrayChild: number,
  instance: TemplateInstance,
): readonly EventValue[] {
  const child = element.children[arrayChild];
  if (child?.kind !== 'slot') return EMPTY_ITEM;
  const { slot } = child;
  const { bytes } = instance;
  const items = arrayItems(bytes, instance.type(slot), instance.offset(slot), instance.size(slot));
  return items.length === 0 ? EMPTY_ITEM : items;
}

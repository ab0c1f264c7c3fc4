/** Tests of one stored value, and of the few that stand in the template itself. */
import type { EventValue, ValueCondition } from '@dcr-agent/schema/event-queries';
import type { AttributeNode, ElementNode } from '../binxml-template.ts';
import { slotText } from '../event-rules.ts';
import type { TemplateInstance } from '../template-instance.ts';
import { arrayItems } from '../value.ts';
import { ARRAY_FLAG, VALUE_TYPE } from '../value-type.ts';
import { compileStoredTest } from './stored-test.ts';
import {
  constantTest,
  type InstanceTest,
  NO,
  never,
  UNDECIDED,
  undecided,
  YES,
} from './verdict.ts';

const EMPTY: EventValue = { type: 'string', text: '' };

/** A value written in the template. */
export function literalTest(text: string, { test, meaning }: ValueCondition): InstanceTest {
  const value: EventValue = text === '' ? EMPTY : { type: 'string', text };
  // What a test without a meaning answers may depend on the time.
  if (meaning !== null) return constantTest(test(value, 0));
  return (_instance, nowMs) => (test(value, nowMs) ? YES : NO);
}

/** The value of an element whose only content is a slot. */
export function valueTest(slot: number, condition: ValueCondition): InstanceTest {
  const stored = compileStoredTest(condition);
  const ofEmpty = literalTest('', condition);
  return (instance, nowMs) => {
    const type = instance.type(slot);
    if (type === VALUE_TYPE.null) return ofEmpty(instance, nowMs);
    if (type === VALUE_TYPE.fragment) return UNDECIDED;
    const { bytes } = instance;
    const at = instance.offset(slot);
    const size = instance.size(slot);
    if ((type & ARRAY_FLAG) === 0) return stored(bytes, type, at, size, nowMs) ? YES : NO;
    // The element is repeated, once per item; an empty array leaves one, which is empty.
    const items = arrayItems(bytes, type, at, size);
    if (items.length === 0) return ofEmpty(instance, nowMs);
    return items.some((item) => condition.test(item, nowMs)) ? YES : NO;
  };
}

/** `text()`: the text of a leaf, which does not exist when it is empty. */
export function textTest(element: ElementNode, condition: ValueCondition | null): InstanceTest {
  const [only] = element.children;
  if (only === undefined) return never;
  if (element.contentSlot >= 0) return nonEmptyTest(element.contentSlot, condition);
  if (element.children.length > 1 || only.kind !== 'text') return undecided;
  return condition === null ? constantTest(true) : literalTest(only.text, condition);
}

/** An attribute, which is not there when its slot prints nothing. */
export function attributeTest(
  { parts, hasSlot }: AttributeNode,
  condition: ValueCondition | null,
): InstanceTest {
  const [only, ...more] = parts;
  if (!hasSlot) {
    const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
    if (text === '') return never;
    return condition === null ? constantTest(true) : literalTest(text, condition);
  }
  if (more.length > 0 || only?.kind !== 'slot') return undecided;
  return nonEmptyTest(only.slot, condition);
}

function nonEmptyTest(slot: number, condition: ValueCondition | null): InstanceTest {
  const stored = condition === null ? null : compileStoredTest(condition);
  return (instance, nowMs) => {
    const type = instance.type(slot);
    if (type === VALUE_TYPE.null || type === VALUE_TYPE.fragment) return NO;
    if ((type & ARRAY_FLAG) !== 0) return UNDECIDED;
    if (isEmpty(instance, slot, type)) return NO;
    if (stored === null) return YES;
    return stored(instance.bytes, type, instance.offset(slot), instance.size(slot), nowMs)
      ? YES
      : NO;
  };
}

/** Does the value print nothing? Only texts can, besides values of no size. */
function isEmpty(instance: TemplateInstance, slot: number, type: number): boolean {
  if (instance.size(slot) === 0) return true;
  if (type !== VALUE_TYPE.string && type !== VALUE_TYPE.ansiString) return false;
  return slotText(slot, instance) === '';
}

/** `System/EventRecordID` of an event in each of its forms. */
import type { EventElement } from '@dcr-agent/schema/event-queries';
import type { EventXmlTape } from './event-xml-tape.ts';
import { perTemplate } from './per-template.ts';
import { systemSlots } from './query/system-slots.ts';
import type { TemplateInstance } from './template-instance.ts';
import { scalarText } from './value.ts';
import { VALUE_TYPE } from './value-type.ts';

const slotsOf = perTemplate(systemSlots);

/** `undefined` also where it is not simply the number in a slot. */
export function storedEventRecordId(instance: TemplateInstance): string | undefined {
  const { template } = instance;
  if (template.guid === null) return undefined;
  const slot = slotsOf(template).eventRecordId;
  if (slot < 0 || instance.type(slot) !== VALUE_TYPE.uint64) return undefined;
  return scalarText(instance.bytes, VALUE_TYPE.uint64, instance.offset(slot), instance.size(slot));
}

export function eventRecordIdOf(event: EventElement): string | undefined {
  const system = event.children.find(({ name }) => name === 'System');
  return system?.children.find(({ name }) => name === 'EventRecordID')?.value?.text;
}

export function eventRecordIdOnTape(tape: EventXmlTape): string | undefined {
  const system = childOnTape(tape, 0, 'System');
  const id = system < 0 ? -1 : childOnTape(tape, system, 'EventRecordID');
  return id < 0 ? undefined : tape.value(id) || undefined;
}

function childOnTape(tape: EventXmlTape, parent: number, name: string): number {
  let child = tape.firstChild(parent);
  while (child >= 0 && !tape.isNamed(child, name)) child = tape.nextSibling(child);
  return child;
}

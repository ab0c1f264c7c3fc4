/**
 * Rows of the WindowsEvent table: the event's data as one dynamic value, all of whose leaves are
 * strings. Source of the columns: Azure Monitor Logs reference, "WindowsEvent".
 *
 *   named data    `{"Name": "value"}`; a name that occurs again holds a list
 *   unnamed data  under `Data`, as a list when there are several
 *   user data     the items of the provider's element, by name, nested as in the event
 *   attributes    `@name`, and `#text` for the value beside them, as `parse_xml()` has it
 *
 * Beyond named data the shape is not published; see the README.
 */
import type { EventElement } from '@dcr-agent/schema';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RowContext } from '../record-stage.ts';
import { levelName, timeGenerated } from './cell-values.ts';
import { eventFields } from './event-fields.ts';
import { isItemName, itemHolder, itemName } from './event-payload.ts';

export function windowsEventRow({ event }: WindowsEventRecord, context: RowContext): object {
  const fields = eventFields(event);
  return {
    TimeGenerated: timeGenerated(fields.systemTime),
    Provider: fields.provider,
    Channel: fields.channel,
    Computer: fields.computer ?? context.computer,
    EventID: fields.eventId,
    EventLevel: fields.level,
    EventLevelName: levelName(fields.level),
    Task: fields.task,
    Opcode: fields.opcode,
    Keywords: fields.keywords,
    Version: fields.version,
    EventRecordId: fields.eventRecordId,
    Correlation: fields.activityId,
    SystemProcessId: fields.processId,
    SystemThreadId: fields.threadId,
    SystemUserId: fields.userId,
    EventData: fields.data === undefined ? undefined : dynamicObject(itemHolder(fields.data)),
    SourceSystem: 'OpsManager',
  };
}

type Dynamic = string | Dynamic[] | DynamicObject;
type DynamicObject = { [name: string]: Dynamic };

function dynamicValue(element: EventElement): Dynamic {
  const isText = element.children.length === 0 && !hasAttributeMembers(element);
  return isText ? (element.value?.text ?? '') : dynamicObject(element);
}

function dynamicObject(element: EventElement): DynamicObject {
  // Without a prototype, a member called `__proto__` is one like any other.
  const members: DynamicObject = Object.create(null);
  for (const { name, value } of element.attributes) {
    if (!isItemName(element, name)) addMember(members, `@${name}`, value.text);
  }
  for (const child of element.children) addMember(members, itemName(child), dynamicValue(child));
  if (element.value !== null) addMember(members, '#text', element.value.text);
  return members;
}

function hasAttributeMembers(element: EventElement): boolean {
  return element.attributes.some(({ name }) => !isItemName(element, name));
}

function addMember(members: DynamicObject, name: string, value: Dynamic): void {
  const before = members[name];
  if (before === undefined) members[name] = value;
  else if (Array.isArray(before)) before.push(value);
  else members[name] = [before, value];
}

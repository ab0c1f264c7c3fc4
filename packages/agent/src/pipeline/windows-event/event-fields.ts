/**
 * The parts of an event that rows are made of, taken out of its element tree in one pass. What
 * an event does not say is `undefined`, and so left out of its row: nothing is made up.
 */
import type { EventElement } from '@dcr-agent/schema';
import { integer } from './cell-values.ts';

export interface EventFields {
  readonly provider: string | undefined;
  /** Name under which a classic provider is registered. */
  readonly eventSourceName: string | undefined;
  readonly eventId: number | undefined;
  readonly version: number | undefined;
  readonly level: number | undefined;
  readonly task: number | undefined;
  readonly opcode: string | undefined;
  /** As stored: a mask of 64 bits in hexadecimal. */
  readonly keywords: string | undefined;
  /** As stored, up to nine fraction digits. */
  readonly systemTime: string | undefined;
  readonly eventRecordId: string | undefined;
  readonly activityId: string | undefined;
  readonly processId: number | undefined;
  readonly threadId: number | undefined;
  readonly channel: string | undefined;
  readonly computer: string | undefined;
  /** A SID. */
  readonly userId: string | undefined;
  /** `EventData`, `UserData` or, rarely, `ProcessingErrorData` and its like. */
  readonly data: EventElement | undefined;
  /** `RenderingInfo/Message` of an event forwarded with its text. */
  readonly message: string | undefined;
}

type FieldsInMaking = { -readonly [Field in keyof EventFields]: EventFields[Field] };

export function eventFields(event: EventElement): EventFields {
  const fields = noFields();
  for (const part of event.children) {
    if (part.name === 'System') readSystem(part, fields);
    else if (part.name === 'RenderingInfo') fields.message = messageOf(part);
    else fields.data ??= part;
  }
  return fields;
}

function readSystem(system: EventElement, fields: FieldsInMaking): void {
  for (const element of system.children) {
    const text = element.value?.text;
    switch (element.name) {
      case 'Provider':
        fields.provider = attribute(element, 'Name');
        fields.eventSourceName = attribute(element, 'EventSourceName');
        break;
      case 'EventID':
        fields.eventId = integer(text);
        break;
      case 'Version':
        fields.version = integer(text);
        break;
      case 'Level':
        fields.level = integer(text);
        break;
      case 'Task':
        fields.task = integer(text);
        break;
      case 'Opcode':
        fields.opcode = text;
        break;
      case 'Keywords':
        fields.keywords = text;
        break;
      case 'TimeCreated':
        fields.systemTime = attribute(element, 'SystemTime');
        break;
      case 'EventRecordID':
        fields.eventRecordId = text;
        break;
      case 'Correlation':
        fields.activityId = attribute(element, 'ActivityID');
        break;
      case 'Execution':
        fields.processId = integer(attribute(element, 'ProcessID'));
        fields.threadId = integer(attribute(element, 'ThreadID'));
        break;
      case 'Channel':
        fields.channel = text;
        break;
      case 'Computer':
        fields.computer = text;
        break;
      case 'Security':
        fields.userId = attribute(element, 'UserID');
        break;
    }
  }
}

function messageOf(renderingInfo: EventElement): string | undefined {
  return renderingInfo.children.find(({ name }) => name === 'Message')?.value?.text;
}

export function attribute(element: EventElement, name: string): string | undefined {
  for (const candidate of element.attributes) {
    if (candidate.name === name) return candidate.value.text;
  }
  return undefined;
}

function noFields(): FieldsInMaking {
  return {
    provider: undefined,
    eventSourceName: undefined,
    eventId: undefined,
    version: undefined,
    level: undefined,
    task: undefined,
    opcode: undefined,
    keywords: undefined,
    systemTime: undefined,
    eventRecordId: undefined,
    activityId: undefined,
    processId: undefined,
    threadId: undefined,
    channel: undefined,
    computer: undefined,
    userId: undefined,
    data: undefined,
    message: undefined,
  };
}

/** A short way to write the XML of an event. */

export interface EventFields {
  readonly provider?: string;
  readonly eventId?: number;
  readonly level?: number;
  readonly keywords?: string;
  readonly time?: string;
  readonly channel?: string;
  readonly computer?: string;
  readonly userId?: string;
  /** `Data` elements by name. */
  readonly data?: Readonly<Record<string, string>>;
}

export function eventXml(fields: EventFields = {}): string {
  const userId = fields.userId === undefined ? '' : ` UserID="${escapeXml(fields.userId)}"`;
  const data = Object.entries(fields.data ?? {}).map(
    ([name, text]) => `<Data Name="${escapeXml(name)}">${escapeXml(text)}</Data>`,
  );
  return [
    '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>',
    `<Provider Name="${escapeXml(fields.provider ?? 'Test-Provider')}"/>`,
    `<EventID>${fields.eventId ?? 1}</EventID><Version>0</Version><Level>${fields.level ?? 4}</Level>`,
    '<Task>0</Task><Opcode>0</Opcode>',
    `<Keywords>${fields.keywords ?? '0x8000000000000000'}</Keywords>`,
    `<TimeCreated SystemTime="${fields.time ?? '2025-06-08T07:12:52.1635583Z'}"/>`,
    '<Correlation/><Execution ProcessID="780" ThreadID="4632"/>',
    `<Channel>${escapeXml(fields.channel ?? 'Application')}</Channel>`,
    `<Computer>${escapeXml(fields.computer ?? 'host1.example.com')}</Computer><Security${userId}/>`,
    `</System><EventData>${data.join('')}</EventData></Event>`,
  ].join('');
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** Events that carry a number, so that each can be found again. */

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event';

export function numberedEvent(n: number, channel = 'Application', level = 4): string {
  const second = String(n % 60).padStart(2, '0');
  return `<Event xmlns="${NAMESPACE}"><System><Provider Name="Numbers"/><EventID>${1000 + (n % 7)}</EventID><Version>0</Version><Level>${level}</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime="2026-11-20T10:00:${second}.0000000Z"/><EventRecordID>${n}</EventRecordID><Correlation/><Execution ProcessID="4" ThreadID="8"/><Channel>${channel}</Channel><Computer>node1</Computer><Security/></System><EventData><Data Name="Number">${n}</Data></EventData></Event>`;
}

/** The number of a row of the Event table. */
export function numberOfEventRow(row: Readonly<Record<string, unknown>>): number {
  return Number(/<Param>(\d+)<\/Param>/.exec(String(row.ParameterXml))?.[1]);
}

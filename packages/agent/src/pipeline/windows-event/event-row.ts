/** Rows of the Event table. Source of the columns: Azure Monitor Logs reference, "Event". */
import type { EventElement } from '@dcr-agent/schema';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import { escapeText } from '../../xml-escape.ts';
import type { RowContext } from '../record-stage.ts';
import { levelName, timeGenerated } from './cell-values.ts';
import { eventFields } from './event-fields.ts';
import { dataMarkup } from './event-markup.ts';

export function eventRow({ event }: WindowsEventRecord, context: RowContext): object {
  const fields = eventFields(event);
  const time = timeGenerated(fields.systemTime);
  return {
    TimeGenerated: time,
    Source: fields.eventSourceName ?? fields.provider,
    EventLog: fields.channel,
    EventID: fields.eventId,
    EventLevel: fields.level,
    EventLevelName: levelName(fields.level),
    EventCategory: fields.task,
    Computer: fields.computer ?? context.computer,
    UserName: userName(fields.userId),
    ParameterXml: parameterXml(fields.data),
    EventData: dataItem(fields.data, time, context.agentId),
    // Message resources are not at hand; only an event forwarded with its text has one.
    RenderedDescription: fields.message,
    SourceSystem: 'OpsManager',
  };
}

/** Accounts every machine has; others stay SIDs, as the reference agent leaves them. */
const WELL_KNOWN_ACCOUNTS: ReadonlyMap<string, string> = new Map([
  ['S-1-5-18', 'NT AUTHORITY\\SYSTEM'],
  ['S-1-5-19', 'NT AUTHORITY\\LOCAL SERVICE'],
  ['S-1-5-20', 'NT AUTHORITY\\NETWORK SERVICE'],
]);

function userName(sid: string | undefined): string {
  return sid === undefined ? 'N/A' : (WELL_KNOWN_ACCOUNTS.get(sid) ?? sid);
}

/** Values only, empty ones included: queries count them. */
function parameterXml(data: EventElement | undefined): string | undefined {
  if (data?.name !== 'EventData') return undefined;
  let xml = '';
  for (const { name, value } of data.children) {
    if (name === 'Data') xml += `<Param>${escapeText(value?.text ?? '')}</Param>`;
  }
  return xml === '' ? undefined : xml;
}

/** The wrapper queries know: `parse_xml(EventData).DataItem.EventData.Data`. */
function dataItem(
  data: EventElement | undefined,
  time: string | undefined,
  agentId: string,
): string | undefined {
  if (data === undefined) return undefined;
  const timeAttribute = time === undefined ? '' : ` time="${time}"`;
  const head = `<DataItem Type="System.XmlData"${timeAttribute} sourceHealthServiceId="${agentId}">`;
  return `${head}${dataMarkup(data)}</DataItem>`;
}

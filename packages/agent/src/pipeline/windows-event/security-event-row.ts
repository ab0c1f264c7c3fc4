/**
 * Rows of the SecurityEvent table. An item of the event whose name is a column becomes that
 * column; EventData keeps what a published query may look for there. Source of the columns:
 * Azure Monitor Logs reference, "SecurityEvent"; how the derived ones are made is inferred from
 * their descriptions, samples and published queries (see the README).
 */
import type { ColumnType, EventElement } from '@dcr-agent/schema';
import { findTable } from '@dcr-agent/schema/streams';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RowContext } from '../record-stage.ts';
import { integer, levelName, timeGenerated } from './cell-values.ts';
import { type EventFields, eventFields } from './event-fields.ts';
import { dataMarkup } from './event-markup.ts';
import { itemName, payloadItems } from './event-payload.ts';
import { logonTypeName } from './logon-types.ts';
import { SECURITY_AUDITING, securityActivity } from './security-activities.ts';

/** Columns that are not the event's to fill; an item of such a name stays in EventData. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(
  `TimeGenerated Computer Channel EventID EventSourceName Activity Task Level EventLevelName Opcode
  Keywords Version EventRecordId Correlation SystemProcessId SystemThreadId SystemUserId Account
  AccountType SubjectAccount TargetAccount LogonTypeName Process EventData SourceComputerId
  SourceSystem AzureDeploymentID ManagementGroupName StorageAccount`.split(/\s+/),
);

const ITEM_COLUMNS: ReadonlyMap<string, ColumnType> = new Map(
  [...findTable('SecurityEvent')!.columns].filter(([name]) => !OWN_COLUMNS.has(name)),
);

export function securityEventRow({ event }: WindowsEventRecord, context: RowContext): object {
  const fields = eventFields(event);
  const { columns, others } = promote(payloadItems(fields.data));
  const subject = account(columns.SubjectDomainName, columns.SubjectUserName);
  const target = account(columns.TargetDomainName, columns.TargetUserName);
  // "The account that made the action": a logon is made by the account that is logged on.
  const isLogon = columns.LogonType !== undefined;
  const actor = isLogon ? (target ?? subject) : (subject ?? target);
  return {
    TimeGenerated: timeGenerated(fields.systemTime),
    Computer: fields.computer ?? context.computer,
    Channel: fields.channel,
    EventID: fields.eventId,
    EventSourceName: fields.provider,
    Activity: securityActivity(fields.provider, fields.eventId),
    Task: fields.task,
    Level: fields.level?.toString(),
    EventLevelName: levelName(fields.level),
    Opcode: fields.opcode,
    Keywords: fields.keywords,
    Version: fields.version,
    EventRecordId: fields.eventRecordId,
    Correlation: fields.activityId,
    SystemProcessId: fields.processId,
    SystemThreadId: fields.threadId,
    SystemUserId: fields.userId,
    Account: actor,
    AccountType: accountType(actor),
    SubjectAccount: subject,
    TargetAccount: target,
    LogonTypeName: logonTypeName(columns.LogonType),
    Process: fileName(columns.ProcessName ?? columns.NewProcessName),
    ...columns,
    EventData: eventData(fields, others),
    SourceComputerId: context.agentId,
    SourceSystem: 'OpsManager',
  };
}

type Cell = string | number | undefined;

interface Promoted {
  readonly columns: Readonly<Record<string, Cell>>;
  /** Items that are no column, or hold what their column cannot. */
  readonly others: readonly EventElement[];
}

function promote(items: readonly EventElement[]): Promoted {
  const columns: Record<string, Cell> = {};
  const others: EventElement[] = [];
  for (const item of items) {
    const name = itemName(item);
    const type = ITEM_COLUMNS.get(name);
    if (type !== undefined && isEmpty(item)) continue;
    const cell = type === undefined || columns[name] !== undefined ? undefined : cellOf(item, type);
    if (cell === undefined) others.push(item);
    else columns[name] = cell;
  }
  return { columns, others };
}

function isEmpty(item: EventElement): boolean {
  return item.value === null && item.children.length === 0;
}

function cellOf(item: EventElement, type: ColumnType): Cell {
  const text = item.value?.text;
  return type === 'int' ? integer(text) : text;
}

/** `DOMAIN\user`, `\user` without a domain; `undefined` when the event names no user. */
function account(domain: Cell, user: Cell): string | undefined {
  if (user === undefined || user === '-') return undefined;
  return `${domain === undefined || domain === '-' ? '' : domain}\\${user}`;
}

function accountType(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  return name.endsWith('$') ? 'Machine' : 'User';
}

function fileName(path: Cell): string | undefined {
  return typeof path === 'string' ? path.slice(path.lastIndexOf('\\') + 1) : undefined;
}

/**
 * Events whose items live in columns alone. 4625 is confirmed by samples; the others have columns
 * that no other event fills. All other events keep their data whole, even where columns repeat
 * it: that is how the service stores them, and published queries read them there.
 */
const EVENTS_IN_COLUMNS: ReadonlySet<number | undefined> = new Set([4624, 4625, 4648, 4688]);

function eventData(
  { data, eventId, provider }: EventFields,
  others: readonly EventElement[],
): Cell {
  if (data === undefined || isEmpty(data)) return undefined;
  const isInColumns = provider === SECURITY_AUDITING && EVENTS_IN_COLUMNS.has(eventId);
  if (!isInColumns) return dataMarkup(data);
  return others.length === 0 ? undefined : dataMarkup(data, others);
}

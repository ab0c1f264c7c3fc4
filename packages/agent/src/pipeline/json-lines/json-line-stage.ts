/**
 * JSON logs: every line is an object, whose members become the columns of the same name. Source:
 * Azure Monitor, "Collect JSON file data", read 2026-11: names are matched exactly, members that
 * are not declared are dropped. What a column takes is in `column-value.ts`.
 */
import type { Column, JsonFlow } from '@dcr-agent/schema';
import type { LineRecord } from '../../record.ts';
import { JsonBytes } from '../json-bytes.ts';
import { JsonLiteral } from '../json-literal.ts';
import type { RecordStage, RowContext } from '../record-stage.ts';
import { Remarks } from '../remarks.ts';
import { type ColumnValue, columnValue, NO_VALUE } from './column-value.ts';
import { JsonObjectScan, type Member } from './json-object-scan.ts';
import { KnownMembers, NO_COLUMN, nameOf } from './known-members.ts';

const ROOM_BYTES = 4096;
const OPEN = 0x7b;
const COMMA = 0x2c;
const CLOSE = 0x7d;
const DROPPED = 'members without a column';
const REPEATED = 'members that come twice in an object';

/** Writes the row of an object that was scanned. */
type WriteRow = (scan: JsonObjectScan, record: LineRecord, out: JsonBytes) => void;

export function jsonLineStage(flow: JsonFlow, context: RowContext): RecordStage<LineRecord> {
  const remarks = new Remarks();
  const scan = new JsonObjectScan();
  // Made once, when the record is looked at, and copied for each protocol.
  const row = new JsonBytes(ROOM_BYTES);
  const write =
    flow.columns === undefined
      ? allMembers(remarks)
      : declaredMembers(flow.columns, context, remarks);
  return {
    keep: () => true,
    refusal(record) {
      const reason = scan.scan(record.bytes, record.start, record.end);
      if (reason !== undefined) return reason;
      row.truncate(0);
      row.byte(OPEN);
      write(scan, record, row);
      row.byte(CLOSE);
      return undefined;
    },
    row: () => (_, out) => out.bytes(row.content()),
    takeRemarks: () => remarks.take(),
  };
}

/** A column, ready to be written. */
interface PreparedColumn extends Column {
  /** `"name":` */
  readonly key: JsonLiteral;
  readonly wrong: string;
  /** What stands in a row whose object has no value, as JSON. */
  readonly otherwise: ((record: LineRecord) => string) | undefined;
}

function declaredMembers(
  columns: readonly Column[],
  context: RowContext,
  remarks: Remarks,
): WriteRow {
  const prepared = columns.map((column) => prepare(column, context));
  const known = new KnownMembers(columns);
  const chosen: (Member | undefined)[] = [];
  return ({ members, count }, record, out) => {
    chosen.fill(undefined);
    for (let i = 0; i < count; i++) {
      const member = members[i]!;
      const at = known.columnOf(record.bytes, member, i);
      if (at === NO_COLUMN) remarks.add(DROPPED);
      else {
        if (chosen[at] !== undefined) remarks.add(REPEATED);
        chosen[at] = member;
      }
    }
    const start = out.length;
    for (let at = 0; at < prepared.length; at++) {
      const column = prepared[at]!;
      const value = jsonOf(column, chosen[at], record, remarks);
      if (value === undefined) continue;
      if (out.length > start) out.byte(COMMA);
      out.raw(column.key);
      if (typeof value === 'string') out.json(value);
      else out.part(record.bytes, value.start, value.end);
    }
  };
}

/** JSON, or the member whose value is taken as it is; `undefined` for null. */
function jsonOf(
  column: PreparedColumn,
  member: Member | undefined,
  record: LineRecord,
  remarks: Remarks,
): string | Member | undefined {
  if (member !== undefined && member.kind !== 'null') {
    const value: ColumnValue = columnValue(column.type, record.bytes, member);
    if (typeof value === 'object') return value.json;
    if (value !== NO_VALUE) return member;
    remarks.add(column.wrong);
  }
  return column.otherwise?.(record);
}

function prepare(column: Column, context: RowContext): PreparedColumn {
  const { name, type } = column;
  return {
    ...column,
    key: new JsonLiteral(`${JSON.stringify(name)}:`),
    wrong: `values that are no ${type}: ${name}`,
    otherwise: fillerOf(column, context),
  };
}

/** Columns that the agent fills where the object does not. */
function fillerOf({ name, type }: Column, { computer }: RowContext): PreparedColumn['otherwise'] {
  if (name === 'TimeGenerated' && type === 'datetime') return timeOf;
  if (type !== 'string') return undefined;
  if (name === 'FilePath') return ({ filePath }) => JSON.stringify(filePath);
  if (name === 'Computer') return () => JSON.stringify(computer);
  return undefined;
}

/** Of streams whose columns are not known: the object as it is, each name once. */
function allMembers(remarks: Remarks): WriteRow {
  return ({ members, count }, record, out) => {
    const last = new Map<string, Member>();
    for (const member of members.slice(0, count)) {
      const name = nameOf(record.bytes, member);
      if (last.has(name)) remarks.add(REPEATED);
      last.set(name, member);
    }
    if (!last.has('TimeGenerated')) out.json(`"TimeGenerated":${timeOf(record)}`);
    const start = out.length;
    for (const { nameStart, end } of last.values()) {
      if (out.length > start || !last.has('TimeGenerated')) out.byte(COMMA);
      out.part(record.bytes, nameStart - 1, end);
    }
  };
}

function timeOf({ timeMs }: LineRecord): string {
  return `"${new Date(timeMs).toISOString()}"`;
}

/**
 * Rows of logs in W3C format. Which value is which is said by the `#Fields` in front of the row,
 * and what it becomes by the kind of log.
 */
import type { LineRecord, W3cHeader } from '../../record.ts';
import {
  createLocalTime,
  systemUtcOffsetMinutes,
  type WallToEpochMs,
} from '../../time/local-time.ts';
import { JsonBytes } from '../json-bytes.ts';
import type { RecordStage } from '../record-stage.ts';
import { Remarks } from '../remarks.ts';
import { W3cRow } from './w3c-row.ts';
import type { FieldTarget, W3cShape } from './w3c-target.ts';
import { W3cValues } from './w3c-values.ts';

/** Stable words; they stand in the ledger. */
const NO_FIELDS = 'W3C row before any #Fields';
const OTHER_COUNT = 'W3C row with more or fewer values than #Fields';
const NO_TIME = 'W3C row without a valid time';

const ROOM_BYTES = 4096;
const INT_MAX = 2 ** 31 - 1;
const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** The fields of a header and what they become. */
interface Layout {
  readonly header: W3cHeader | undefined;
  readonly names: readonly string[];
  readonly targets: readonly (FieldTarget | undefined)[];
  readonly date: number;
  readonly time: number;
}

export function w3cStage(
  shape: W3cShape,
  toEpochMs: WallToEpochMs = createLocalTime(systemUtcOffsetMinutes),
): RecordStage<LineRecord> {
  const remarks = new Remarks();
  const values = new W3cValues();
  const row = new JsonBytes(ROOM_BYTES);
  let layout = layoutOf(undefined, shape);
  return {
    keep: () => true,
    refusal(record) {
      if (layout.header !== record.header) layout = layoutOf(record.header, shape);
      if (layout.names.length === 0) return NO_FIELDS;
      values.split(record.bytes, record.start, record.end);
      if (values.count !== layout.names.length) return OTHER_COUNT;
      const timeMs = timeOf(layout, values, record, toEpochMs);
      if (Number.isNaN(timeMs)) return NO_TIME;
      row.truncate(0);
      writeRow({ shape, layout, values, remarks }, timeMs, row);
      return undefined;
    },
    row: () => (_, out) => out.bytes(row.content()),
    takeRemarks: () => remarks.take(),
  };
}

function layoutOf(header: W3cHeader | undefined, shape: W3cShape): Layout {
  const names = (header?.fields ?? '').split(/[ \t]+/).filter((name) => name !== '');
  const lower = names.map((name) => name.toLowerCase());
  return {
    header,
    names,
    targets: names.map((name) => shape.targetOf(name)),
    date: lower.indexOf('date'),
    time: lower.indexOf('time'),
  };
}

/** Of the row; without a date the last `#Date` holds, without a time that of reading. */
function timeOf(
  { header, date, time }: Layout,
  values: W3cValues,
  { timeMs }: LineRecord,
  toEpochMs: WallToEpochMs,
): number {
  const day = date >= 0 ? values.text(date) : header?.date;
  if (time < 0 || day === undefined) return timeMs;
  const clock = values.text(time);
  if (!DATE.test(day) || !TIME.test(clock)) return Number.NaN;
  const wallMs = Date.parse(`${day}T${clock}Z`);
  // `Date.parse` lets 30 February pass as 2 March.
  if (Number.isNaN(wallMs) || new Date(wallMs).getUTCDate() !== Number(day.slice(8))) {
    return Number.NaN;
  }
  return header?.isLocalTime ? toEpochMs(wallMs) : wallMs;
}

interface RowParts {
  readonly shape: W3cShape;
  readonly layout: Layout;
  readonly values: W3cValues;
  readonly remarks: Remarks;
}

function writeRow(
  { shape, layout, values, remarks }: RowParts,
  timeMs: number,
  out: JsonBytes,
): void {
  const row = new W3cRow(out);
  const time = new Date(timeMs).toISOString();
  for (const column of ['TimeGenerated', ...shape.times]) row.text(column, time);
  for (const [column, value] of Object.entries(shape.fixed)) row.value(column, value);
  const others: Record<string, string> = {};
  for (const [i, name] of layout.names.entries()) {
    if (i === layout.date || i === layout.time || values.isNone(i)) continue;
    const target = layout.targets[i];
    const text = values.text(i);
    if (target !== undefined) writeField(target, text, { shape, row, remarks });
    else if (shape.others === undefined) remarks.add(`fields without a column: ${name}`);
    else others[name] = text;
  }
  if (shape.others !== undefined) row.value(shape.others, others);
  row.end();
}

function writeField(
  { column, type, values }: FieldTarget,
  text: string,
  { shape, row, remarks }: { shape: W3cShape; row: W3cRow; remarks: Remarks },
): void {
  if (type !== 'string') {
    const isNumber =
      /^-?\d{1,18}$/.test(text) && (type === 'long' || Math.abs(Number(text)) <= INT_MAX);
    if (isNumber) row.digits(column, text);
    else remarks.add(`values that are no ${type}: ${column}`);
    return;
  }
  const key = text.toLowerCase();
  const value = values !== undefined && Object.hasOwn(values, key) ? values[key]! : text;
  row.text(column, value);
  for (const { from, to, of } of shape.derived ?? []) if (from === column) row.text(to, of(value));
}

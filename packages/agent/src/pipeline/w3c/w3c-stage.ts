/**
 * Rows of logs in W3C format. Which value is which is said by the `#Fields` in front of the row,
 * and what it becomes by the kind of log.
 */
import type { LineRecord } from '../../record.ts';
import {
  createLocalTime,
  systemUtcOffsetMinutes,
  type WallToEpochMs,
} from '../../time/local-time.ts';
import { JsonBytes } from '../json-bytes.ts';
import type { RecordStage } from '../record-stage.ts';
import { Remarks } from '../remarks.ts';
import { w3cLayout } from './w3c-layout.ts';
import { W3cRow } from './w3c-row.ts';
import type { W3cShape } from './w3c-target.ts';
import { W3cTime } from './w3c-time.ts';
import { W3cValues } from './w3c-values.ts';

/** Stable words; they stand in the ledger. */
const NO_FIELDS = 'W3C row before any #Fields';
const OTHER_COUNT = 'W3C row with more or fewer values than #Fields';
const NO_TIME = 'W3C row without a valid time';

const ROOM_BYTES = 4096;

export function w3cStage(
  shape: W3cShape,
  toEpochMs: WallToEpochMs = createLocalTime(systemUtcOffsetMinutes),
): RecordStage<LineRecord> {
  const remarks = new Remarks();
  const values = new W3cValues();
  const times = new W3cTime(toEpochMs);
  const row = new W3cRow(shape, remarks);
  // Made once, when the record is looked at, and copied for each protocol.
  const out = new JsonBytes(ROOM_BYTES);
  let layout = w3cLayout(undefined, shape);
  return {
    keep: () => true,
    refusal(record) {
      if (layout.header !== record.header) layout = w3cLayout(record.header, shape);
      if (layout.fieldCount === 0) return NO_FIELDS;
      values.split(record.bytes, record.start, record.end);
      if (values.count !== layout.fieldCount) return OTHER_COUNT;
      const time = times.of(layout, values, record.timeMs);
      if (time === undefined) return NO_TIME;
      out.truncate(0);
      row.write(layout, values, time, out);
      return undefined;
    },
    row: () => (_, to) => to.bytes(out.content()),
    takeRemarks: () => remarks.take(),
  };
}

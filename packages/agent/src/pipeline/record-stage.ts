/** What one flow does with one record: keep it or not, and which row it becomes. */
import type { Protocol } from '@dcr-agent/schema';
import type { JsonBytes } from './json-bytes.ts';

export interface RecordStage<R> {
  /** Does the rule select this record, at this moment (epoch milliseconds)? Pure and total. */
  keep(record: R, nowMs: number): boolean;
  /**
   * Why a kept record can be no row, in stable short words, never data; `undefined` when it can.
   * Asked once, before its rows are written.
   */
  refusal?(record: R): string | undefined;
  /**
   * How a kept record looks on a protocol: `ods` items as the ODS endpoint takes them, `gig`
   * rows with the table's or stream's columns.
   */
  row(protocol: Protocol): RowWriter<R>;
  /** What became of parts of records since the last call: how many times, by stable words. */
  takeRemarks?(): ReadonlyMap<string, number>;
}

/** Writes a record as one JSON object. */
export type RowWriter<R> = (record: R, out: JsonBytes) => void;

/** Writes the object a record is shaped to; members that are `undefined` are left out. */
export function shapedRow<R>(shape: (record: R) => object): RowWriter<R> {
  return (record, out) => out.json(JSON.stringify(shape(record)));
}

/** Facts about this machine that rows carry. */
export interface RowContext {
  /** Host name, in the `Computer` column. */
  readonly computer: string;
  /** First address of the machine, or `Unknown IP` as the reference agents write. */
  readonly hostIp: string;
  /** Stable GUID of this installation. */
  readonly agentId: string;
}

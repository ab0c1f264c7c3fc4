/** What one flow does with one record: keep it or not, and which row it becomes. */
import type { Protocol } from '@dcr-agent/schema';

export interface RecordStage<R> {
  /** Does the rule select this record, at this moment (epoch milliseconds)? Pure and total. */
  keep(record: R, nowMs: number): boolean;
  /**
   * How a kept record looks on a protocol: `ods` items as the ODS endpoint takes them, `gig`
   * rows with the table's or stream's columns. Members that are `undefined` are left out.
   */
  shape(protocol: Protocol): (record: R) => object;
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

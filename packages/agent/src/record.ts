/**
 * The data that flows: what a source hands to the pipelines. Records are read-only; a batch
 * carries the cursors that may be committed once all of its records are durable. What a Windows
 * event is, `eventlog/windows-event-record.ts` says.
 */

/**
 * Where a source stands, in the source's own words (JSON text). A source may keep several,
 * one per file, each under its own key below the source's key.
 */
export interface CursorUpdate {
  readonly key: string;
  /** `null` forgets the cursor. */
  readonly value: string | null;
}

/** Something read that could not be made a record; counted in the ledger under its reason. */
export interface SourceReject {
  /** Stable short words, such as `damaged record`; never contains data. */
  readonly reason: string;
  readonly count: number;
}

export interface Batch<R> {
  readonly records: readonly R[];
  readonly cursors: readonly CursorUpdate[];
  readonly rejects?: readonly SourceReject[];
}

/** One syslog message, its header taken apart. */
export interface SyslogRecord {
  /** 0–23 as in RFC 5424 §6.2.1, or -1 where the message carried no priority. */
  readonly facility: number;
  /** 0–7, or -1 where the message carried no priority. */
  readonly severity: number;
  /** Time in the message, epoch milliseconds; `null` when there was none that could be read. */
  readonly eventTimeMs: number | null;
  /** Time of arrival, epoch milliseconds. */
  readonly receivedAtMs: number;
  readonly host: string;
  /** Address of the sender; empty for local sockets. */
  readonly senderAddress: string;
  /** Program, `APP-NAME` or tag. */
  readonly ident: string;
  readonly processId: string;
  readonly message: string;
}

/** One line of a text log. */
export interface LineRecord {
  readonly line: string;
  readonly filePath: string;
  readonly readAtMs: number;
}

/** A sign of life. */
export interface HeartbeatRecord {
  readonly atMs: number;
}

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

/**
 * Records that are looked at one after another. Each is good for the call only: a source may
 * show one object again and again, so that a record costs none.
 */
export interface Records<R> {
  readonly count: number;
  each(visit: (record: R) => void): void;
}

/** Records that are objects of their own. */
export function listed<R>(records: readonly R[]): Records<R> {
  return {
    count: records.length,
    each(visit) {
      for (const record of records) visit(record);
    },
  };
}

export interface Batch<R> {
  readonly records: Records<R>;
  readonly cursors: readonly CursorUpdate[];
  readonly rejects?: readonly SourceReject[];
}

/** One syslog message, in the bytes it came in. */
export interface SyslogRecord {
  /** 0–23 as in RFC 5424 §6.2.1, or -1 where the message carried no priority. */
  readonly facility: number;
  /** 0–7, or -1 where the message carried no priority. */
  readonly severity: number;
  /** Time of arrival, epoch milliseconds. */
  readonly receivedAtMs: number;
  /** Address of the sender; empty for local sockets. */
  readonly senderAddress: string;
  /** UTF-8 that is valid. */
  readonly bytes: Buffer;
  /** Taken apart at the first use. */
  readonly parts: SyslogParts;
  /** Why it is not to be collected, whatever rules say: stable short words. */
  readonly refusal?: string | undefined;
}

/** Messages of syslog where they lie, for a stage that takes many apart at once. */
export interface SyslogMessages extends Records<SyslogRecord> {
  readonly groups: readonly SyslogGroup[];
  /** Whether all of a group, or one, are UTF-8. */
  isText(group: SyslogGroup, index?: number): boolean;
  /** Shows one of a group, as `each` does. */
  show(group: SyslogGroup, index: number, visit: (record: SyslogRecord) => void): void;
}

/** Messages that came together in one piece of memory. */
export interface SyslogGroup {
  /** Any bytes at all. */
  readonly bytes: Buffer;
  readonly arrival: Pick<SyslogRecord, 'receivedAtMs' | 'senderAddress'>;
  /** Start and end of each, in turn. */
  readonly places: readonly number[];
}

/** Where the parts of a message stand in its bytes. One that is missing is empty. */
export interface SyslogParts {
  /** Time in the message, epoch milliseconds; `NaN` when there was none that could be read. */
  readonly eventTimeMs: number;
  readonly hostStart: number;
  readonly hostEnd: number;
  /** Program, `APP-NAME` or tag. */
  readonly identStart: number;
  readonly identEnd: number;
  readonly processIdStart: number;
  readonly processIdEnd: number;
  readonly messageStart: number;
  readonly messageEnd: number;
}

/** One line of a log file, or some that are one record, in the bytes it was read in. */
export interface LineRecord {
  /** UTF-8 that is valid, from `start` to before `end`. */
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly filePath: string;
  /** Epoch milliseconds; the time the record begins with, else that of reading. */
  readonly timeMs: number;
  /** In logs in W3C format. */
  readonly header?: W3cHeader | undefined;
}

/** What a log in W3C format says of its rows. Rows that share one share the object. */
export interface W3cHeader {
  /** Names of the fields, as they stand behind `#Fields:`; empty: there was none yet. */
  readonly fields: string;
  /** `2025-03-01`: the last `#Date:`. */
  readonly date?: string;
  /** `#Time Format: Local`; without it times are UTC. */
  readonly isLocalTime?: true;
}

/** Lines of one file where they lie, for a stage that takes many at once. */
export interface TextLines extends Records<LineRecord> {
  readonly bytes: Buffer;
  /** Start and end of each line, in turn. */
  readonly places: readonly number[];
  /** These are the lines from one on to before another. */
  readonly from: number;
  readonly to: number;
  readonly filePath: string;
  /** Time of all of them; `NaN` where each has its own. */
  readonly timeMs: number;
  /** Whether all of them are UTF-8. */
  readonly isText: boolean;
}

/** What one counter was worth in one minute, on the instances that were sampled. */
export interface MetricMinute {
  /** When the minute began. */
  readonly startMs: number;
  readonly object: string;
  readonly counter: string;
  /** One of the counters of VM insights. */
  readonly isInsights: boolean;
  readonly series: readonly MetricSeries[];
}

export interface MetricSeries {
  readonly instance: string;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  /** Of samples, at least one. */
  readonly count: number;
}

/** What one performance counter of one instance was worth at one moment. */
export interface CounterSample {
  readonly atMs: number;
  /** `Processor`, `Logical Disk`: as the catalogue of counters spells it, and so on. */
  readonly object: string;
  /** `0`, `/var`, `nginx`; `total` for the whole machine. */
  readonly instance: string;
  readonly counter: string;
  /** A finite number. */
  readonly value: number;
  /** What counters of VM insights say beside their value, such as the size of a disk. */
  readonly tags?: Readonly<Record<string, string | number>>;
}

/** Something an operator should know of the agent itself. */
export interface OperationRecord {
  readonly atMs: number;
  /** `Succeeded` ends what a warning or an error began. */
  readonly status: 'Warning' | 'Error' | 'Succeeded';
  /** The part of the agent it is about. */
  readonly category: 'Source' | 'Rule' | 'Buffer' | 'Destination' | 'Agent';
  /** What, where, and what to do; never data, never secrets. */
  readonly detail: string;
}

/** A sign of life. */
export interface HeartbeatRecord {
  readonly atMs: number;
}

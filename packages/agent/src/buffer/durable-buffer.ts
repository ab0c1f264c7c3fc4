/**
 * The durable buffer: everything between a source's read and a destination's acknowledgement.
 *
 * Records arrive as fragments and are gathered in *open* batches, one per outlet. A batch is
 * *sealed* when it is large or old enough; from then on it never changes, so its id can stand
 * for it on every resend. One sealed batch is stored once and referenced by every destination
 * that still has to receive it; the last acknowledgement deletes it.
 *
 * Records, cursors and ledger counts of one `append` become durable together or not at all.
 */
import type { PlannedDestination, Protocol } from '@dcr-agent/schema';
import type { Fragment } from '../fragment.ts';
import type { CursorUpdate } from '../record.ts';

/** Where records of one flow go in one encoding; batches are gathered per outlet. */
export interface Outlet {
  /** Id of the planned flow. */
  readonly flow: string;
  /** Agent-facing stream. */
  readonly stream: string;
  readonly solution?: string;
  readonly protocol: Protocol;
  /** Ids of destinations, all of `protocol`. */
  readonly destinations: readonly string[];
}

export interface Entry {
  readonly outlet: Outlet;
  readonly fragment: Fragment;
}

/** What one flow did with one source batch. */
export interface FlowCount {
  readonly flow: string;
  /** All destinations of the flow, whatever their protocol. */
  readonly destinations: readonly string[];
  readonly read: number;
  /** Not kept, because the rule says so. */
  readonly filtered: number;
  /** Could not be kept, because this agent could not read or shape them, by reason. */
  readonly rejected: readonly ReasonCount[];
  /** Would have been kept, and was lost before it could be stored, by reason. */
  readonly dropped?: readonly ReasonCount[];
  /** Fields of kept records that were cut, because they were longer than the service takes. */
  readonly truncatedFields?: number;
  /** What became of parts of these records, for the status: how many times, by stable words. */
  readonly remarks?: ReadonlyMap<string, number>;
}

export interface ReasonCount {
  readonly reason: string;
  readonly count: number;
}

export interface Commit {
  readonly entries: readonly Entry[];
  readonly cursors: readonly CursorUpdate[];
  readonly counts: readonly FlowCount[];
  /**
   * After much at once, nothing more is to be expected for a while: batches that its entries go
   * to need not wait for more.
   */
  readonly isPause?: boolean;
}

export interface SealedBatch {
  /** GUID; the same over every resend, restart and destination. */
  readonly id: string;
  readonly outlet: Outlet;
  readonly recordCount: number;
  /** Sum of the fragments' raw bytes, commas between fragments not counted. */
  readonly rawBytes: number;
  /** Epoch milliseconds of the first record's append. */
  readonly createdAtMs: number;
  readonly fragments: readonly Fragment[];
  /**
   * Whoever has read the batch may say so when nobody looks at its fragments any more: their
   * memory is then freed. Absent: there is nothing to free.
   */
  readonly release?: () => void;
}

/** What a destination answered to a batch it will never take. */
export interface FinalAnswer {
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** The service's own words. */
  readonly detail?: string;
}

/** What became of a request for one entry of the quarantine. */
export type QuarantineOutcome =
  | 'done'
  /** No entry has this number, any more. */
  | 'missing'
  /** The disk does not hold what was written: the records are counted as dropped. */
  | 'damaged';

/** Records that damage has cost one destination. */
export interface Loss {
  /** When it was noticed, epoch milliseconds. */
  readonly atMs: number;
  readonly flow: string;
  readonly destination: string;
  readonly records: number;
  /** When the first of their batches began; `null` where the damage hides it. */
  readonly fromMs: number | null;
  /** When the last of their batches began, or when the damaged file was last written. */
  readonly toMs: number;
}

/** A file that was moved out of the way of the buffer. */
export interface SetAsideFile {
  readonly path: string;
  readonly bytes: number;
}

/** A sealed batch that waits for a destination. */
export interface PendingBatch {
  readonly id: string;
  /** Its outlet's: what is refused or slow in one flow need not be so in another. */
  readonly flow: string;
  /** Where it stands in the order of delivery; compares as text. */
  readonly position: string;
}

/** A batch that was sealed just now, and everyone who is to receive it. */
export interface SealedNote {
  readonly batch: PendingBatch;
  readonly destinations: readonly string[];
}

/** Which of a destination's batches are asked for. */
export interface PendingRange {
  /** Of this flow only. */
  readonly flow?: string;
  /** Only those behind this position. */
  readonly after?: string;
}

export interface BufferUsage {
  /** Bytes on disk, write-ahead log included. */
  readonly diskBytes: number;
  readonly quotaBytes: number;
  /** What damage has cost so far, newest first; no more than the last hundred. */
  readonly losses: readonly Loss[];
  readonly setAside: readonly SetAsideFile[];
  /** Per destination: records and batches not yet acknowledged, open batches included. */
  readonly destinations: readonly {
    readonly destination: string;
    readonly records: number;
    readonly batches: number;
    readonly oldestCreatedAtMs: number | null;
  }[];
}

/** One row of the ledger: what became of every record of a flow, for one destination. */
export interface LedgerRow {
  readonly flow: string;
  readonly destination: string;
  readonly read: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly dropped: number;
  readonly delivered: number;
  /** Counted from what lies in the quarantine, not from the other columns. */
  readonly quarantined: number;
  /** Counted from the stored batches, not from the other columns. */
  readonly buffered: number;
  /** Of `rejected`, `dropped` and `quarantined`. */
  readonly reasons: readonly ReasonCount[];
}

/** Where a record can end; each is in exactly one of them, per flow and destination. */
export const OUTCOMES = [
  'filtered',
  'rejected',
  'dropped',
  'quarantined',
  'buffered',
  'delivered',
] as const;

/** `read` is the sum of all outcomes. */
export function isBalanced(row: LedgerRow): boolean {
  return row.read === OUTCOMES.reduce((sum, outcome) => sum + row[outcome], 0);
}

export interface DurableBuffer {
  /**
   * Stores one commit. Resolves once it survives the end of the process; a power cut takes back
   * what came in the second before, each commit whole. Rejects with `BUFFER_FULL`,
   * having stored nothing, when it would exceed the quota; after a while of that it may drop the
   * oldest records of a destination that is behind instead. Concurrent calls are committed
   * together, in call order. The memory of fragments that are stored is the buffer's from then on,
   * which may free it.
   */
  append(commit: Commit): Promise<void>;

  /** Cursors committed under a source's key, `<key>` and `<key>#…`, by full cursor key. */
  cursors(sourceKey: string): ReadonlyMap<string, string>;

  /** Seals open batches whose first record is at least `ageMs` old (0: all of them). */
  seal(ageMs: number): void;

  /**
   * Sealed batches this destination has not acknowledged, oldest first; their bodies stay on the
   * disk until `read`.
   */
  pending(destination: string, limit: number, range?: PendingRange): readonly PendingBatch[];

  /** Flows with sealed batches for a destination. Looks at all of them: not for every turn. */
  pendingFlows(destination: string): readonly string[];

  /** The whole batch, or `undefined` when it is gone, or the destination waits for it no more. */
  read(batchId: string, destination?: string): SealedBatch | undefined;

  /**
   * The destination has it: counts its records delivered and lets go of them. Holds at once, and
   * survives the end of the process after the next `append` or `seal`, and a power cut a second
   * later; what either takes back is pending again, under the same id. A full disk does not
   * refuse it: then it holds, and is stored when there is room. Acknowledging twice is harmless.
   */
  acknowledge(destination: string, batchId: string): void;

  /**
   * The destination will never take it: moves its records to the quarantine, with what was
   * answered, durably. `reason` is a few stable words. Where the quarantine has no room, its
   * oldest entries are dropped, and counted so. Other destinations are not affected.
   */
  reject(destination: string, batchId: string, reason: string, answer?: FinalAnswer): void;

  /**
   * Makes an entry of the quarantine a new sealed batch, for its destination only, durably.
   * Throws `BUFFER_FULL` where there is no room for that.
   */
  replayQuarantined(entry: number): QuarantineOutcome;

  /** Deletes an entry of the quarantine and counts its records as dropped, durably. */
  dropQuarantined(entry: number): QuarantineOutcome;

  /**
   * The destination is not to have it any more: counts its records as dropped under `reason` and
   * lets go of them, durably. Other destinations are not affected.
   */
  drop(destination: string, batchId: string, reason: string): void;

  /**
   * Replaces a batch, for this destination only, by two halves in the same order, durably; the
   * halves are not told to the listener. A batch of one record is not split and `undefined` is
   * returned.
   */
  split(destination: string, batchId: string): readonly [PendingBatch, PendingBatch] | undefined;

  /** Remembers destinations, so that a backlog can be delivered after its rule is gone. */
  rememberDestinations(destinations: readonly PlannedDestination[]): void;

  /** Remembered destinations that still have batches, open or sealed. */
  destinationsWithBacklog(): readonly PlannedDestination[];

  ledger(): readonly LedgerRow[];
  usage(): BufferUsage;

  /** Of the whole state directory, from now on; what is stored beyond it stays. */
  setQuota(quotaBytes: number): void;

  /**
   * Calls back after batches were sealed, and says which; without saying when others than these
   * may have become pending. At most one listener.
   */
  onSealed(listener: (sealed?: readonly SealedNote[]) => void): void;

  /** Commits what `append` has accepted, then closes. Later calls throw `BUFFER_CLOSED`. */
  close(): Promise<void>;
}

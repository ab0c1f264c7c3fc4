/**
 * A pipeline: everything the rules say about one source, compiled. For every flow it filters and
 * writes rows; what one flow does never affects another. Flows that are alike, those of several
 * rules that ask for the same, are done once. What it has made gathers until it is taken.
 *
 * `process` is synchronous and total. A record that cannot be shaped becomes a reject with a
 * reason; nothing is thrown for what a record contains.
 */
import type { PlannedFlow, Protocol } from '@dcr-agent/schema';
import type { FlowCount, Outlet } from '../buffer/durable-buffer.ts';
import type { Batch, CursorUpdate, Records } from '../record.ts';
import { FlowCounts } from './flow-counts.ts';
import { type Block, OutletRows } from './outlet-rows.ts';
import type { RecordStage, RowWriter } from './record-stage.ts';

/** What a pipeline has made of some batches: one commit, once it is compressed. */
export interface Portion {
  readonly blocks: readonly Block[];
  readonly cursors: readonly CursorUpdate[];
  readonly counts: readonly FlowCount[];
}

export interface Pipeline<R> {
  /** `nowMs` is the one moment, epoch milliseconds, that all records are measured against. */
  process(batch: Batch<R>, nowMs: number): void;
  /** Bytes of JSON gathered. */
  readonly bytes: number;
  /** What was gathered, the pipeline being empty again; `undefined` when it is nothing. */
  take(): Portion | undefined;
}

/** One flow with its record stage; `protocols` are those of its destinations. */
export interface CompiledFlow<R, F extends PlannedFlow = PlannedFlow> {
  readonly flow: F;
  readonly stage: RecordStage<R>;
  readonly destinations: ReadonlyMap<Protocol, readonly string[]>;
  /**
   * The same for flows that keep the same records and make the same rows of them; absent: none
   * does.
   */
  readonly likeness?: string;
  /** Done by the pipeline's bulk stage for records that allow it. */
  readonly isBulk?: boolean;
}

/** Does at once what the stages of flows do record by record, for records that allow it. */
export interface BulkStage<R> {
  /**
   * `flows`: one for each group of those that are alike and bulk, in their order. False, having
   * done nothing, for records it does not take.
   */
  process(records: Records<R>, flows: readonly BulkFlow[]): boolean;
}

/** Where a bulk stage puts what it makes. */
export interface BulkFlow {
  readonly counts: FlowCounts;
  readonly rows: ReadonlyMap<Protocol, OutletRows>;
}

export function createPipeline<R>(
  flows: readonly CompiledFlow<R>[],
  bulk?: BulkStage<R>,
): Pipeline<R> {
  return new FlowsPipeline(flows, bulk);
}

class FlowsPipeline<R> implements Pipeline<R> {
  readonly #flows: readonly RunningFlow<R>[];
  readonly #bulkFlows: readonly RunningFlow<R>[];
  readonly #otherFlows: readonly RunningFlow<R>[];
  /** The last value of each cursor. */
  readonly #cursors = new Map<string, string | null>();
  readonly #bulk: BulkStage<R> | undefined;
  #isEmpty = true;

  constructor(flows: readonly CompiledFlow<R>[], bulk: BulkStage<R> | undefined) {
    this.#flows = groupAlike(flows).map((group) => new RunningFlow(group));
    this.#bulkFlows = this.#flows.filter(({ isBulk }) => isBulk);
    this.#otherFlows = this.#flows.filter(({ isBulk }) => !isBulk);
    this.#bulk = bulk;
  }

  get bytes(): number {
    let bytes = 0;
    for (const flow of this.#flows) bytes += flow.bytes;
    return bytes;
  }

  process({ records, cursors, rejects = [] }: Batch<R>, nowMs: number): void {
    this.#isEmpty = false;
    const isDone = this.#bulk?.process(records, this.#bulkFlows) === true;
    const flows = isDone ? this.#otherFlows : this.#flows;
    if (flows.length > 0) {
      records.each((record) => {
        for (const flow of flows) flow.process(record, nowMs);
      });
    }
    for (const flow of this.#flows) flow.counts.rejectUnread(rejects);
    for (const { key, value } of cursors) this.#cursors.set(key, value);
  }

  take(): Portion | undefined {
    if (this.#isEmpty) return undefined;
    this.#isEmpty = true;
    const cursors = [...this.#cursors].map(([key, value]) => ({ key, value }));
    this.#cursors.clear();
    return {
      blocks: this.#flows.flatMap((flow) => flow.takeBlocks()),
      cursors,
      counts: this.#flows.flatMap((flow) => flow.takeCounts()),
    };
  }
}

/** One encoding of a flow. */
interface Encoding<R> {
  readonly row: RowWriter<R>;
  readonly rows: OutletRows;
}

class RunningFlow<R> implements BulkFlow {
  readonly counts: FlowCounts;
  readonly rows: ReadonlyMap<Protocol, OutletRows>;
  readonly isBulk: boolean;
  readonly #stage: RecordStage<R>;
  readonly #encodings: readonly Encoding<R>[];

  /** Flows that are alike, at least one. */
  constructor(alike: readonly CompiledFlow<R>[]) {
    const [{ stage, destinations, isBulk = false }] = alike as readonly [CompiledFlow<R>];
    this.counts = new FlowCounts(alike.map(({ flow }) => flow));
    this.isBulk = isBulk;
    this.#stage = stage;
    this.rows = new Map(
      [...destinations.keys()].map((protocol) => [
        protocol,
        new OutletRows(
          alike.map((each) => outletOf(each.flow, protocol, each.destinations.get(protocol)!)),
        ),
      ]),
    );
    this.#encodings = [...this.rows].map(([protocol, rows]) => ({
      row: stage.row(protocol),
      rows,
    }));
  }

  get bytes(): number {
    let bytes = 0;
    for (const { rows } of this.#encodings) bytes += rows.bytes;
    return bytes;
  }

  takeCounts(): FlowCount[] {
    const cuts = this.#encodings.reduce((sum, { rows }) => sum + rows.takeCuts(), 0);
    return this.counts.take(cuts, this.#stage.takeRemarks?.());
  }

  takeBlocks(): Block[] {
    return this.#encodings.flatMap(({ rows }) => rows.take());
  }

  process(record: R, nowMs: number): void {
    const { counts } = this;
    counts.read();
    let isKept: boolean;
    try {
      isKept = this.#stage.keep(record, nowMs);
    } catch {
      counts.reject('cannot be filtered');
      return;
    }
    if (isKept) this.#write(record);
    else counts.filter();
  }

  #refusal(record: R): string | undefined {
    try {
      return this.#stage.refusal?.(record);
    } catch {
      return 'cannot be shaped';
    }
  }

  /** Every encoding is made before any counts, so a record is kept whole or not at all. */
  #write(record: R): void {
    const refusal = this.#refusal(record);
    if (refusal !== undefined) {
      this.counts.reject(refusal);
      return;
    }
    let written = 0;
    let reason = 'record too large';
    try {
      for (const { row, rows } of this.#encodings) {
        if (!rows.write(row, record)) break;
        written += 1;
      }
    } catch {
      this.#encodings[written]?.rows.undo();
      reason = 'cannot be shaped';
    }
    const isWhole = written === this.#encodings.length;
    for (let i = 0; i < written; i++) {
      const { rows } = this.#encodings[i]!;
      if (isWhole) rows.keep();
      else rows.undo();
    }
    if (!isWhole) this.counts.reject(reason);
  }
}

/** Flows that are done as one, in the order of the first of each. */
export function groupAlike<R, F extends PlannedFlow>(
  flows: readonly CompiledFlow<R, F>[],
): readonly (readonly CompiledFlow<R, F>[])[] {
  return [...Map.groupBy(flows, (flow) => likenessOf(flow) ?? flow).values()];
}

/** A record that one protocol cannot carry is kept for none, so the protocols count, too. */
function likenessOf<R>({ likeness, destinations }: CompiledFlow<R>): string | undefined {
  return likeness && JSON.stringify([likeness, [...destinations.keys()].sort()]);
}

function outletOf(flow: PlannedFlow, protocol: Protocol, destinations: readonly string[]): Outlet {
  const { id, stream, solution } = flow;
  return { flow: id, stream, protocol, destinations, ...(solution !== undefined && { solution }) };
}

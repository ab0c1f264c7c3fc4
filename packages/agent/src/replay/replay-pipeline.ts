/**
 * The pipeline of a planned source, as an agent compiles and runs it. What it makes is compressed
 * and measured here instead of being stored.
 */
import type { Plan, PlannedFlow, PlannedSource } from '@dcr-agent/schema';
import { compressRows } from '../fragment/compress.ts';
import { giveBack } from '../pipeline/block-memory.ts';
import { type CompileContext, compilePipeline } from '../pipeline/compile-pipeline.ts';
import type { Pipeline, Portion } from '../pipeline/pipeline.ts';
import type { Batch } from '../record.ts';
import type { FlowTally } from './flow-tally.ts';
import type { ReplayClock } from './replay-clock.ts';
import type { TimeSpan } from './time-span.ts';

/** JSON that is gathered before it is measured: as much as a busy agent commits at once. */
const GATHERED_BYTES_MAX = 820_000;

/** What all pipelines of a replay share. */
export interface PipelineContext {
  readonly plan: Plan;
  readonly compile: CompileContext;
  readonly clock: ReplayClock;
  /** By id of the flow. */
  readonly tallies: ReadonlyMap<string, FlowTally>;
}

export class ReplayPipeline {
  readonly #context: PipelineContext;
  readonly #source: PlannedSource;
  readonly #pipeline: Pipeline<never>;
  /** Writes the columns of tables where what is sent has another form. */
  readonly #columns: Pipeline<never> | undefined;
  #measuring: Promise<void> = Promise.resolve();

  constructor(source: PlannedSource, context: PipelineContext) {
    this.#context = context;
    this.#source = source;
    this.#pipeline = compilePipeline(source, context.plan, context.compile);
    this.#columns = columnsPipeline(source, context);
    for (const { id } of source.flows as readonly PlannedFlow[]) {
      const tally = context.tallies.get(id);
      if (tally !== undefined) tally.hasInput = true;
    }
  }

  /** Whether records are to be given twice: pipelines may move the bytes of what they are shown. */
  get wantsCopy(): boolean {
    return this.#columns !== undefined;
  }

  process(batch: Batch<unknown>, nowMs: number): void {
    this.#pipeline.process(batch as Batch<never>, nowMs);
  }

  /** The same records once more, for `wantsCopy`. */
  processCopy(batch: Batch<unknown>, nowMs: number): void {
    this.#columns?.process(batch as Batch<never>, nowMs);
  }

  /** Resolves when more may be given. */
  async settle(isEnd = false): Promise<void> {
    const bytes = Math.max(this.#pipeline.bytes, this.#columns?.bytes ?? 0);
    if (bytes < GATHERED_BYTES_MAX && !isEnd) return;
    await this.#measuring;
    this.#measuring = this.#measure(this.#pipeline.take(), this.#columns?.take());
    // It is awaited with the next portion.
    this.#measuring.catch(() => {});
    if (isEnd) await this.#measuring;
  }

  /** What was read of the source is from this time. */
  addSpan(span: TimeSpan): void {
    for (const { id } of this.#source.flows as readonly PlannedFlow[]) {
      this.#context.tallies.get(id)?.span.addSpan(span);
    }
  }

  async #measure(sent: Portion | undefined, columns: Portion | undefined): Promise<void> {
    const { tallies } = this.#context;
    for (const count of sent?.counts ?? []) tallies.get(count.flow)?.count(count);
    const fragments = (sent?.blocks ?? []).map(async (block) => {
      const fragment = await compressRows(block.json, block.recordCount);
      return { ...block, fragment };
    });
    // In the order of the blocks, so that the same input gives the same report.
    for (const measured of fragments) {
      const { outlets, json, fragment } = await measured;
      for (const outlet of outlets) {
        tallies.get(outlet.flow)?.addSent(outlet, fragment);
        if (this.#hasColumns(outlet.flow, outlet.protocol)) this.#addColumns(outlet.flow, json);
      }
      giveBack(json);
    }
    for (const { outlets, json } of columns?.blocks ?? []) {
      for (const { flow } of outlets) this.#addColumns(flow, json);
      giveBack(json);
    }
  }

  /** Rows of several protocols are the same, and measured once. */
  #hasColumns(flow: string, protocol: string): boolean {
    if (this.#columns !== undefined) return false;
    const protocols = this.#context.tallies.get(flow)?.sent.keys();
    return protocols?.next().value === protocol;
  }

  #addColumns(flow: string, json: Uint8Array): void {
    const { undatedMs } = this.#context.clock;
    const isOfFile = FILE_KINDS.has(this.#source.kind);
    this.#context.tallies.get(flow)?.addColumns(json, undatedMs, isOfFile);
  }
}

/** Their rows carry the time of the record; of other kinds it is seen before. */
const FILE_KINDS: ReadonlySet<string> = new Set(['logFiles', 'iisLogs', 'windowsFirewallLogs']);

/** Syslog alone has items of its own for a workspace's endpoint, which the service takes apart. */
function columnsPipeline(
  source: PlannedSource,
  { plan, compile }: PipelineContext,
): Pipeline<never> | undefined {
  if (source.kind !== 'syslog') return undefined;
  const destinations = plan.destinations.map((each) => ({ ...each, protocol: 'gig' as const }));
  return compilePipeline(source, { ...plan, destinations }, compile);
}

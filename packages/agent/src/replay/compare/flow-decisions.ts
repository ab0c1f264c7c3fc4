/**
 * Which flows of a planned source keep a record: each has a pipeline of its own, as an agent
 * compiles it, and one that has grown by a row has kept the record.
 */
import type { Plan, PlannedFlow, PlannedSource } from '@dcr-agent/schema';
import { giveBack } from '../../pipeline/block-memory.ts';
import { type CompileContext, compilePipeline } from '../../pipeline/compile-pipeline.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import type { Records } from '../../record.ts';

/** Rows nobody looks at are let go of when they are as many bytes. */
const GATHERED_BYTES_MAX = 500_000;

interface DecidingFlow {
  readonly id: string;
  readonly pipeline: Pipeline<never>;
}

export class FlowDecisions {
  readonly #flows: readonly DecidingFlow[];

  constructor(source: PlannedSource, plan: Plan, context: CompileContext) {
    // A kernel is for many records at once.
    const single: CompileContext = { ...context, kernel: () => undefined, report: () => {} };
    this.#flows = (source.flows as readonly PlannedFlow[]).map((flow) => ({
      id: flow.id,
      pipeline: compilePipeline({ ...source, flows: [flow] } as PlannedSource, plan, single),
    }));
  }

  /** Ids of the flows that keep the record. */
  keeping(record: unknown, nowMs: number): string[] {
    const records: Records<never> = { count: 1, each: (visit) => visit(record as never) };
    const kept: string[] = [];
    for (const { id, pipeline } of this.#flows) {
      const before = pipeline.bytes;
      pipeline.process({ records, cursors: [] }, nowMs);
      if (pipeline.bytes > before) kept.push(id);
      if (pipeline.bytes > GATHERED_BYTES_MAX) {
        for (const { json } of pipeline.take()?.blocks ?? []) giveBack(json);
      }
    }
    return kept;
  }
}

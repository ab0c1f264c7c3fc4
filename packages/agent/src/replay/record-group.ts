/** Pipelines that are given the same records, and what is found out beside. */
import type { PlannedSource } from '@dcr-agent/schema';
import type { Batch } from '../record.ts';
import type { ChangedRecord, Comparison } from './compare/comparison.ts';
import { FlowDecisions } from './compare/flow-decisions.ts';
import { type PipelineContext, ReplayPipeline } from './replay-pipeline.ts';
import type { RuleFlow, RulePlan } from './rule-plan.ts';
import { TimeSpan } from './time-span.ts';

/** One version of rules beside another. */
export interface Versions {
  readonly comparison: Comparison;
  readonly old: RulePlan;
  readonly now: RulePlan;
}

export interface GroupSources {
  readonly now: readonly PlannedSource[];
  /** Of the version that is compared with. */
  readonly old: readonly PlannedSource[];
}

export class RecordGroup<R> {
  /** Times of the records. */
  readonly span: TimeSpan = new TimeSpan();
  /** Flows of the version compared with that are asked. */
  readonly oldFlows: readonly RuleFlow[];
  readonly nowFlows: readonly RuleFlow[];
  readonly #pipelines: readonly ReplayPipeline[];
  readonly #versions: Versions | undefined;
  readonly #decisions: { readonly old: Decisions; readonly now: Decisions } | undefined;

  constructor(sources: GroupSources, context: PipelineContext, versions: Versions | undefined) {
    this.#pipelines = sources.now.map((source) => new ReplayPipeline(source, context));
    this.#versions = versions;
    this.oldFlows = versions === undefined ? [] : flowsOf(sources.old, versions.old);
    this.nowFlows = versions === undefined ? [] : flowsOf(sources.now, versions.now);
    if (versions === undefined) return;
    const decide = (of: readonly PlannedSource[], { plan, flows }: RulePlan): Decisions => ({
      flows: new Map(flows.map((flow) => [flow.id, flow])),
      sources: of.map((source) => new FlowDecisions(source, plan, context.compile)),
    });
    this.#decisions = {
      old: decide(sources.old, versions.old),
      now: decide(sources.now, versions.now),
    };
  }

  /** `make` gives the same records at each call, which a pipeline may change. */
  process(make: () => Batch<R>, nowMs: number, describe: (record: R) => ChangedRecord): void {
    for (const pipeline of this.#pipelines) {
      pipeline.process(make(), nowMs);
      if (pipeline.wantsCopy) pipeline.processCopy(make(), nowMs);
    }
    const { comparison } = this.#versions ?? {};
    const decisions = this.#decisions;
    if (comparison === undefined || decisions === undefined) return;
    make().records.each((record) => {
      const old = keeping(decisions.old, record, nowMs);
      const now = keeping(decisions.now, record, nowMs);
      comparison.add(old, now, describe(record));
    });
  }

  /** Resolves when more may be given. */
  async settle(): Promise<void> {
    for (const pipeline of this.#pipelines) await pipeline.settle();
  }

  /** Nothing more comes. */
  async end(): Promise<void> {
    for (const pipeline of this.#pipelines) {
      await pipeline.settle(true);
      pipeline.addSpan(this.span);
    }
  }
}

interface Decisions {
  readonly flows: ReadonlyMap<string, RuleFlow>;
  readonly sources: readonly FlowDecisions[];
}

function keeping({ flows, sources }: Decisions, record: unknown, nowMs: number): RuleFlow[] {
  return sources
    .flatMap((source) => source.keeping(record, nowMs))
    .flatMap((id) => flows.get(id) ?? []);
}

function flowsOf(sources: readonly PlannedSource[], { flows }: RulePlan): RuleFlow[] {
  const ids = new Set(sources.flatMap((source) => source.flows.map(({ id }) => id)));
  return flows.filter(({ id }) => ids.has(id));
}

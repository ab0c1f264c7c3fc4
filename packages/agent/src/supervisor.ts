/**
 * Keeps one running source per planned source and applies plan differences to them. What one
 * source does, or fails to do, never touches another.
 */
import { diffPlan, type Plan, type PlannedSource } from '@dcr-agent/schema';
import { reasonOf } from './errors.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import {
  RunningSource,
  type RunningSourceOptions,
  type SourceFailure,
  type SourceStatus,
} from './running-source.ts';

export interface SupervisorOptions extends RunningSourceOptions {
  /** A throw costs this source its new flows and nothing else. */
  compile(planned: PlannedSource, plan: Plan): Pipeline<never>;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<string, RunningSource>();
  /** Sources of the plan whose flows could not be compiled. */
  readonly #uncompiled = new Map<string, { planned: PlannedSource; failure: SourceFailure }>();
  #plan: Plan = { sources: [], destinations: [], skipped: [] };
  #changes: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get plan(): Plan {
    return this.#plan;
  }

  /**
   * Goes from the plan in force to this one. Between two batches of a source its pipeline is
   * exchanged, so every record is handled by exactly one of the two plans; a source that is to
   * read something else stops and goes on at its cursors. Resolves when the sources that are no
   * longer wanted have stopped. Calls are carried out one after another;
   * after `stop` they do nothing.
   */
  apply(plan: Plan): Promise<void> {
    const change = this.#changes.then(() => this.#change(plan));
    this.#changes = change.catch(() => {});
    return change;
  }

  /** Stops every source after its last batch is durable; none is started any more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([...this.#running.keys()].map((key) => this.#remove(key)));
    await this.#changes;
  }

  status(): SourceStatus[] {
    const running = [...this.#running].map(([key, source]): SourceStatus => {
      const failure = this.#uncompiled.get(key)?.failure;
      return { ...source.status(), ...(failure && { lastFailure: failure }) };
    });
    const missing = [...this.#uncompiled.values()]
      .filter(({ planned }) => !this.#running.has(planned.key))
      .map(
        ({ planned: { key, kind }, failure }): SourceStatus => ({
          key,
          kind,
          state: 'failed',
          lastFailure: failure,
          facts: {},
        }),
      );
    return [...running, ...missing];
  }

  async #change(plan: Plan): Promise<void> {
    if (this.#isStopped) return;
    const { sourcesRemoved, sourcesReopened } = diffPlan(this.#plan, plan);
    const reopened = new Set(sourcesReopened.map(({ key }) => key));
    this.#plan = plan;
    this.#uncompiled.clear();
    // A pipeline also depends on the protocols of its destinations, so all are compiled anew.
    for (const planned of plan.sources) {
      if (!reopened.has(planned.key)) this.#put(planned, plan);
    }
    const reopen = async (planned: PlannedSource): Promise<void> => {
      await this.#remove(planned.key);
      if (!this.#isStopped) this.#put(planned, plan);
    };
    await Promise.all([
      ...sourcesRemoved.map(({ key }) => this.#remove(key)),
      ...sourcesReopened.map(reopen),
    ]);
  }

  #put(planned: PlannedSource, plan: Plan): void {
    const running = this.#running.get(planned.key);
    const pipeline = this.#compile(planned, plan);
    if (pipeline === undefined) return;
    if (running !== undefined) running.pipeline = pipeline;
    else this.#running.set(planned.key, new RunningSource(planned, pipeline, this.#options));
  }

  /** Flows that ran before go on in their last good form. */
  #compile(planned: PlannedSource, plan: Plan): Pipeline<never> | undefined {
    const { host, compile } = this.#options;
    try {
      return compile(planned, plan);
    } catch (error) {
      const reason = `its flows cannot be compiled: ${reasonOf(error)}`;
      this.#uncompiled.set(planned.key, { planned, failure: { atMs: host.clock.now(), reason } });
      host.log.error(
        { source: planned.key, reason: reasonOf(error), err: error },
        'the flows of a source cannot be compiled; what ran before goes on',
      );
      return undefined;
    }
  }

  async #remove(key: string): Promise<void> {
    await this.#running.get(key)?.stop();
    this.#running.delete(key);
  }
}

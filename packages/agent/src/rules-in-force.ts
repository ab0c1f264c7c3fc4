/** From configurations to lanes and running sources: the one way rules get into force. */
import {
  type AgentConfiguration,
  compilePlan,
  type Plan,
  type PlannedSource,
  type Skipped,
} from '@dcr-agent/schema';
import type { DurableBuffer } from './buffer/durable-buffer.ts';
import type { AgentConfig } from './config/agent-config.ts';
import type { Delivery } from './delivery/delivery.ts';
import { AgentError, isAgentError, reasonOf } from './errors.ts';
import type { RefusedQuery } from './health/status.ts';
import type { Host } from './host/host.ts';
import { kernelsOnDemand } from './kernel/kernel-module.ts';
import { type CompileContext, compilePipeline } from './pipeline/compile-pipeline.ts';
import type { MachineFacts } from './pipeline/heartbeat-stage.ts';
import type { MachineDimensions } from './pipeline/metrics/metric-stage.ts';
import type { Pipeline } from './pipeline/pipeline.ts';
import { type QuotaInForce, quotaInForce } from './quota-in-force.ts';
import type { SourceStatus } from './running-source.ts';
import { openSource } from './sources/kinds.ts';
import type { OperationQueue } from './sources/operation/operation.ts';
import { SyslogTap } from './sources/syslog/tap.ts';
import { Supervisor } from './supervisor.ts';
import { profileSyslog, type SyslogProfile } from './syslog-profile.ts';

export interface RulesInForceOptions {
  readonly config: AgentConfig;
  readonly host: Host;
  readonly buffer: DurableBuffer;
  readonly delivery: Delivery;
  /** What the agent has to tell of itself. */
  readonly operations: OperationQueue;
  readonly machine: MachineFacts;
  readonly machineDimensions: MachineDimensions;
}

export class RulesInForce {
  readonly #options: RulesInForceOptions;
  readonly #supervisor: Supervisor;
  readonly #kernel: CompileContext['kernel'];
  readonly #syslogTap = new SyslogTap();
  #refusedQueries: RefusedQuery[] = [];
  #quota: QuotaInForce;

  constructor(options: RulesInForceOptions) {
    const { config, host, buffer, operations } = options;
    const shared = { operations, syslogTap: this.#syslogTap };
    this.#options = options;
    this.#quota = quotaInForce(config);
    this.#kernel = kernelsOnDemand((kernel, error) => {
      const facts = { kernel, reason: reasonOf(error) };
      host.log.warn(facts, 'a kernel cannot run here; its twin takes longer');
    });
    this.#supervisor = new Supervisor({
      host,
      buffer,
      commitIntervalMs: config.buffer.commitIntervalSeconds * 1_000,
      open: (planned, cursors) => openSource(planned, cursors, config, host, shared),
      compile: (planned, plan) => this.#compile(planned, plan),
    });
  }

  get skipped(): readonly Skipped[] {
    return this.#supervisor.plan.skipped;
  }

  get refusedQueries(): readonly RefusedQuery[] {
    return this.#refusedQueries;
  }

  /** Who says how much disk the agent may take. */
  get quotaFrom(): string {
    return this.#quota.from;
  }

  sources(): readonly SourceStatus[] {
    return this.#supervisor.status();
  }

  /** What comes to the syslog source until the time is over or the signal aborts. */
  profileSyslog(forMs: number, signal: AbortSignal): Promise<SyslogProfile> {
    const { clock } = this.#options.host;
    const plan = (): Plan => this.#supervisor.plan;
    return profileSyslog({ tap: this.#syslogTap, clock, plan, forMs, signal });
  }

  /**
   * Replaces whatever is in force. Rejects with an `AgentError`, `RULES_UNUSABLE` where the
   * mistake is the agent's own: it must not cost the rules that work.
   */
  async apply(configurations: readonly AgentConfiguration[]): Promise<void> {
    try {
      await this.#apply(compilePlan(configurations));
    } catch (error) {
      if (isAgentError(error)) throw error;
      this.#options.host.log.error({ err: error }, 'rules cannot be used, which is a bug');
      const message = `the rules cannot be put in force: ${reasonOf(error)}`;
      throw new AgentError('RULES_UNUSABLE', message, { cause: error });
    }
  }

  /** Resolves when all sources have stopped; none is started any more. */
  stop(): Promise<void> {
    return this.#supervisor.stop();
  }

  async #apply(plan: Plan): Promise<void> {
    const { host, delivery } = this.#options;
    for (const skipped of plan.skipped) host.log.warn(skipped, 'a part of a rule is not done');
    this.#refusedQueries = [];
    this.#setQuota(plan);
    // Destinations first: a batch must never wait for a lane that is not known.
    await delivery.setDestinations(plan.destinations);
    await this.#supervisor.apply(plan);
    // The former plan's last batches may be for a destination whose lane was closed above.
    await delivery.setDestinations(plan.destinations);
  }

  #setQuota({ diskQuota }: Plan): void {
    const { config, host, buffer } = this.#options;
    const next = quotaInForce(config, diskQuota);
    if (next.quotaBytes !== this.#quota.quotaBytes) {
      buffer.setQuota(next.quotaBytes);
      host.log.info({ ...next }, 'the disk quota of the agent was changed');
    }
    this.#quota = next;
  }

  #compile(planned: PlannedSource, plan: Plan): Pipeline<never> {
    const { host, machine, machineDimensions } = this.#options;
    const report = (flow: string, query: string, reason: string): void => {
      const refused = { flow, query, reason };
      this.#refusedQueries.push(refused);
      host.log.error(refused, 'a query cannot be used; the others work on');
    };
    const kernel = this.#kernel;
    return compilePipeline(planned, plan, { machine, machineDimensions, report, kernel });
  }
}

/**
 * The performance counters source: samples groups of counters, each at its own period. A sample
 * that is late or slow makes no other group wait.
 */
import type { CounterGroup } from '@dcr-agent/schema';
import { AgentError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import { type CounterSample, listed } from '../../record.ts';
import type { Emit, Source } from '../source.ts';
import {
  type CounterSampler,
  type CounterSamplerOptions,
  createCounterSampler,
} from './counter-sampler.ts';
import { nextDue } from './schedule.ts';

export interface PerformanceCountersSettings {
  readonly key: string;
  readonly groups: readonly CounterGroup[];
  /** For tests. */
  readonly machine?: Omit<CounterSamplerOptions, 'clock'>;
  /** What the system is; the running one when nothing is said. */
  readonly platform?: string;
}

/** Throws `SOURCE_UNAVAILABLE` on systems other than Linux. */
export function openPerformanceCounters(
  settings: PerformanceCountersSettings,
  host: Host,
): Source<CounterSample> {
  const { platform = process.platform } = settings;
  if (platform !== 'linux') {
    const message = `Performance counters are read from /proc, which ${platform} does not have.`;
    throw new AgentError('SOURCE_UNAVAILABLE', message);
  }
  return new PerformanceCountersSource(settings, host);
}

interface SampledGroup {
  readonly everySeconds: number;
  readonly sampler: CounterSampler;
}

class PerformanceCountersSource implements Source<CounterSample> {
  readonly key: string;
  readonly #host: Host;
  readonly #groups: readonly SampledGroup[];
  readonly #unknown: readonly string[];
  /** What was left out when that was last told, by path. */
  #told: ReadonlyMap<string, string> = new Map();
  #sampleCount = 0;

  constructor({ key, groups, machine }: PerformanceCountersSettings, host: Host) {
    this.key = key;
    this.#host = host;
    this.#groups = groups.map(({ everySeconds, specifiers }) => ({
      everySeconds,
      sampler: createCounterSampler(specifiers, { clock: host.clock, ...machine }),
    }));
    const unknown = this.#groups.flatMap(({ sampler }) => sampler.unknown);
    this.#unknown = unknown.map(({ specifier, reason }) => `${specifier} (${reason})`);
    for (const { specifier, reason } of unknown) {
      const facts = { source: key, counter: specifier, reason };
      host.log.warn(facts, 'a counter is not known here; the others are sampled');
    }
  }

  async run(emit: Emit<CounterSample>, signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const ended = AbortSignal.any([signal, failed.signal]);
    const runs = this.#groups.map((group) =>
      this.#runGroup(group, emit, ended).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    );
    // All of them have ended before the first failure is told.
    await Promise.allSettled(runs);
    await Promise.all(runs);
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      everySeconds: this.#groups.map(({ everySeconds }) => everySeconds),
      samples: this.#sampleCount,
      unknownCounters: this.#unknown,
      leftOut: [...this.#told.keys()],
    };
  }

  async #runGroup(
    { everySeconds, sampler }: SampledGroup,
    emit: Emit<CounterSample>,
    signal: AbortSignal,
  ): Promise<void> {
    // Rates are those since this moment, and can be told at the first one that is due.
    await sampler.sample();
    let dueMs: number | undefined;
    while (!signal.aborted) {
      dueMs = await nextDue(this.#host.clock, everySeconds * 1_000, signal, dueMs);
      if (signal.aborted) return;
      const samples = await sampler.sample();
      this.#tellLeftOut();
      this.#sampleCount += samples.length;
      if (samples.length > 0) await emit({ records: listed(samples), cursors: [] });
    }
  }

  /** Once when something cannot be read, and once when it can again, or is gone. */
  #tellLeftOut(): void {
    const { log } = this.#host;
    const leftOut = new Map(this.#groups.flatMap(({ sampler }) => [...sampler.leftOut]));
    for (const [path, reason] of leftOut) {
      if (!this.#told.has(path)) {
        log.warn({ source: this.key, path, reason }, 'cannot be read; its counters are left out');
      }
    }
    for (const path of this.#told.keys()) {
      if (!leftOut.has(path)) log.info({ source: this.key, path }, 'is no longer left out');
    }
    this.#told = leftOut;
  }
}

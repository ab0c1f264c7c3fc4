/**
 * Samples performance counters of this machine. A part by itself: it knows no rule, no schedule
 * and no destination. Whoever wants samples makes one with the counters wanted and asks it as often
 * as wanted; rates are those between two questions to the same sampler.
 */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../host/clock.ts';
import type { CounterSample } from '../../record.ts';
import type { Interval } from './counters/definition.ts';
import { FactReader, type MachineFolders } from './fact-reader.ts';
import type { Fact, Facts } from './facts.ts';
import { FileSystemSpaces } from './file-system-spaces.ts';
import { type SelectedCounter, selectCounters, type UnknownCounter } from './select-counters.ts';

export interface CounterSampler {
  /** Specifiers no counter was found for; the others are sampled. */
  readonly unknown: readonly UnknownCounter[];
  /** Why something could not be read at the last question, by path. */
  readonly leftOut: ReadonlyMap<string, string>;
  /**
   * What every counter is worth now, all with the same time. Never rejects: a counter, device or
   * file system that nothing can be told of is not among them, and so is a rate at the first
   * question, or when what it counts began anew. Takes a millisecond or a few as a rule, longer
   * where a file system does not answer. One call at a time.
   */
  sample(): Promise<readonly CounterSample[]>;
}

export interface CounterSamplerOptions {
  readonly clock: Clock;
  /** Where the kernel's files are; for tests. */
  readonly folders?: MachineFolders;
  readonly spaces?: FileSystemSpaces;
}

const KERNEL_FOLDERS: MachineFolders = { proc: '/proc', sys: '/sys', utmp: '/run/utmp' };

const MACHINE_SPACES = new FileSystemSpaces((path) => statfs(path));

/** `specifiers`: `Object(instance)\Counter`, with or without a backslash in front. */
export function createCounterSampler(
  specifiers: readonly string[],
  options: CounterSamplerOptions,
): CounterSampler {
  return new MachineSampler(specifiers, options);
}

class MachineSampler implements CounterSampler {
  readonly unknown: readonly UnknownCounter[];
  leftOut: ReadonlyMap<string, string> = new Map();
  readonly #counters: readonly SelectedCounter[];
  readonly #needs: ReadonlySet<Fact>;
  readonly #reader: FactReader;
  readonly #clock: Clock;
  #before: { readonly facts: Facts; readonly atMonotonicMs: number } | undefined;

  constructor(specifiers: readonly string[], options: CounterSamplerOptions) {
    const { clock, folders = KERNEL_FOLDERS, spaces = MACHINE_SPACES } = options;
    const { counters, unknown } = selectCounters(specifiers);
    this.unknown = unknown;
    this.#counters = counters;
    this.#needs = new Set(counters.flatMap(({ definition }) => definition.needs));
    this.#reader = new FactReader({ folders, spaces, clock });
    this.#clock = clock;
  }

  async sample(): Promise<readonly CounterSample[]> {
    const atMs = this.#clock.now();
    const atMonotonicMs = this.#clock.monotonic();
    const { facts, leftOut } = await this.#reader.read(this.#needs);
    this.leftOut = leftOut;
    const before = this.#before;
    this.#before = { facts, atMonotonicMs };
    const interval: Interval = {
      now: facts,
      before: before?.facts,
      seconds: before === undefined ? 0 : (atMonotonicMs - before.atMonotonicMs) / 1_000,
    };
    return this.#counters.flatMap((selected) => samplesOf(selected, interval, atMs));
  }
}

function samplesOf(
  { definition, instances }: SelectedCounter,
  interval: Interval,
  atMs: number,
): CounterSample[] {
  const { object, counter } = definition;
  const samples: CounterSample[] = [];
  for (const { instance, value, tags } of definition.read(interval)) {
    if (value === undefined || !Number.isFinite(value)) continue;
    if (!instances.some((isWanted) => isWanted(instance))) continue;
    samples.push({ atMs, object, instance, counter, value, ...(tags && { tags }) });
  }
  return samples;
}

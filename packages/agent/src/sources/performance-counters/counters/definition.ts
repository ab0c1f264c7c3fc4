/** What a performance counter is: a pure function of what was read of the machine, now and before. */
import type { Fact, Facts } from '../facts.ts';

export interface Interval {
  readonly now: Facts;
  /** What the reading before had; absent at the first one. */
  readonly before: Facts | undefined;
  /** Between the two, on a clock that only grows; 0 at the first one. */
  readonly seconds: number;
}

export interface Reading {
  readonly instance: string;
  /** Absent, or not finite, when nothing can be told: it is left out. */
  readonly value: number | undefined;
  readonly tags?: Readonly<Record<string, string | number>>;
}

export interface CounterDefinition {
  readonly object: string;
  readonly counter: string;
  /** All that `read` looks at. */
  readonly needs: readonly Fact[];
  /** One for each instance there is. */
  read(interval: Interval): readonly Reading[];
}

/** Members of the machine that are an instance together: one of them, or all. */
export interface Group<T> {
  readonly instance: string;
  readonly members: readonly T[];
}

/** The sum of what is known; `undefined` when nothing is. */
export function sumOfKnown(values: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) {
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

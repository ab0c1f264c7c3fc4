/**
 * Three-valued answers: what the values of an instance alone cannot tell is `UNDECIDED`, and the
 * event's tree is asked. A sound answer never needs the tree to confirm it.
 */
import type { TemplateInstance } from '../template-instance.ts';

export const NO = 0;
export const YES = 1;
export const UNDECIDED = 2;

export type Verdict = typeof NO | typeof YES | typeof UNDECIDED;

/** A condition on the instances of one template; `nowMs` is epoch milliseconds. */
export type InstanceTest = (instance: TemplateInstance, nowMs: number) => Verdict;

/** The same answer for every instance. */
export const never: InstanceTest = () => NO;
export const always: InstanceTest = () => YES;
export const undecided: InstanceTest = () => UNDECIDED;

export function constantTest(holds: boolean): InstanceTest {
  return holds ? always : never;
}

/** Holds when every test does; stops at the first that does not. */
export function allOf(tests: readonly InstanceTest[]): InstanceTest {
  if (tests.includes(never)) return never;
  const open = tests.filter((test) => test !== always);
  // What is undecided in any case is asked last: another test may say no.
  const ordered = [...open.filter((t) => t !== undecided), ...open.filter((t) => t === undecided)];
  const [first, second, ...more] = ordered;
  if (first === undefined) return always;
  if (second === undefined) return first;
  if (more.length === 0) return both(first, second);
  return (instance, nowMs) => {
    let result: Verdict = YES;
    for (const test of ordered) {
      const verdict = test(instance, nowMs);
      if (verdict === NO) return NO;
      if (verdict === UNDECIDED) result = UNDECIDED;
    }
    return result;
  };
}

function both(first: InstanceTest, second: InstanceTest): InstanceTest {
  return (instance, nowMs) => {
    const verdict = first(instance, nowMs);
    if (verdict === NO) return NO;
    const other = second(instance, nowMs);
    return other === YES ? verdict : other;
  };
}

/** Holds when some test does. */
export function anyOf(tests: readonly InstanceTest[]): InstanceTest {
  if (tests.includes(always)) return always;
  const open = tests.filter((test) => test !== never);
  const [first, ...more] = open;
  if (first === undefined) return never;
  if (more.length === 0) return first;
  return (instance, nowMs) => {
    let result: Verdict = NO;
    for (const test of open) {
      const verdict = test(instance, nowMs);
      if (verdict === YES) return YES;
      if (verdict === UNDECIDED) result = UNDECIDED;
    }
    return result;
  };
}

export function negated(test: InstanceTest): InstanceTest {
  if (test === never) return always;
  if (test === always) return never;
  return (instance, nowMs) => {
    const verdict = test(instance, nowMs);
    return verdict === UNDECIDED ? UNDECIDED : verdict === YES ? NO : YES;
  };
}

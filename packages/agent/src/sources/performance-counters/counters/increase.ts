/** How much a counter of the kernel grew between two readings. */

/** The widths of counters; some drivers of network cards have small ones. */
const MODULI: readonly number[] = [2 ** 32, 2 ** 64];

/**
 * `undefined` when it began anew. A counter that is less than it was has either passed its largest
 * value, then it was in the last quarter and is in the first one, or was reset.
 */
export function increase(before: number, now: number): number | undefined {
  if (now >= before) return now - before;
  for (const modulus of MODULI) {
    if (before >= modulus) continue;
    const hasWrapped = before >= 0.75 * modulus && now < 0.25 * modulus;
    return hasWrapped ? modulus - before + now : undefined;
  }
  return undefined;
}

/** Per second; `undefined` without a reading before, or when the counter began anew. */
export function rate(
  before: number | undefined,
  now: number | undefined,
  seconds: number,
): number | undefined {
  if (before === undefined || now === undefined || seconds <= 0) return undefined;
  const grown = increase(before, now);
  return grown === undefined ? undefined : grown / seconds;
}

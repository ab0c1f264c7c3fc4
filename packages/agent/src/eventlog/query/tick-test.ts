/** Tests of a FILETIME by its ticks of 100 ns since 1601. */
import { holds, type ValueComparison } from '@dcr-agent/schema/event-queries';

const TICKS_PER_MS = 10_000n;
const EPOCH_MS_OF_1601 = -11_644_473_600_000n;
/** Later times, from the year 10000 on, are printed as the last tick before. */
const HIGH_MAX = 617_110_109;

/**
 * Some comparison holds; `null` when a constant is no time, or a time in the far future is
 * looked at.
 */
export function compileTickTest(
  comparisons: readonly ValueComparison[],
): ((low: number, high: number) => boolean | null) | null {
  const limits: { operator: ValueComparison['operator']; low: number; high: number }[] = [];
  for (const { operator, literal } of comparisons) {
    if (literal.time === null) return null;
    const { epochMs, ticks } = literal.time;
    const count = (BigInt(epochMs) - EPOCH_MS_OF_1601) * TICKS_PER_MS + BigInt(ticks);
    if (count < 0n) return null;
    limits.push({
      operator,
      low: Number(count & 0xffff_ffffn),
      high: Number(count >> 32n),
    });
  }
  return (low, high) => {
    if (high > HIGH_MAX) return null;
    return limits.some((limit) => holds(limit.operator, high - limit.high || low - limit.low));
  };
}

/** How often mutations are found, and which are not, as a text that people can read and compare. */
import type { Verdict } from './judge-mutation.ts';
import { OPERATORS, type Operator } from './mutate-document.ts';

/** One mutation, and what became of it. */
export interface Judged {
  readonly operator: Operator;
  /** In the rule, without names that authors give and numbers of items. */
  readonly path: string;
  readonly verdict: Verdict;
}

/**
 * Why a mutation that is not found at its place cannot be, or need not be. The first one that fits
 * the path, and the verdict and operator where it names some, is the one.
 */
export interface Argument {
  readonly why: string;
  readonly path: RegExp;
  readonly operators?: RegExp;
  readonly verdicts?: readonly Verdict[];
}

/** The report, and in it the misses that no argument is for. */
export function mutationReport(judged: readonly Judged[], reasons: readonly Argument[]): string {
  const misses = judged.filter(({ verdict }) => verdict !== 'right');
  const byReason = Map.groupBy(misses, (miss) => reasons.find((reason) => fits(reason, miss)));
  const sections = [...reasons, undefined].flatMap((reason) => {
    const lines = linesOf(byReason.get(reason) ?? []);
    return lines.length === 0 ? [] : [`# ${reason?.why ?? UNARGUED}`, ...lines, ''];
  });
  return [
    `${judged.length} mutations, ${share(judged)} told at the right place`,
    '',
    ...rates(judged),
    '',
    ...sections,
  ].join('\n');
}

/** Heads the misses that no argument is for. */
export const UNARGUED = 'WITHOUT AN ARGUMENT';

function fits({ path, operators, verdicts }: Argument, miss: Judged): boolean {
  if (!path.test(miss.path)) return false;
  return operators?.test(miss.operator) !== false && verdicts?.includes(miss.verdict) !== false;
}

function rates(judged: readonly Judged[]): readonly string[] {
  const of = Map.groupBy(judged, ({ operator }) => operator);
  return OPERATORS.flatMap((operator) => {
    const all = of.get(operator);
    if (all === undefined) return [];
    return `${operator.padEnd(28)} ${String(all.length).padStart(5)} ${share(all).padStart(8)}`;
  });
}

function share(judged: readonly Judged[]): string {
  const right = judged.filter(({ verdict }) => verdict === 'right').length;
  return `${((100 * right) / judged.length).toFixed(1)} %`;
}

/** A line for each path and verdict, with its operators and how many of each. */
function linesOf(misses: readonly Judged[]): readonly string[] {
  const byPlace = Map.groupBy(misses, ({ path, verdict }) => `${path}  ${verdict}`);
  const lines = [...byPlace].map(([place, all]) => {
    const byOperator = Map.groupBy(all, ({ operator }) => operator);
    const counts = OPERATORS.flatMap((operator) => {
      const count = byOperator.get(operator)?.length;
      return count === undefined ? [] : `${operator} ${count}`;
    });
    return `${place}: ${counts.join(', ')}`;
  });
  return lines.sort();
}

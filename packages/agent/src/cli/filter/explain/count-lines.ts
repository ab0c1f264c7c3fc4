/** The conditions of a query with how many events fulfil each, as a table. */
import type { AskedCondition } from '../../../nearest-miss/asked-condition.ts';
import { clipped } from '../../../nearest-miss/clipped.ts';

const TEXT_CHARACTERS_MAX = 100;

interface Row {
  readonly condition: AskedCondition;
  readonly depth: number;
  readonly note: string;
}

export function countLines(query: AskedCondition): string[] {
  const rows = query.kind === 'and' ? rowsOf(query.members, 0) : rowsOf([query], 0);
  const cells = [
    ['alone', 'left', ''],
    ...rows.map(({ condition, depth, note }) => [
      number(condition.alone),
      number(condition.left),
      `${'  '.repeat(depth)}${clipped(condition.text, TEXT_CHARACTERS_MAX)}${note}`,
    ]),
  ];
  const widths = [0, 1].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map(([alone = '', left = '', text = '']) =>
    `${alone.padStart(widths[0]!)}  ${left.padStart(widths[1]!)}  ${text}`.trimEnd(),
  );
}

/** `1,204` */
export function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** Of conditions joined by `and`: each that nothing fulfils, and the first that leaves nothing. */
function rowsOf(conditions: readonly AskedCondition[], depth: number, someLeft = true): Row[] {
  let isLeft = someLeft;
  return conditions.flatMap((condition) => {
    const { kind, members, alone, left } = condition;
    const note = alone === 0 ? NOTHING : left === 0 && isLeft ? NONE_LEFT : '';
    const rows =
      kind === 'and'
        ? [{ condition, depth, note: '' }, ...rowsOf(members, depth + 1, isLeft)]
        : [{ condition, depth, note }, ...rowsWithoutNotes(members, depth + 1)];
    isLeft &&= left > 0;
    return rows;
  });
}

/** Alternatives say enough by their numbers. */
function rowsWithoutNotes(conditions: readonly AskedCondition[], depth: number): Row[] {
  return conditions.flatMap((condition) => [
    { condition, depth, note: '' },
    ...rowsWithoutNotes(condition.members, depth + 1),
  ]);
}

const NOTHING = '   ← no event fulfils this';
const NONE_LEFT = '   ← none is left';

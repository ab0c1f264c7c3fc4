/** What each query has selected, and the nearest miss of one that selected nothing. */
import { printable } from '../../host/printable.ts';
import type { QueryReport } from '../../replay/report.ts';

/** `isSeveral`: there are several rules, so that each query is told with its own. */
export function queryLines(queries: readonly QueryReport[], isSeveral: boolean): string[] {
  const width = Math.max(0, ...queries.map(({ count }) => countText(count).length));
  return queries.flatMap(({ rule, dataSource, number, text, count, refusal, isKnown, nearest }) => {
    const selected = countText(count).padStart(width);
    const indent = ' '.repeat(width + 2);
    const place = `'${dataSource}' ${number}${isSeveral ? ` of ${rule}` : ''}`;
    return [
      `${selected}  ${printable(`${place}: ${text.trim()}`)}`,
      ...(refusal === null ? [] : [`${indent}${isKnown ? 'refused: ' : ''}${printable(refusal)}`]),
      ...(nearest === null ? [] : [`${indent}nearest: ${nearest.event}`]),
      ...(nearest?.failed ?? []).map((line) => `${indent}  ${line}`),
    ];
  });
}

function countText(count: number | null): string {
  return count === null ? '-' : String(count);
}

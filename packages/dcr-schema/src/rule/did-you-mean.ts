/** Finds the name an author probably meant. */

/** Names longer than this are no typing mistakes of one another. */
const LENGTH_MAX = 64;
/** More candidates than any rule has; keeps hostile documents cheap. */
const CANDIDATE_COUNT_MAX = 64;

/** The candidate nearest to `name`, ignoring case, if it is near enough to be meant. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  if (wanted.length > LENGTH_MAX) return undefined;
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.floor(wanted.length / 3)) + 1;
  let left = CANDIDATE_COUNT_MAX;
  for (const candidate of candidates) {
    if (left === 0) break;
    left -= 1;
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance - 1);
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** `did you mean 'x'?`, or nothing when no candidate is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const meant = nearest(name, candidates);
  return meant === undefined ? undefined : `did you mean '${meant}'?`;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), counted
 * up to `most`: a larger distance gives `most + 1`.
 */
export function editDistance(left: string, right: string, most: number): number {
  const [a, b] = withoutSharedEnds(left, right);
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1);
      row.push(distance);
      least = Math.min(least, distance);
    }
    if (least > most) return most + 1;
    beforePrevious = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, most + 1);
}

/** Equal beginnings and ends add nothing to the distance; most pairs are long in them. */
function withoutSharedEnds(a: string, b: string): [string, string] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

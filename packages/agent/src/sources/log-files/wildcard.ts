/** The wildcards of file patterns. */
import { sep } from 'node:path';

/**
 * Whether a file name is what a pattern says: `*` stands for any characters, `?` for one. As in
 * a shell, a leading dot is matched by a dot only. Time is bounded by the product of the lengths.
 */
export function matchesWildcard(pattern: string, name: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let p = 0;
  let n = 0;
  let lastStar = -1;
  let nameAtStar = 0;
  while (n < name.length) {
    if (pattern[p] === '*') {
      lastStar = p;
      nameAtStar = n;
      p += 1;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[n])) {
      p += 1;
      n += 1;
    } else if (lastStar >= 0) {
      // Only the last star has to be tried again: the ones before it have done their part.
      nameAtStar += 1;
      p = lastStar + 1;
      n = nameAtStar;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

/** The same for paths, segment by segment. */
export function matchesPattern(pattern: string, path: string): boolean {
  const names = path.split(sep);
  const segments = pattern.split(sep);
  return (
    names.length === segments.length &&
    segments.every((segment, i) => matchesWildcard(segment, names[i] ?? ''))
  );
}

export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

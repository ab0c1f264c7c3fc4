/**
 * Names that two wildcard patterns both match: `*` stands for any characters, `?` for one, and a
 * leading dot is matched by a dot only, as in a shell. A name has at least one character.
 */

/** Places in one pattern times those in the other; longer ones are not compared. Own choice. */
const CELLS_MAX = 70_000;
/** Stands for what both patterns leave open. */
const ANY_CHARACTER = 'a';

/** A name both match; `null` when there is none, or the patterns are too long to tell. */
export function commonName(a: string, b: string): string | null {
  if (!hasWildcard(a) && !hasWildcard(b)) return a === b && a !== '' ? a : null;
  // A name with a dot in front needs one in front of both patterns, which leaves no other name.
  if (a.startsWith('.') !== b.startsWith('.')) return null;
  return commonText(a, b, a.startsWith('.'));
}

/** The same for texts that are no names of files, where a dot in front is a character like others. */
export function commonText(a: string, b: string, mayStartWithDot = true): string | null {
  if (haveOtherEnds(a, b) || a.length * b.length > CELLS_MAX) return null;
  return new Comparison(a, b, mayStartWithDot).shortest();
}

/** Does every text that `b` matches match `a`? Never true by mistake; false where it is not clear. */
export function covers(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length * b.length > CELLS_MAX) return false;
  if (b.startsWith('.') !== a.startsWith('.')) return false;
  // The wildcards of `b` are characters that only a wildcard of `a` matches: `*` only a `*`.
  const open = new Set<number>([0]);
  let places = withStars(open, a);
  for (const character of b) {
    const next = new Set<number>();
    for (const place of places) {
      const own = a[place];
      if (own === '*') next.add(place);
      else if (own !== undefined && character !== '*' && (own === '?' || own === character)) {
        next.add(place + 1);
      }
    }
    places = withStars(next, a);
    if (places.size === 0) return false;
  }
  return places.has(a.length);
}

export function hasWildcard(text: string): boolean {
  return text.includes('*') || text.includes('?');
}

/** Is what stands before the first wildcards, or behind the last, different? */
export function haveOtherEnds(a: string, b: string): boolean {
  const length = Math.min(a.length, b.length);
  return differ(length, (i) => [a[i], b[i]]) || differ(length, (i) => [a.at(-1 - i), b.at(-1 - i)]);
}

function differ(
  length: number,
  charactersAt: (i: number) => readonly [string | undefined, string | undefined],
): boolean {
  for (let i = 0; i < length; i++) {
    const [a, b] = charactersAt(i);
    if (a === undefined || b === undefined || isOpen(a) || isOpen(b)) return false;
    if (a !== b) return true;
  }
  return false;
}

function isOpen(character: string): boolean {
  return character === '*' || character === '?';
}

/** Stars may stand for nothing. */
function withStars(places: ReadonlySet<number>, pattern: string): Set<number> {
  const all = new Set(places);
  for (const place of all) if (pattern[place] === '*') all.add(place + 1);
  return all;
}

/** A search for the shortest text, breadth first, over places in both patterns. */
class Comparison {
  readonly #a: string;
  readonly #b: string;
  readonly #mayStartWithDot: boolean;
  readonly #width: number;
  /** By place: the place before it, and what was written between them. */
  readonly #before = new Map<number, { readonly place: number; readonly text: string }>();

  constructor(a: string, b: string, mayStartWithDot: boolean) {
    this.#a = a;
    this.#b = b;
    this.#mayStartWithDot = mayStartWithDot;
    this.#width = b.length + 1;
  }

  shortest(): string | null {
    const end = this.#place(this.#a.length, this.#b.length, true);
    const start = this.#place(0, 0, false);
    const queue = [start];
    // The queue grows while it is read; every place enters it once.
    for (const place of queue) {
      if (place === end) return this.#textTo(end, start);
      this.#spread(place, queue);
    }
    return null;
  }

  /** A place in each pattern, and whether anything was written so far. */
  #place(i: number, j: number, hasText: boolean): number {
    return (i * this.#width + j) * 2 + Number(hasText);
  }

  #spread(place: number, queue: number[]): void {
    const hasText = place % 2 === 1;
    const cell = (place - Number(hasText)) / 2;
    const [i, j] = [Math.floor(cell / this.#width), cell % this.#width];
    const [inA, inB] = [this.#a[i], this.#b[j]];
    const go = (to: number, text: string): void => {
      if (to === place || this.#before.has(to)) return;
      this.#before.set(to, { place, text });
      queue.push(to);
    };
    if (inA === '*') go(this.#place(i + 1, j, hasText), '');
    if (inB === '*') go(this.#place(i, j + 1, hasText), '');
    if (inA === undefined || inB === undefined) return;
    const character = agreedCharacter(inA, inB);
    if (character === null || (!hasText && character === '.' && !this.#mayStartWithDot)) return;
    go(this.#place(i + Number(inA !== '*'), j + Number(inB !== '*'), true), character);
  }

  #textTo(end: number, start: number): string {
    const parts: string[] = [];
    for (let place = end; place !== start; ) {
      const step = this.#before.get(place);
      if (step === undefined) break;
      parts.push(step.text);
      place = step.place;
    }
    return parts.reverse().join('');
  }
}

function agreedCharacter(a: string, b: string): string | null {
  if (isOpen(a)) return isOpen(b) ? ANY_CHARACTER : b;
  return isOpen(b) || a === b ? a : null;
}

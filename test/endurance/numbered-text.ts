/**
 * Texts that can be told apart and checked wherever they turn up: source, number, a hash over
 * both and the rest, and the rest, which has what encoders stumble over.
 */
import { hash } from 'node:crypto';
import { pick, seededRandom } from '../support/seeded-random.ts';

export const SOURCES = ['messages', 'lines', 'events'] as const;
export type SourceName = (typeof SOURCES)[number];

const HASH_DIGITS = 16;
const TEXT = new RegExp(`^([a-z]+) (\\d+) ([0-9a-f]{${HASH_DIGITS}}) (.*)$`, 's');
/** So many different endings; which one is told by the number. */
const ENDINGS = 97;
/** What stays as it is in XML, too. */
const PLAIN = ['a', 'Z', '7', ' ', '-', 'status=ok', 'é', '日本', '€', '🙂'];
const AWKWARD = [...PLAIN, '"', '\\', '\t', "'", '<', '>', '&', '%41', '{"x":[1]}', '\\u0041'];
const PARTS_MAX = 80;

export type NumberedTexts = (source: SourceName, number: number) => string;

/** Texts of one run: another seed makes others. */
export function numberedTexts(seed: number): NumberedTexts {
  const random = seededRandom(seed);
  const awkward = Array.from({ length: ENDINGS }, () => ending(random, AWKWARD));
  const plain = Array.from({ length: ENDINGS }, () => ending(random, PLAIN));
  return (source, number) => {
    const rest = (source === 'events' ? plain : awkward)[number % ENDINGS]!;
    return `${source} ${number} ${hashOf(source, number, rest)} ${rest}`;
  };
}

export interface ReadText {
  readonly source: SourceName;
  readonly number: number;
}

/** `undefined` when the text is not whole, or none of these. */
export function readNumberedText(text: string): ReadText | undefined {
  const [, source, digits, sum, rest] = TEXT.exec(text) ?? [];
  if (source === undefined || !isSource(source)) return undefined;
  const number = Number(digits);
  return sum === hashOf(source, number, rest!) ? { source, number } : undefined;
}

function isSource(text: string): text is SourceName {
  return (SOURCES as readonly string[]).includes(text);
}

function hashOf(source: string, number: number, rest: string): string {
  return hash('sha256', `${source}\0${number}\0${rest}`).slice(0, HASH_DIGITS);
}

/** Brackets keep blanks off its ends, which some senders and readers trim. */
function ending(random: () => number, parts: readonly string[]): string {
  const count = Math.floor(random() ** 2 * PARTS_MAX);
  return `[${Array.from({ length: count }, () => pick(random, parts)).join('')}]`;
}

/**
 * Clauses → one sentence. An `or` between two values joins these values and nothing else.
 * Alternatives begin with `either` and are parted by a comma and `or`, which stand nowhere else;
 * what is nested deeper is a numbered list, a line for each item.
 */
import type { Clause, LeafClause } from './clause.ts';
import { leafWords, type WordClass } from './leaf-words.ts';

const ORDER: readonly WordClass[] = [
  'from',
  'with',
  'that are',
  'when',
  'whose',
  'that have',
  'that match',
];

/** `all events`, `events with EventID 4624`. */
export function sentenceOf(clause: Clause): string {
  return clause.kind === 'everything' ? 'all events' : `events ${wordsOf(clause, '')}`;
}

/** `number` is that of the list item it stands in: `2.1.` */
function wordsOf(clause: Clause, number: string): string {
  switch (clause.kind) {
    case 'everything':
      return 'of any kind';
    case 'leaf':
      return leafWords(clause).text;
    case 'any':
      return alternativesOf(clause.of, number);
    case 'all': {
      const leaves = clause.of.filter(isLeaf);
      const others = clause.of.filter((each) => !isLeaf(each));
      const plain = leaves.length === 0 ? '' : `${flatWords(leaves)} `;
      const [only, ...more] = others;
      if (only === undefined) return plain.trimEnd();
      if (only.kind !== 'any' || more.length > 0) {
        return `${plain}that fulfil all of these:${itemsOf(others, number)}`;
      }
      const isInline = only.of.every(isFlat);
      return `${plain}${isInline && plain !== '' ? 'and ' : ''}${alternativesOf(only.of, number)}`;
    }
  }
}

function alternativesOf(clauses: readonly Clause[], number: string): string {
  if (!clauses.every(isFlat)) return `that fulfil one of these:${itemsOf(clauses, number)}`;
  const words = clauses.map((each) => wordsOf(each, number));
  return `either ${words.join(', or ')}`;
}

function itemsOf(clauses: readonly Clause[], number: string): string {
  return clauses
    .map((clause, i) => {
      const own = `${number}${i + 1}.`;
      const indent = '  '.repeat(own.split('.').length - 1);
      return `\n${indent}${own} ${wordsOf(clause, own)}`;
    })
    .join('');
}

/** Clauses that must all hold, in the order of their classes. */
function flatWords(leaves: readonly LeafClause[]): string {
  const words = leaves.map(leafWords);
  return ORDER.flatMap((wordClass) => {
    const texts = words.filter((each) => each.wordClass === wordClass).map(({ text }) => text);
    return texts.length === 0 ? [] : [texts.join(' and ')];
  }).join(' ');
}

function isFlat(clause: Clause): boolean {
  return clause.kind === 'leaf' || (clause.kind === 'all' && clause.of.every(isLeaf));
}

function isLeaf(clause: Clause): clause is LeafClause {
  return clause.kind === 'leaf';
}

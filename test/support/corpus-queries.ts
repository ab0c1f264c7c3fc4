/** The query lists of the corpus: tab-separated, with a header. */
import { readFileSync } from 'node:fs';
import { corpusPath } from './corpus.ts';

export interface CorpusQuery {
  readonly id: string;
  /** `*`: every channel. */
  readonly channel: string;
  readonly text: string;
}

export function corpusQueries(): CorpusQuery[] {
  return ['xpath/queries.tsv', 'xpath/queries-dcr.tsv'].flatMap((path) =>
    corpusRows(path).map(([id = '', channel = '', text = '']) => ({ id, channel, text })),
  );
}

/** The rows of a table, without its header. */
export function corpusRows(path: string): string[][] {
  return corpusLines(path)
    .slice(1)
    .map((line) => line.split('\t'));
}

export function corpusLines(path: string): string[] {
  return readFileSync(corpusPath(path), 'utf8').trimEnd().split('\n');
}

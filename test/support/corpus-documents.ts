/** Documents with rules that other people wrote, and what is known of each. */
import { existsSync, readFileSync } from 'node:fs';
import { corpusPath } from './corpus.ts';

export interface CorpusDocument {
  readonly file: string;
  /** `arm-template`, `rest-dcr-request` … */
  readonly kind: string;
  readonly notes: string;
  readonly text: string;
}

/** None where the corpus is absent. */
export function corpusDocuments(): readonly CorpusDocument[] {
  const manifest = corpusPath('dcr/MANIFEST.tsv');
  if (!existsSync(manifest)) return [];
  const [head = '', ...rows] = readFileSync(manifest, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return rows.map((row) => {
    const cells = row.split('\t');
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? '';
    const file = cell('file');
    const text = readFileSync(corpusPath(`dcr/${file}`), 'utf8');
    return { file, kind: cell('kind-of-document'), notes: cell('notes'), text };
  });
}

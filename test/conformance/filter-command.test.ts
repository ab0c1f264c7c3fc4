/**
 * The `filter` command over every log of the corpus and every query: it prints the identifiers
 * that an independent XPath engine selected.
 */
import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { corpusLines } from '../support/corpus-queries.ts';
import { runCommand } from '../support/processes.ts';

interface Truth {
  readonly file: string;
  readonly q: string;
  readonly of: number;
  readonly ids: readonly number[];
  /** How many there are where ignoring the case of texts changes the answer. */
  readonly n_ci?: number;
}

interface Match {
  readonly file: string;
  readonly query: string;
  readonly of: number;
  readonly matched: number;
  readonly ids: readonly number[];
}

const TABLES = ['xpath/queries.tsv', 'xpath/queries-dcr.tsv'].flatMap((path) => [
  '--queries',
  corpusPath(path),
]);

test('filter prints the identifiers of the truth files', corpusOptions('evtx-truth'), async (t) => {
  const lines = ['xpath/truth.jsonl', 'xpath/truth-dcr.jsonl'].flatMap(corpusLines);
  const [meta, ...entries] = lines.map((line) => JSON.parse(line));
  const truths = entries.filter((entry) => entry.file !== undefined) as Truth[];
  const args = ['filter', corpusPath('evtx'), ...TABLES, '-o', 'matches', '--now', meta.now];
  const [exact, ignoring] = await Promise.all([
    runCommand('agent', [...args, '--exact-case']),
    runCommand('agent', args),
  ]);
  assert.deepEqual([exact.code, ignoring.code], [0, 0], exact.stderr);
  const byPair = matchesOf(exact.stdout);
  const byPairIgnoring = matchesOf(ignoring.stdout);
  const differences: string[] = [];
  for (const { file, q, of, ids, n_ci } of truths) {
    const match = byPair.get(`${file} ${q}`);
    const isSame = match?.of === of && match.ids.join() === ids.join();
    const count = byPairIgnoring.get(`${file} ${q}`)?.matched;
    if (isSame && count === (n_ci ?? ids.length)) continue;
    differences.push(`${file} ${q}: ${match?.matched} and ${count} of ${match?.of}`);
  }
  t.diagnostic(`${truths.length} pairs of file and query, ${differences.length} differ`);
  assert.deepEqual(differences, []);
  assert.ok(truths.length > 0);
});

function matchesOf(stdout: string): Map<string, Match> {
  const matches = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Match);
  return new Map(matches.map((match) => [`${basename(match.file)} ${match.query}`, match]));
}

/**
 * The `filter` command over every log of the corpus and every query: it prints the identifiers
 * that an independent XPath engine selected.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { corpusLines, corpusQueries } from '../support/corpus-queries.ts';
import { runCommand } from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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
  const args = ['filter', corpusPath('evtx'), ...TABLES, ...options(meta.now)];
  // Where case may change an answer, the queries are asked again, ignoring it.
  const caseMatters = new Set(truths.filter(({ n_ci }) => n_ci !== undefined).map(({ q }) => q));
  const again = [
    'filter',
    corpusPath('evtx'),
    ...(await tableOf(caseMatters)),
    ...options(meta.now),
  ];
  const [exact, ignoring] = await Promise.all([
    runCommand('agent', [...args, '--exact-case']),
    runCommand('agent', again),
  ]);
  assert.deepEqual([exact.code, ignoring.code], [0, 0], exact.stderr);
  const byPair = matchesOf(exact.stdout);
  const byPairIgnoring = matchesOf(ignoring.stdout);
  const differences: string[] = [];
  for (const { file, q, of, ids, n_ci } of truths) {
    const match = byPair.get(`${file} ${q}`);
    const isSame = match?.of === of && match.ids.join() === ids.join();
    const count = byPairIgnoring.get(`${file} ${q}`)?.matched;
    if (isSame && (!caseMatters.has(q) || count === (n_ci ?? ids.length))) continue;
    differences.push(`${file} ${q}: ${match?.matched} and ${count} of ${match?.of}`);
  }
  t.diagnostic(`${truths.length} pairs of file and query, ${differences.length} differ`);
  assert.deepEqual(differences, []);
  assert.ok(truths.length > 0);
});

const options = (now: string): string[] => ['-o', 'matches', '--now', now];

/** The option for a table of some queries. */
async function tableOf(ids: ReadonlySet<string>): Promise<string[]> {
  const path = join(await temporaryFolder(), 'queries.tsv');
  const rows = corpusQueries().filter(({ id }) => ids.has(id));
  const lines = rows.map(({ id, channel, text }) => `${id}\t${channel}\t${text}\n`);
  await writeFile(path, `id\tchannel\tquery\n${lines.join('')}`);
  return ['--queries', path];
}

function matchesOf(stdout: string): Map<string, Match> {
  const matches = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Match);
  return new Map(matches.map((match) => [`${basename(match.file)} ${match.query}`, match]));
}

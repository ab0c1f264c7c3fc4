/**
 * Valid rules, broken at one place each: how often that place is told. `mutated-rules/` holds the
 * rules, what was measured, and for every miss why it is none. `UPDATE_SNAPSHOTS=1` writes what is
 * measured anew; a change there is a change of what authors are told. What counts as told at the
 * right place is in `judge-mutation.ts`.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type OpenedDocument, openDocument } from '@dcr-agent/schema/documents';
import { corpusOptions, corpusPath } from '../support/corpus.ts';
import { judge, pointerOf } from '../support/judge-mutation.ts';
import { type Mutation, mutationsOf, type Path, type Value } from '../support/mutate-document.ts';
import { type Judged, mutationReport, UNARGUED } from '../support/mutation-report.ts';
import { pick, seededRandom } from '../support/seeded-random.ts';
import { ARGUMENTS } from './mutated-rules/arguments.ts';

const FOLDER = fileURLToPath(new URL('mutated-rules/', import.meta.url));
/** Of each document of the corpus, so that all of them have a turn. */
const SAMPLE_COUNT = 8;
/** Longer ones take longer and hold little else. */
const LENGTH_MAX = 60_000;

interface ValidDocument {
  readonly value: Value;
  readonly opened: OpenedDocument;
}

/** Nothing: the text is broken already, holds no rule, or is no plain JSON. */
function validDocument(text: string): ValidDocument | undefined {
  const opened = openDocument(text);
  const found = [...opened.diagnostics, ...opened.rules.flatMap((r) => r.diagnostics)];
  if (opened.rules.length === 0 || found.length > 0) return undefined;
  try {
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) as Value, opened };
  } catch {
    return undefined;
  }
}

function judged(mutation: Mutation, { opened }: ValidDocument): Judged {
  const { operator, path } = mutation;
  return {
    operator,
    path: shownPath(path, opened),
    verdict: judge(mutation, opened.rules.length),
  };
}

/** Members of authors' own objects are one place. */
const OPAQUE = /\/(extensionSettings|configuration|tags|identity|labelIncludeFilter)\/.*/;

/** In the rule as its properties have it; `template` stands before what is around rules. */
function shownPath(path: Path, { rules }: OpenedDocument): string {
  const pointer = pointerOf(path);
  const rule = rules.find(({ place }) => `${pointer}/`.startsWith(`${place.pointer}/`));
  const inside =
    rule === undefined
      ? `template ${pointer}`
      : pointer.slice(rule.place.pointer.length).replace(/^\/properties(?=\/)/i, '');
  return inside
    .replaceAll(/\/\d+(?=\/|$)/g, '/*')
    .replace(/\/streamDeclarations\/[^/]+/, '/streamDeclarations/<stream>')
    .replace(OPAQUE, '/$1/…');
}

/** `of` says what was broken: figures of other documents are not compared. */
function holdAgainst(snapshot: string, of: string, all: readonly Judged[]): void {
  const report = `${of}\n${mutationReport(all, ARGUMENTS)}`;
  const path = `${FOLDER}${snapshot}`;
  if (process.env.UPDATE_SNAPSHOTS === '1') writeFileSync(path, report);
  const kept = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const right = all.filter(({ verdict }) => verdict === 'right').length;
  assert.ok(right > 0.75 * all.length, report);
  if (!kept.startsWith(`${of}\n`)) return;
  assert.equal(report, kept);
  assert.ok(!report.includes(UNARGUED));
}

test('rules of every kind, broken at every place in every way', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const all = files.sort().flatMap((name, seed) => {
    const document = validDocument(readFileSync(`${FOLDER}${name}`, 'utf8'));
    assert.ok(document !== undefined, `${name} is valid`);
    const mutations = mutationsOf(document.value, seededRandom(seed));
    return mutations.map((mutation) => judged(mutation, document));
  });
  holdAgainst('every-place.snapshot.txt', 'the rules of this folder', all);
});

test("other people's valid rules, broken at some places each", corpusOptions('dcr'), (t) => {
  const names = readdirSync(corpusPath('dcr')).filter((name) => name.endsWith('.json'));
  const texts = names.sort().map((name) => readFileSync(corpusPath(`dcr/${name}`), 'utf8'));
  const all = texts.flatMap((text, seed) => {
    const document = text.length > LENGTH_MAX ? undefined : validDocument(text);
    if (document === undefined) return [];
    const random = seededRandom(seed);
    return sampleOf(document, random).map((mutation) => judged(mutation, document));
  });
  assert.ok(all.length > 500);
  t.diagnostic(mutationReport(all, ARGUMENTS).split('\n')[0] ?? '');
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  holdAgainst('corpus.snapshot.txt', `${texts.length} files, ${length} characters`, all);
});

/** Some mutations inside of rules, of each operator about as many. */
function sampleOf({ value, opened }: ValidDocument, random: () => number): readonly Mutation[] {
  const inRules = mutationsOf(value, random).filter(
    ({ path }) => !shownPath(path, opened).startsWith('template '),
  );
  const operators = [...Map.groupBy(inRules, ({ operator }) => operator).values()];
  return Array.from({ length: SAMPLE_COUNT }, () => pick(random, pick(random, operators)));
}

/**
 * Documents of all kinds that other people wrote: the rules in each are found, and every error that
 * is told about one is a mistake.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type OpenedDocument, openDocument } from '@dcr-agent/schema/documents';
import { corpusOptions } from '../support/corpus.ts';
import { corpusDocuments } from '../support/corpus-documents.ts';

interface Entry {
  readonly file: string;
  readonly kind: string;
  /** Rules that somebody counted in it. */
  readonly rules: number;
  readonly document: OpenedDocument;
}

const options = corpusOptions('dcr');
const entries = corpusDocuments().map(({ file, kind, notes, text }): Entry => {
  const rules = Number(/dcrs=(\d+)/.exec(notes)?.[1] ?? 0);
  return { file, kind, rules, document: openDocument(text) };
});

/** The answers in an example repeat the rule that it sends; somebody left one of them out. */
const COUNTED_OTHERWISE = /DataCollectionRulesCreateAgentSettings/;

test('every rule of every document is found', options, () => {
  assert.ok(entries.length > 200);
  const wrong = entries.filter(({ file, rules, document }) => {
    return document.rules.length !== rules && !COUNTED_OTHERWISE.test(file);
  });
  assert.deepEqual(
    wrong.map(({ file, rules, document }) => [file, rules, document.rules.length]),
    [],
  );
});

test('a document without a rule says what it is', options, () => {
  for (const { file, document } of entries) {
    assert.equal(document.noRule !== undefined, document.rules.length === 0, file);
  }
});

/** Why an error is one: drafts in a history, and what a published document gets wrong. */
const MISTAKES: readonly (readonly [file: RegExp, codes: readonly string[], why: string])[] = [
  [/__h59d2da3c__/, ['DCR_MEMBER_MISSING'], 'a draft without destinations'],
  [/__h5e2d4221__/, ['DCR_MEMBER_MISSING'], 'a draft without destinations'],
  [/__h72d675d5__/, ['TRANSFORM_FUNCTION_UNKNOWN'], 'a draft that writes tosring'],
  [/_DataCollectionRulesCreate\.json/, ['XPATH_EMPTY_QUERY'], "'Security!' is refused"],
  [/EmbeddedDCE\.json/, ['DCR_DESTINATION_UNKNOWN'], 'the destination has another name'],
  [/ADAssessmentRecommendation\.json/, ['DCR_COLUMN_TYPE_INVALID'], 'columns of type guid'],
  [/AWSCloudTrail\.json/, ['DCR_COLUMN_TYPE_INVALID'], 'columns of type guid'],
  [/__h386c6bf0__/, ['ARM_PARAMETER_VALUE'], 'a draft: the policy leaves a parameter out'],
  [/__hd8224962__/, ['ARM_PARAMETER_UNDECLARED'], 'a draft: a parameter was renamed'],
];

test('every error is a mistake', options, (t) => {
  const totals = new Map<
    string,
    { files: number; withRules: number; rules: number; errors: number }
  >();
  const unexplained: string[] = [];
  for (const { file, kind, document } of entries) {
    const found = [...document.diagnostics, ...document.rules.flatMap((r) => r.diagnostics)];
    const errors = found.filter((d) => d.severity === 'error');
    const known = MISTAKES.filter(([name]) => name.test(file)).flatMap(([, codes]) => codes);
    for (const { code, pointer } of errors) {
      if (!known.includes(code)) unexplained.push(`${file} ${code} ${pointer}`);
    }
    const total = totals.get(kind) ?? { files: 0, withRules: 0, rules: 0, errors: 0 };
    total.files += 1;
    total.withRules += document.rules.length > 0 ? 1 : 0;
    total.rules += document.rules.length;
    total.errors += errors.length;
    totals.set(kind, total);
  }
  for (const [kind, { files, withRules, rules, errors }] of totals) {
    t.diagnostic(`${kind}: ${files} files, ${withRules} with ${rules} rules, ${errors} errors`);
  }
  assert.deepEqual(unexplained, []);
});

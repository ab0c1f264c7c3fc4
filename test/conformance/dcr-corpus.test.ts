/**
 * Rules that other people wrote. Every document gets an answer; those that the control plane was
 * seen to accept, or that are published as one rule, become rules without an error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Diagnostic, formatDiagnostic, type ParsedRule, parseRule } from '@dcr-agent/schema';
import { corpusOptions } from '../support/corpus.ts';
import { type CorpusDocument, corpusDocuments } from '../support/corpus-documents.ts';

const options = corpusOptions('dcr');
const entries = corpusDocuments();

function errorsOf(file: string, { diagnostics }: ParsedRule): string[] {
  const errors = diagnostics.filter((d: Diagnostic) => d.severity === 'error');
  return errors.map((d: Diagnostic) => formatDiagnostic(d, file));
}

/** Codes that each kind of document may be refused with; a kind without any is a rule. */
const REFUSED: { readonly [kind: string]: readonly string[] } = {
  'arm-template': ['DCR_IS_TEMPLATE'],
  'azure-policy-dcr-reference': ['DCR_IS_POLICY'],
  'azure-policy-embedding-dcr': ['DCR_IS_POLICY'],
  'azure-policy-initiative': ['DCR_IS_POLICY'],
  'rest-api-spec-example': ['DCR_NOT_A_RULE'],
  'rest-dce-response': ['DCR_WRONG_RESOURCE_TYPE'],
  'rest-dcra-request': ['DCR_WRONG_RESOURCE_TYPE'],
  'rest-dcra-response': ['DCR_WRONG_RESOURCE_TYPE'],
};

test('every document gives a rule or says why not', options, () => {
  assert.ok(entries.length > 100);
  for (const { file, text } of entries) {
    const { rule, diagnostics } = parseRule(text);
    const hasErrors = diagnostics.some((d) => d.severity === 'error');
    assert.equal(rule === undefined, hasErrors, file);
  }
});

test('documents of another kind are told by what they are', options, () => {
  for (const { file, kind, text } of entries) {
    const expected = REFUSED[kind];
    if (expected === undefined) continue;
    const codes = parseRule(text).diagnostics.map((d) => d.code);
    assert.deepEqual(codes, expected, file);
  }
});

/** One rule, neither inside a policy nor in a list. */
function isOneRule({ kind, notes, text }: CorpusDocument): boolean {
  if (REFUSED[kind] !== undefined || !/\bdcrs=1\b/.test(notes)) return false;
  return !/^\s*\[/.test(text);
}

test('documents that are one rule have no error', options, () => {
  const rules = entries.filter(isOneRule);
  assert.ok(rules.length > 20);
  assert.deepEqual(
    rules.flatMap(({ file, text }) => errorsOf(file, parseRule(text))),
    [],
  );
});

/** Every object of a document that has the form of a rule, wherever it stands. */
function rulesInside(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(rulesInside);
  const type = String((value as { type?: unknown }).type);
  const isRule = /^microsoft\.insights\/datacollectionrules$/i.test(type);
  return isRule && 'properties' in value ? [value, ...below] : below;
}

/** Published templates; drafts out of a history and examples of the API were never deployed. */
function isPublishedTemplate({ kind, notes }: CorpusDocument): boolean {
  const isTemplate = kind === 'arm-template' || kind === 'azure-policy-embedding-dcr';
  return isTemplate && !notes.includes('historical version');
}

/**
 * What a rule cut out of a template may be refused for: values only the deployment knows, and a
 * mistake that one generator of templates makes (columns of type guid).
 */
test('rules inside published templates have no other error', options, () => {
  const found = entries.filter(isPublishedTemplate).flatMap(({ file, text }) => {
    const rules = rulesInside(jsonOf(text));
    return rules.map((rule) => ({ file, parsed: parseRule(JSON.stringify(rule)) }));
  });
  assert.ok(found.length > 50);
  const errors = found.flatMap(({ file, parsed }) => errorsOf(file, parsed));
  const unexplained = errors.filter((error) => {
    const isExpression = /DCR_TYPE_WRONG.*template expressions are not evaluated/.test(error);
    return !isExpression && !/DCR_COLUMN_TYPE_INVALID.*"guid"/.test(error);
  });
  assert.deepEqual(unexplained, []);
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

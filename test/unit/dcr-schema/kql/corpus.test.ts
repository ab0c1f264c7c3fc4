import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkTransform } from '../../../../packages/dcr-schema/src/kql/check-transform.ts';
import type { TransformReport } from '../../../../packages/dcr-schema/src/kql/transform-report.ts';
import type { Column } from '../../../../packages/dcr-schema/src/rule/rule.ts';
import { corpusOptions, corpusPath } from '../../../support/corpus.ts';

interface Sample {
  readonly transformKql: string;
  readonly streams: readonly string[] | null;
  readonly columns?: Readonly<Record<string, readonly Column[] | string>>;
}

/** Each text with what the checks say of it, given the columns its rule declares. */
function reports(): { readonly text: string; readonly report: TransformReport }[] {
  const lines = readFileSync(corpusPath('kql/transforms.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { transformKql: text, streams, columns } = JSON.parse(line) as Sample;
    const declared = columns?.[streams?.[0] ?? ''];
    const input = typeof declared === 'object' ? { columns: declared } : {};
    return { text, report: checkTransform(text, input) };
  });
}

/**
 * What is told of real texts, each by what stands at its place, and why it is right: a misspelled
 * function; a dash in a name; more columns than one parse may make; a comma and a bracket that their
 * publishers meant to be wrong or left out; two snippets that show an operator and no more.
 */
const TOLD: readonly string[] = [
  'TRANSFORM_FUNCTION_UNKNOWN tosring(Co',
  'TRANSFORM_SYNTAX —SHA256_s ',
  'TRANSFORM_PARSE_COLUMNS parse RawD',
  'TRANSFORM_SYNTAX ,',
  'TRANSFORM_SYNTAX (Additiona',
  'TRANSFORM_NO_TIME_GENERATED project Pr',
  'TRANSFORM_NO_TIME_GENERATED print x = ',
];

test('of real texts only plain mistakes are told', corpusOptions('kql'), () => {
  const all = reports();
  const told = all.flatMap(({ text, report }) =>
    report.findings.map(({ code, unit }) => `${code} ${text.slice(unit, unit + 10)}`),
  );
  assert.ok(all.length > 600);
  assert.deepEqual(told, TOLD);
});

test('the columns of most real texts are known', corpusOptions('kql'), () => {
  const known = reports().filter(({ report }) => report.output !== undefined);
  assert.ok(known.length > 530, String(known.length));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '../../../../packages/dcr-schema/src/rule/parse-rule.ts';
import { fuzzRule } from '../../../fuzz/rule.fuzz.ts';

test('a few hundred changed rules are answered', () => {
  fuzzRule(parseRule, { numRuns: 300, seed: 1 });
});

test('the fuzzer finds a parser that throws and one that points nowhere', () => {
  const throwing = (text: string): ReturnType<typeof parseRule> => {
    if (text.includes('\\')) throw new Error('backslash');
    return parseRule(text);
  };
  assert.throws(() => fuzzRule(throwing, { numRuns: 300, seed: 1 }), /Property failed/);
  const astray = (text: string): ReturnType<typeof parseRule> => {
    const { rule, diagnostics } = parseRule(text);
    return { rule, diagnostics: diagnostics.map((d) => ({ ...d, pointer: `${d.pointer}/x` })) };
  };
  assert.throws(() => fuzzRule(astray, { numRuns: 300, seed: 1 }), /Property failed/);
});

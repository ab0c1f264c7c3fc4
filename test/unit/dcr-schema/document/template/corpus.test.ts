import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corpusOptions } from '../../../../support/corpus.ts';
import { corpusDocuments } from '../../../../support/corpus-documents.ts';
import { evaluateText } from './template-evaluation.ts';

/** A variable there names a parameter by a name that it does not have any more. */
const MISTAKEN =
  'hd8224962__scripts_onboarding_aks_onboarding-using-msi-auth_existingClusterOnboarding.json';

test('the templates of others are evaluated without a finding', corpusOptions('dcr'), () => {
  const files = corpusDocuments().filter(({ kind }) => kind === 'arm-template');
  assert.ok(files.length > 100);
  let ruleCount = 0;
  for (const { file, text } of files) {
    const { found, resources } = evaluateText(text);
    const expected = file.endsWith(MISTAKEN) ? ['ARM_PARAMETER_UNDECLARED'] : [];
    assert.deepEqual(
      found.map(({ code }) => code),
      expected,
      file,
    );
    ruleCount += resources.filter(({ type }) => /\/dataCollectionRules$/i.test(type)).length;
  }
  assert.ok(ruleCount >= files.length, `${ruleCount} rules`);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { API_VERSIONS } from '../../../../../packages/dcr-schema/src/rule/schema/api-versions.ts';
import { publishedSchema } from '../../../../../packages/dcr-schema/src/rule/schema/published-schema.ts';
import { SYSLOG_SOURCE, sampleRule } from '../../../../support/sample-rule.ts';

const FOLDER = new URL('../../../../../packages/dcr-schema/schemas/', import.meta.url);

function validatorOf(version: (typeof API_VERSIONS)[number]): (document: string) => boolean {
  const validate = new Ajv({ strict: 'log', strictTypes: false }).compile(publishedSchema(version));
  return (document) => validate(JSON.parse(document));
}

for (const version of API_VERSIONS) {
  test(`the schema of ${version} is published as a file`, () => {
    const file = new URL(`data-collection-rule-${version}.json`, FOLDER);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), publishedSchema(version));
  });

  test(`the schema of ${version} takes a rule, wrapped or not, and refuses a misspelled one`, () => {
    const isValid = validatorOf(version);
    const rule = JSON.parse(sampleRule()) as { properties: object };
    assert.ok(isValid(sampleRule()));
    assert.ok(isValid(JSON.stringify(rule.properties)));
    assert.ok(!isValid(sampleRule().replace('"dataFlows"', '"dataFlow"')));
    assert.ok(!isValid(JSON.stringify({ ...rule.properties, dataFlow: [] })));
  });
}

test('a schema knows what its version has', () => {
  const settings = { logs: [{ name: 'MaxDiskQuotaInMB', value: '5000' }] };
  const rule = sampleRule({ agentSettings: settings });
  const alone = JSON.stringify({ kind: 'AgentSettings', properties: { agentSettings: settings } });
  assert.ok(!validatorOf('2022-06-01')(rule));
  assert.ok(validatorOf('2023-03-11')(rule));
  assert.ok(validatorOf('2023-03-11')(alone));
  assert.ok(!validatorOf('2023-03-11')(alone.replace('AgentSettings', 'Linux')));
});

test('values that the service may add to are suggested, not demanded', () => {
  const isValid = validatorOf('2024-03-11');
  const facilities = sampleRule({
    dataSources: { syslog: [{ ...SYSLOG_SOURCE, facilityNames: ['kernel'] }] },
  });
  assert.ok(isValid(facilities));
  const column = { columns: [{ name: 'Id', type: 'guid' }] };
  assert.ok(!isValid(sampleRule({ streamDeclarations: { 'Custom-App': column } })));
});

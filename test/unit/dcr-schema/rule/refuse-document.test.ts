import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '../../../../packages/dcr-schema/src/rule/parse-rule.ts';

const CASES: readonly (readonly [text: string, code: string, message: RegExp])[] = [
  ['null', 'DCR_NOT_A_RULE', /is null, expected an object/],
  ['"rule.json"', 'DCR_NOT_A_RULE', /is the text "rule.json"/],
  ['5', 'DCR_NOT_A_RULE', /is the number 5/],
  ['true', 'DCR_NOT_A_RULE', /is true/],
  ['[]', 'DCR_IS_LIST', /a list of 0 items/],
  ['[{"properties": {}}, {}]', 'DCR_IS_LIST', /a list of 2 items, expected one rule/],
  ['{"value": [{"properties": {"dataFlows": []}}], "nextLink": null}', 'DCR_IS_LIST', /'value' is/],
  [
    '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}',
    'DCR_IS_TEMPLATE',
    /this|is an ARM template, not a rule/,
  ],
  ['{"Resources": {}, "languageVersion": "2.0"}', 'DCR_IS_TEMPLATE', /is an ARM template/],
  [
    '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "parameters": {}}',
    'DCR_NOT_A_RULE',
    /template parameters/,
  ],
  ['{"properties": {"policyRule": {"if": {}, "then": {}}}}', 'DCR_IS_POLICY', /Azure Policy/],
  ['{"if": {}, "then": {}}', 'DCR_IS_POLICY', /Azure Policy/],
  ['{"properties": {"policyDefinitions": []}}', 'DCR_IS_POLICY', /Azure Policy/],
  [
    '{"type": "Microsoft.Insights/dataCollectionEndpoints", "properties": {}}',
    'DCR_WRONG_RESOURCE_TYPE',
    /dataCollectionEndpoints/,
  ],
  ['{"properties": {"dataCollectionRuleId": "/x"}}', 'DCR_WRONG_RESOURCE_TYPE', /association/],
  ['{"parameters": {}, "responses": {}}', 'DCR_NOT_A_RULE', /example of the API/],
  ['{"configurations": []}', 'DCR_NOT_A_RULE', /configuration an agent receives/],
  ['{}', 'DCR_NOT_A_RULE', /holds no rule/],
  ['{"name": "x", "location": "y"}', 'DCR_NOT_A_RULE', /holds no rule/],
  ['{"properties": {}}', 'DCR_NOT_A_RULE', /'properties' holds no rule/],
  ['{"propertys": {"dataFlows": []}}', 'DCR_MEMBER_MISSING', /but no 'properties'/],
  ['{"properties": []}', 'DCR_TYPE_WRONG', /'properties' is a list, expected a rule/],
  ['{"properties": null}', 'DCR_MEMBER_MISSING', /'properties' of the rule is null/],
];

for (const [text, code, message] of CASES) {
  test(`${text.slice(0, 60)} is told from a rule`, () => {
    const { rule, diagnostics } = parseRule(text);
    assert.equal(rule, undefined);
    assert.deepEqual(
      diagnostics.map((d) => d.code),
      [code],
    );
    assert.match(diagnostics[0]?.message ?? '', message);
  });
}

test('a misspelled wrapper gets a hint', () => {
  const [diagnostic] = parseRule('{"propertys": {"dataFlows": []}}').diagnostics;
  assert.equal(diagnostic?.hint, "did you mean 'properties'?");
});

test('a schema reference of an editor does not make a template of a rule', () => {
  const text = '{"$schema": "./dcr.schema.json", "dataFlows": [], "destinations": {}}';
  assert.ok(parseRule(text).rule);
});

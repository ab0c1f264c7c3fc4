import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDocument } from '../../../../packages/dcr-schema/src/document/open-document.ts';

const TYPE = 'Microsoft.Insights/dataCollectionRuleAssociations';

function found(association: object): readonly (readonly [string, string])[] {
  const { diagnostics } = openDocument(JSON.stringify({ type: TYPE, ...association }));
  return diagnostics.map(({ code, pointer }) => [code, pointer] as const);
}

test('the association of an endpoint has the name that is kept for it', () => {
  const properties = { dataCollectionEndpointId: '/x' };
  assert.deepEqual(found({ name: 'configurationAccessEndpoint', properties }), []);
  assert.deepEqual(
    found({ name: 'vm/Microsoft.Insights/configurationAccessEndpoint', properties }),
    [],
  );
  assert.deepEqual(found({ name: 'mine', properties }), [['DCRA_ENDPOINT_NAME', '/name']]);
  assert.deepEqual(found({ name: "[parameters('n')]", properties }), []);
  assert.deepEqual(found({ properties }), []);
});

test('that of a rule has another one', () => {
  const properties = { dataCollectionRuleId: '/x' };
  assert.deepEqual(found({ name: 'mine', properties }), []);
  assert.deepEqual(found({ name: 'configurationAccessEndpoint', properties }), [
    ['DCRA_NAME_RESERVED', '/name'],
  ]);
});

test('an association names a rule or an endpoint', () => {
  const both = { dataCollectionRuleId: '/x', dataCollectionEndpointId: '/y' };
  assert.deepEqual(found({ name: 'a', properties: both }), [
    ['DCRA_TWO_TARGETS', '/properties/dataCollectionEndpointId'],
  ]);
  const one = { ...both, dataCollectionEndpointId: null };
  assert.deepEqual(found({ name: 'a', properties: one }), []);
});

test('the answer of the service is named', () => {
  const { diagnostics } = openDocument(
    JSON.stringify({ type: TYPE, name: 'mine', properties: { dataCollectionEndpointId: '/x' } }),
  );
  assert.deepEqual(diagnostics[0]?.service, { code: 'InvalidEndpointAssociationName' });
});

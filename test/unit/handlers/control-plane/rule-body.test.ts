import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRuleBody } from '../../../../packages/handlers/src/control-plane/rule-body.ts';
import { findTransformations } from '../../../../packages/handlers/src/control-plane/transformations.ts';

test('a rule is kept in the form of ARM, without what the server gives', () => {
  const properties = { dataFlows: [], ImmutableId: 'dcr-1', provisioningState: 'Succeeded' };
  const kept = { location: 'x', kind: 'Linux', properties: { dataFlows: [] } };
  assert.deepEqual(toRuleBody({ location: 'x', kind: 'Linux', properties }), kept);
  assert.deepEqual(toRuleBody({ Location: 'x', Kind: 'Linux', Properties: properties }), kept);
  assert.deepEqual(toRuleBody({ location: 'x', kind: 'Linux', ...properties }), kept);
});

test('transformations are found wherever a rule may hold one', () => {
  const body = {
    properties: {
      DataSources: {
        syslog: [{ name: 'a', transformKql: 'source | where true' }],
        dataImports: { eventHub: { name: 'b' } },
      },
      dataFlows: [
        { transformKql: ' source\n' },
        { TransformKql: 'source | extend a = 1' },
        { transform: 'named' },
        { builtInTransform: 'vendor' },
        { transformKql: '' },
      ],
      transformKql: 'not a place for one',
    },
  };
  assert.deepEqual(findTransformations(body), [
    '/properties/DataSources/syslog/0/transformKql',
    '/properties/dataFlows/1/TransformKql',
    '/properties/dataFlows/2/transform',
    '/properties/dataFlows/3/builtInTransform',
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodePath,
  parseResourceId,
  resourceParts,
  toResourcePath,
} from '../../../../packages/handlers/src/control-plane/resource-path.ts';

const GROUP = '/subscriptions/s/resourceGroups/g';
const VM = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm`;

test('a path is split at its last provider', () => {
  const read = (path: string) => toResourcePath(decodePath(path));
  assert.deepEqual(read(VM), {
    id: VM,
    type: 'Microsoft.Compute/virtualMachines',
    name: 'vm',
    scope: GROUP,
  });
  const extension = `${VM}/providers/Microsoft.Insights/dataCollectionRuleAssociations`;
  assert.deepEqual(read(`${extension}/a%20b/`), {
    id: `${extension}/a b`,
    type: 'Microsoft.Insights/dataCollectionRuleAssociations',
    name: 'a b',
    scope: VM,
  });
  assert.equal(read(extension)?.name, undefined, 'a collection has no name');
  const instance = `${GROUP}/providers/Microsoft.Compute/virtualMachineScaleSets/ss/virtualMachines/0`;
  assert.equal(read(instance)?.type, 'Microsoft.Compute/virtualMachineScaleSets/virtualMachines');
  assert.equal(read(instance)?.name, '0');
  assert.equal(read(GROUP), undefined);
  assert.equal(read(`${GROUP}/providers/Microsoft.Compute`), undefined);
});

test('segments that no id may hold are refused', () => {
  for (const segment of ['%2e%2e%2f', '%00', '%zz', 'a%3Cb', '', 'x'.repeat(261)]) {
    assert.throws(
      () => decodePath(`/subscriptions/${segment}/x`),
      /cannot be part of a resource id/,
    );
  }
});

test('an id given as text is a resource, or nothing', () => {
  assert.equal(parseResourceId(VM)?.name, 'vm');
  for (const id of ['', 'vm', GROUP, `${VM}/extensions`, `${VM}/..%2f/x`, 'subscriptions/s']) {
    assert.equal(parseResourceId(id), undefined, id);
  }
});

test('the parts of an id are those tables show', () => {
  assert.deepEqual(
    resourceParts(VM.toUpperCase().replace('MICROSOFT.COMPUTE', 'Microsoft.Compute')),
    {
      subscriptionId: 'S',
      resourceGroup: 'G',
      provider: 'Microsoft.Compute',
      type: 'VIRTUALMACHINES',
      name: 'VM',
    },
  );
  assert.equal(resourceParts('nothing').name, '');
});

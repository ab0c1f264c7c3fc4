import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingOf, reasonOf, resultOf } from '../template-evaluation.ts';

const WHEN_DEPLOYED = [
  'resourceGroup().location',
  'subscription().subscriptionId',
  'deployment().name',
  'environment().resourceManager',
  'tenant().tenantId',
  'managementGroup().name',
  "reference('x', '2020-01-01').id",
  "listKeys('x', '2020-01-01').keys[0].value",
  "list('x', '2020-01-01').b",
  "roleDefinitions('Reader').id",
  "extensions('k8s').config",
  "listAnythingThatATypeHas('x', '2020-01-01')",
  "pickZones('Microsoft.Compute', 'virtualMachines', 'westus2')",
  'newGuid()',
  "utcNow('u')",
  "guid('a', 'b')",
  "uniqueString('a')",
];

for (const expression of WHEN_DEPLOYED) {
  test(`[${expression}] is known when deployed`, () => {
    const name = expression.slice(0, expression.indexOf('('));
    assert.equal(reasonOf(expression), `${name}() is known when deployed`);
  });
}

test('resource ids are known where their subscription and group are given', () => {
  assert.equal(
    resultOf("resourceId('sub', 'group', 'Microsoft.A/b/c', 'x', 'y')"),
    '/subscriptions/sub/resourceGroups/group/providers/Microsoft.A/b/x/c/y',
  );
  assert.match(reasonOf("resourceId('group', 'Microsoft.A/b', 'x')"), /^the subscription is/);
  assert.match(
    reasonOf("resourceId('Microsoft.A/b', 'x')"),
    /^the subscription and resource group/,
  );
  assert.equal(
    resultOf("subscriptionResourceId('sub', 'Microsoft.A/b', 'x')"),
    '/subscriptions/sub/providers/Microsoft.A/b/x',
  );
  assert.match(reasonOf("subscriptionResourceId('Microsoft.A/b', 'x')"), /^the subscription is/);
  assert.equal(resultOf("tenantResourceId('Microsoft.A/b', 'x')"), '/providers/Microsoft.A/b/x');
  assert.equal(
    resultOf("extensionResourceId('/subscriptions/s', 'Microsoft.A/b', 'x')"),
    '/subscriptions/s/providers/Microsoft.A/b/x',
  );
  assert.equal(
    resultOf("managementGroupResourceId('mg', 'Microsoft.A/b', 'x')"),
    '/providers/Microsoft.Management/managementGroups/mg/providers/Microsoft.A/b/x',
  );
});

test('a resource id needs a type and as many names as the type has parts', () => {
  assert.match(findingOf("resourceId('a', 'b')"), /has no argument that is a resource type/);
  assert.match(findingOf("resourceId('Microsoft.A/b/c', 'x')"), /takes 2 names, not 1/);
});

test('fail() is a mistake where it is reached', () => {
  assert.match(
    findingOf("fail('no such size')"),
    /the deployment fails here, saying: no such size/,
  );
  assert.equal(resultOf("if(true(), 1, fail('x'))"), 1);
});

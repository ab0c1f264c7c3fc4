import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRule } from '@dcr-agent/schema';
import { planRules, type ReplayedRule } from '../../../../packages/agent/src/replay/rule-plan.ts';
import { sampleRule, WORKSPACE_ID } from '../../../support/sample-rule.ts';

function ruleOf(text: string, file: string): ReplayedRule {
  const { rule, diagnostics } = parseRule(text);
  assert.ok(rule, JSON.stringify(diagnostics));
  return { file, rule };
}

test('a workspace has one address for all rules, however its id is spelled', () => {
  const logAnalytics = [{ name: 'main', workspaceResourceId: WORKSPACE_ID.toUpperCase() }];
  const { plan } = planRules([
    ruleOf(sampleRule(), 'a.json'),
    ruleOf(sampleRule({ destinations: { logAnalytics } }), 'b.json'),
  ]);
  const [first, second] = plan.destinations;
  assert.match(first?.endpoint ?? '', /^https:\/\/[\da-f-]{36}\.ods\.invalid$/);
  assert.equal(second?.endpoint, first?.endpoint);
});

test('two versions of a rule with one immutable id are two rules here', () => {
  const immutableId = 'dcr-00000000000000000000000000000000';
  const text = sampleRule({ immutableId });
  const { plan, flows } = planRules([ruleOf(text, 'a.json'), ruleOf(text, 'b.json')]);
  assert.equal(new Set(flows.map(({ id }) => id)).size, 2);
  const planned = plan.sources.find(({ kind }) => kind === 'syslog')?.flows.map(({ id }) => id);
  assert.deepEqual(
    planned,
    flows.map(({ id }) => id),
  );
});

test('a destination that this agent does not serve is told with the file of its rule', () => {
  const eventHubs = [
    {
      name: 'hub',
      eventHubResourceId:
        '/subscriptions/s/resourceGroups/g/providers/Microsoft.EventHub/namespaces/n/eventhubs/h',
    },
  ];
  const text = sampleRule({
    destinations: { eventHubs },
    dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['hub'] }],
  });
  const { notDone, flows } = planRules([ruleOf(sampleRule(), 'a.json'), ruleOf(text, 'b.json')]);
  assert.deepEqual(
    notDone.map(({ rule }) => rule),
    ['b.json'],
  );
  assert.match(notDone[0]?.reason ?? '', /'hub'/);
  assert.deepEqual(flows[1]?.deliveries, []);
});

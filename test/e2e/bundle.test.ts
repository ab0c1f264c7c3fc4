/** What is only true of the command as it is built: parts of libraries, schemas compiled before. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  pollUntil,
  runBothAgents,
  startAgentProcess,
  startHandlerProcess,
} from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/g/providers';

test('the built agent gets its rules and delivers with tokens of the identity SDK', async () => {
  const handler = await startHandlerProcess(join(folder, 'handler'));
  const workspace = `${GROUP}/Microsoft.OperationalInsights/workspaces/w`;
  const rule = `${GROUP}/Microsoft.Insights/dataCollectionRules/rule1`;
  const streams = ['Microsoft-Syslog'];
  const syslog = { name: 's', streams, facilityNames: ['*'], logLevels: ['*'] };
  await handler.admin.put(workspace, {});
  await handler.admin.put(rule, {
    location: 'local',
    properties: {
      dataSources: { syslog: [syslog] },
      destinations: { logAnalytics: [{ name: 'w', workspaceResourceId: workspace }] },
      dataFlows: [{ streams: syslog.streams, destinations: ['w'] }],
    },
  });
  await handler.admin.associate(`${GROUP}/Microsoft.HybridCompute/machines/m`, 'a', rule);
  const stateDir = join(folder, 'agent');
  const agent = await startAgentProcess({
    stateDir,
    handlerUrl: handler.url,
    machine: 'm',
    isBuilt: true,
    config: { sources: { syslog: { tcp: ['127.0.0.1:0'] } } },
  });
  try {
    const status = await pollUntil(
      () => agent.status(),
      ({ ledger }) => ledger.some(({ delivered }) => delivered > 0),
    );
    assert.ok(
      status.ledger.some(({ delivered }) => delivered > 0),
      agent.log(),
    );
  } finally {
    await agent.stop();
    await handler.stop();
  }
});

test('schemas that were compiled before find what others find', async () => {
  const config = join(folder, 'agent.yaml');
  writeFileSync(
    config,
    'contrl: {}\nidentity: { clientId: x }\nsources: { syslog: { tcp: [514] } }\nbuffer: 3\n',
  );
  const args = ['config', 'show', '--config', config];
  const [built, source] = await runBothAgents(args);
  assert.notEqual(source?.code, 0);
  assert.deepEqual(built, source);
});

test('licences of all libraries go with the bundle', () => {
  const bundle = fileURLToPath(new URL('../../packages/agent/dist/bundle/', import.meta.url));
  const licences = readFileSync(join(bundle, 'LICENCES.txt'), 'utf8');
  for (const name of ['undici', '@azure/identity', 'yaml', 'pino', 'commander']) {
    assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Faults } from '../../../packages/handlers/src/faults.ts';

const ODS = '/ods/w/OperationalData.svc/PostJsonDataItems';

test('a path belongs to one endpoint, in any letter case', () => {
  for (const [endpoint, path] of [
    ['ods', ODS.toUpperCase()],
    ['logs-ingestion', '/datacollectionrules/dcr-1/streams/Custom-A'],
    ['agent-configurations', '/locations/x/subscriptions/s/agentConfigurations'],
    ['ingestion-token', '/subscriptions/s/channels/c/issueIngestionToken'],
    ['identity', '/machines/m/metadata/identity/oauth2/token'],
    ['/Machines/', '/machines/m/metadata/identity/oauth2/token'],
  ] as const) {
    const faults = new Faults(Math.random);
    faults.add({ endpoint, status: 503 });
    assert.equal(faults.meet(path)?.endpoint, endpoint, path);
    assert.equal(faults.meet('/ping'), undefined);
  }
});

test('faults are tried in order; one that is used up lets the next act', () => {
  const faults = new Faults(Math.random);
  faults.add({ endpoint: 'ods', requests: 1, status: 429 });
  faults.add({ endpoint: 'ods', requests: 2, status: 503 });
  const statuses = Array.from({ length: 4 }, () => faults.meet(ODS)?.status);
  assert.deepEqual(statuses, [429, 503, 503, undefined]);
  assert.deepEqual(
    faults.list().map(({ hits }) => hits),
    [1, 2],
  );
});

test('chance decides anew for every request', () => {
  const draws = [0.2, 0.3, 0.29, 0.9];
  const faults = new Faults(() => draws.shift() ?? 1);
  faults.add({ endpoint: 'ods', probability: 0.3, status: 503 });
  const hit = Array.from({ length: 4 }, () => faults.meet(ODS) !== undefined);
  assert.deepEqual(hit, [true, false, true, false]);
});

test('a fault of one workspace leaves the others alone', () => {
  const faults = new Faults(Math.random);
  faults.add({ endpoint: 'ods', workspaceId: 'W', status: 503 });
  assert.ok(faults.meet(ODS));
  assert.equal(faults.meet(ODS.replace('/w/', '/w2/')), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  channelOf,
  channelToken,
  type Lab,
  MACHINE,
  machineToken,
  send,
  startLab,
} from './handlers-fixture.ts';

const item = { ident: 'a', Timestamp: '2025-03-01T10:00:00Z', Host: 'h', Message: 'm' };
const envelope = JSON.stringify({
  DataType: 'LINUX_SYSLOGS_BLOB',
  IPName: 'LogManagement',
  DataItems: [item],
});

async function poster(lab: Lab) {
  const channel = await channelOf(lab, 'ods');
  const authorization = await channelToken(lab, channel);
  return () =>
    send(`${channel.endpoint}/OperationalData.svc/PostJsonDataItems`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: envelope,
    });
}

async function rowCount(lab: Lab): Promise<number> {
  return (await lab.admin.tables()).reduce((sum, table) => sum + table.rows, 0);
}

test('an endpoint answers as it was told, for so many requests, and stores nothing', async (t) => {
  const lab = await startLab(t);
  const post = await poster(lab);
  await lab.admin.setFault({ endpoint: 'ods', requests: 2, status: 429, retryAfter: 7 });
  const first = await post();
  assert.equal(`${first.status} ${first.error.code}`, '429 TooManyRequests');
  assert.equal(first.headers.get('retry-after'), '7');
  assert.equal((await post()).status, 429);
  assert.equal(await rowCount(lab), 0);
  assert.equal((await post()).status, 200);
  const [fault] = await lab.admin.faults();
  assert.equal(fault?.hits, 2);
});

test('a fault by chance hits that share of requests', async (t) => {
  let draws = 0;
  const random = () => (draws++ % 2) / 2; // 0, 0.5, 0, 0.5 …
  const lab = await startLab(t, { random });
  const post = await poster(lab);
  await lab.admin.setFault({ endpoint: 'ods', probability: 0.5, status: 503 });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await post()).status);
  assert.deepEqual(statuses, [503, 200, 503, 200]);
  await lab.admin.clearFaults();
  assert.equal((await post()).status, 200);
  assert.equal(draws, 4, 'nothing is drawn once there is no fault');
});

test('a connection is destroyed before or after the request took effect', async (t) => {
  const lab = await startLab(t);
  const post = await poster(lab);
  await lab.admin.setFault({ endpoint: 'ods', requests: 1, reset: true });
  await assert.rejects(post());
  assert.equal(await rowCount(lab), 0);
  await lab.admin.setFault({ endpoint: 'ods', requests: 1, reset: true, afterEffect: true });
  await assert.rejects(post());
  assert.equal(await rowCount(lab), 1, 'stored, but the sender cannot know');
  await lab.admin.setFault({ endpoint: 'ods', requests: 1, status: 500, afterEffect: true });
  assert.equal((await post()).status, 500);
  assert.equal(await rowCount(lab), 2);
});

test('one workspace fails while another takes its rows', async (t) => {
  const lab = await startLab(t);
  const post = await poster(lab);
  const other = lab.secondWorkspaceId;
  await lab.admin.setFault({ endpoint: 'ods', workspaceId: other, status: 503 });
  assert.equal((await post()).status, 200);
  await lab.admin.setFault({ endpoint: 'ods', workspaceId: lab.workspaceId, status: 503 });
  assert.equal((await post()).status, 503);
});

test('every endpoint an agent uses can be made to fail, administration cannot', async (t) => {
  const lab = await startLab(t);
  const channel = await channelOf(lab, 'gig');
  const authorization = await machineToken(lab.url);
  const configurations = `${lab.url}${MACHINE}/agentConfigurations?api-version=2022-06-02`;
  const identity = `${lab.url}/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://a`;
  const ingestion = (channel.endpointUriTemplate ?? '').replace('<STREAM>', 'Custom-App_CL');
  const calls = {
    'agent-configurations': () => send(configurations, { headers: { authorization } }),
    'ingestion-token': () => send(channel.tokenEndpointUri, { headers: { authorization } }),
    identity: () => send(identity, { headers: { metadata: 'true' } }),
    'logs-ingestion': () =>
      send(ingestion, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: '[]',
      }),
  };
  for (const [endpoint, call] of Object.entries(calls)) {
    await lab.admin.setFault({ endpoint, requests: 1, status: 503 });
    assert.equal((await call()).status, 503, endpoint);
    assert.notEqual((await call()).status, 503, endpoint);
  }
  await lab.admin.setFault({ endpoint: '/', status: 503 });
  for (const call of Object.values(calls)) assert.equal((await call()).status, 503);
  await lab.admin.clearFaults();
});

test('a delayed request waits, others do not, and a closing server does not either', async (t) => {
  const lab = await startLab(t);
  const post = await poster(lab);
  await lab.admin.setFault({ endpoint: 'ods', requests: 1, delayMs: 600_000 });
  let isAnswered = false;
  const delayed = post().finally(() => {
    isAnswered = true;
  });
  while ((await lab.admin.faults())[0]?.hits !== 1) await setImmediate();
  assert.equal((await post()).status, 200);
  assert.equal(isAnswered, false);
  assert.equal(await rowCount(lab), 1);
  await lab.handlers.close();
  assert.equal((await delayed).status, 200);
});

test('a fault that would never act is refused', async (t) => {
  const { admin } = await startLab(t);
  const set = (fault: object) => admin.setFault(fault as never);
  await assert.rejects(set({ endpoint: 'odss', status: 503 }), /'endpoint' must be one of ods/);
  await assert.rejects(set({ status: 503 }), /'endpoint' is missing/);
  await assert.rejects(set({ endpoint: 'ods' }), /at least one of 'status'/);
  await assert.rejects(set({ endpoint: 'ods', status: 200 }), /'status' must be/);
  await assert.rejects(set({ endpoint: 'ods', probability: 50, status: 503 }), /'probability'/);
  await assert.rejects(set({ endpoint: 'ods', code: 503 }), /'code' is not a member/);
  await assert.rejects(
    set({ endpoint: 'identity', workspaceId: 'x', status: 503 }),
    /with the endpoint 'ods' only/,
  );
});

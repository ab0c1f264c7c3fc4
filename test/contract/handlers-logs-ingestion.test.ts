import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import type { HandlersOptions } from '@dcr-agent/handlers';
import {
  channelOf,
  channelToken,
  type Lab,
  machineToken,
  OTHER_MACHINE,
  RULE,
  ruleBody,
  SECOND_WORKSPACE,
  send,
  startLab,
  WORKSPACE,
} from './handlers-fixture.ts';

interface IngestionLab extends Lab {
  readonly authorization: string;
  post(stream: string, body: unknown, headers?: Record<string, string>): ReturnType<typeof send>;
}

async function startIngestion(
  t: TestContext,
  options: HandlersOptions = {},
): Promise<IngestionLab> {
  const lab = await startLab(t, options);
  const channel = await channelOf(lab, 'gig');
  const authorization = await channelToken(lab, channel);
  const post: IngestionLab['post'] = (stream, body, headers = {}) =>
    send((channel.endpointUriTemplate ?? '').replace('<STREAM>', stream), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    } as RequestInit);
  return { ...lab, authorization, post };
}

const record = { TimeGenerated: '2025-03-01T10:11:12.345Z', RawData: 'hello', Count: 3 };

async function stored(lab: Lab, table: string, workspace?: string) {
  const tables = await lab.admin.tables();
  if (!tables.some((known) => known.table === table)) return [];
  const { rows } = await lab.admin.rows({ table, ...(workspace && { workspace }) });
  return rows;
}

test('rows go to every workspace of every flow that names the stream', async (t) => {
  const lab = await startIngestion(t);
  const answer = await lab.post('Custom-App_CL', [record, { RawData: 'two' }]);
  assert.equal(`${answer.status} ${answer.text}`, '204 ');
  for (const workspace of ['main', 'soc']) {
    const rows = await stored(lab, 'App_CL', workspace);
    assert.deepEqual(
      rows.map(({ TimeGenerated, RawData, Count }) => ({ TimeGenerated, RawData, Count })),
      [{ TimeGenerated: '2025-03-01T12:00:00.000Z', RawData: 'two', Count: undefined }, record],
    );
    const id = workspace === 'main' ? lab.workspaceId : lab.secondWorkspaceId;
    assert.equal(rows[0]?.TenantId, id);
    assert.equal(rows[0]?.Type, 'App_CL');
  }
});

test('an output stream decides the table, and the table its columns', async (t) => {
  const lab = await startIngestion(t);
  const body = [{ TimeGenerated: '2025-03-01T10:00:00Z', SyslogMessage: 'm', Nowhere: 'x' }];
  assert.equal((await lab.post('Custom-Forwarded', body)).status, 204);
  const [row] = await stored(lab, 'Syslog', 'soc');
  assert.equal(row?.SyslogMessage, 'm');
  assert.equal(row && 'Nowhere' in row, false);
  assert.deepEqual(
    (await lab.admin.tables()).map(({ table, workspace }) => `${workspace} ${table}`),
    ['soc Syslog'],
  );
});

test('values take the declared types, members without a column are dropped', async (t) => {
  const lab = await startIngestion(t);
  const body = [
    { TimeGenerated: 'yesterday', RawData: { a: [1] }, Count: '12', Extra: true, _ResourceId: 'x' },
    { RawData: 7, Count: 'many' },
  ];
  await lab.post('Custom-App_CL', body);
  const rows = (await stored(lab, 'App_CL', 'main')).toReversed();
  assert.deepEqual(
    rows.map(({ TimeGenerated, RawData, Count }) => ({ TimeGenerated, RawData, Count })),
    [
      { TimeGenerated: '2025-03-01T12:00:00.000Z', RawData: '{"a":[1]}', Count: 12 },
      { TimeGenerated: '2025-03-01T12:00:00.000Z', RawData: '7', Count: null },
    ],
  );
  assert.notEqual(rows[0]?._ResourceId, 'x');
  const [table] = await lab.admin.tables();
  assert.equal(table?.droppedMembers, 2);
  assert.equal(table?.nulledValues, 2);
});

test('a machine’s own token reaches all flows of a rule it is associated with', async (t) => {
  const lab = await startIngestion(t);
  const authorization = await machineToken(lab.url);
  const body = [{ TimeGenerated: '2025-03-01T10:00:00Z', SyslogMessage: 'direct', HostName: 'h' }];
  const direct = await lab.post('Microsoft-Syslog', body, { authorization });
  assert.equal(direct.status, 204, direct.text);
  assert.equal((await stored(lab, 'Syslog', 'main'))[0]?.SyslogMessage, 'direct');
  const channel = await lab.post('Microsoft-Syslog', body);
  assert.equal(`${channel.status} ${channel.error.code}`, '400 InvalidStream');
  assert.match(channel.error.message, /workspace's own channel/);
});

test('a machine that is not associated with the rule is 403', async (t) => {
  const lab = await startIngestion(t);
  const other = `${RULE}-other`;
  await lab.admin.put(other, ruleBody);
  await lab.admin.associate(OTHER_MACHINE, 'other', other);
  const authorization = await machineToken(lab.url, { machine: 'web2' });
  const answer = await lab.post('Custom-App_CL', [record], { authorization });
  assert.equal(`${answer.status} ${answer.error.code}`, '403 OperationFailed');
  assert.equal(answer.headers.get('x-ms-error-code'), 'OperationFailed');
  assert.match(answer.error.message, new RegExp(lab.ruleId));
});

test('a token of another channel or rule is refused', async (t) => {
  const lab = await startIngestion(t);
  const ods = await channelToken(lab, await channelOf(lab, 'ods'));
  const odsAnswer = await lab.post('Custom-App_CL', [record], { authorization: ods });
  assert.equal(`${odsAnswer.status} ${odsAnswer.error.code}`, '403 AuthorizationFailed');
  const other = `${RULE}-other`;
  const { properties } = await lab.admin.put(other, ruleBody);
  const { immutableId } = properties as { immutableId: string };
  const url = `${lab.url}/dataCollectionRules/${immutableId}/streams/Custom-App_CL?api-version=2023-01-01`;
  const headers = { authorization: lab.authorization, 'content-type': 'application/json' };
  const elsewhere = await send(url, { method: 'POST', headers, body: '[]' });
  assert.equal(`${elsewhere.status} ${elsewhere.error.code}`, '403 AuthorizationFailed');
  for (const authorization of ['Bearer nonsense', `Bearer ${lab.adminToken}`]) {
    const answer = await lab.post('Custom-App_CL', [record], { authorization });
    assert.equal(`${answer.status} ${answer.error.code}`, '401 InvalidAuthenticationToken');
  }
  lab.clock.now += 86_400_000;
  const expired = await lab.post('Custom-App_CL', [record]);
  assert.equal(`${expired.status} ${expired.error.code}`, '401 ExpiredAuthenticationToken');
});

test('an unknown rule is 404, an unknown stream 400', async (t) => {
  const lab = await startIngestion(t);
  const authorization = await machineToken(lab.url);
  const headers = { authorization, 'content-type': 'application/json' };
  const url = `${lab.url}/dataCollectionRules/dcr-${'0'.repeat(32)}/streams/Custom-App_CL?api-version=2023-01-01`;
  const noRule = await send(url, { method: 'POST', headers, body: '[]' });
  assert.equal(`${noRule.status} ${noRule.error.code}`, '404 ResourceNotFound');
  const noStream = await lab.post('Custom-Nothing_CL', []);
  assert.equal(`${noStream.status} ${noStream.error.code}`, '400 InvalidStream');
  assert.match(noStream.error.message, /Custom-Nothing_CL.*Custom-App_CL/);
});

test('the body is a JSON array, and nothing else', async (t) => {
  const lab = await startIngestion(t);
  assert.equal((await lab.post('Custom-App_CL', [])).status, 204, 'an empty one tests the way');
  for (const [body, message] of [
    [record, /must be a JSON array/],
    ['{"a":1}\n{"a":2}', /not JSON/],
    [[record, 1], /Record 1 must be an object/],
    [[record, [record]], /Record 1 must be an object/],
    ['', /empty/],
  ] as const) {
    const answer = await lab.post('Custom-App_CL', body);
    assert.equal(`${answer.status} ${answer.error.code}`, '400 InvalidRequestContent');
    assert.match(answer.error.message, message);
  }
  assert.deepEqual(await stored(lab, 'App_CL'), []);
});

test('gzip is unpacked; other encodings and content types are 415', async (t) => {
  const lab = await startIngestion(t);
  const text = JSON.stringify([record]);
  const gzip = await lab.post('Custom-App_CL', gzipSync(text), { 'content-encoding': 'gzip' });
  assert.equal(gzip.status, 204);
  const deflate = await lab.post('Custom-App_CL', deflateSync(text), {
    'content-encoding': 'deflate',
  });
  assert.equal(`${deflate.status} ${deflate.error.code}`, '415 UnsupportedMediaType');
  const typed = await lab.post('Custom-App_CL', text, { 'content-type': 'text/csv' });
  assert.equal(`${typed.status} ${typed.error.code}`, '415 UnsupportedMediaType');
});

test('one call takes 1 MiB, packed and unpacked, and not a byte more', async (t) => {
  const lab = await startIngestion(t);
  const frame = JSON.stringify([{ RawData: '' }]).length;
  const body = (bytes: number) => JSON.stringify([{ RawData: 'x'.repeat(bytes - frame) }]);
  assert.equal((await lab.post('Custom-App_CL', body(1_048_576))).status, 204);
  const plain = await lab.post('Custom-App_CL', body(1_048_577));
  assert.equal(`${plain.status} ${plain.error.code}`, '413 RequestEntityTooLarge');
  const packed = await lab.post('Custom-App_CL', gzipSync(body(1_048_577)), {
    'content-encoding': 'gzip',
  });
  assert.equal(`${packed.status} ${packed.error.code}`, '413 RequestEntityTooLarge');
  assert.equal((await stored(lab, 'App_CL', 'main')).length, 1);
});

test('a version is required', async (t) => {
  const lab = await startIngestion(t);
  const answer = await send(`${lab.url}/dataCollectionRules/${lab.ruleId}/streams/Custom-App_CL`, {
    method: 'POST',
    headers: { authorization: lab.authorization, 'content-type': 'application/json' },
    body: '[]',
  });
  assert.equal(`${answer.status} ${answer.error.code}`, '400 MissingApiVersionParameter');
});

test('a workspace that is gone is left out; when none is left the sender keeps its rows', async (t) => {
  const lab = await startIngestion(t);
  await lab.admin.delete(SECOND_WORKSPACE);
  assert.equal((await lab.post('Custom-App_CL', [record])).status, 204);
  assert.equal((await stored(lab, 'App_CL')).length, 1);
  await lab.admin.delete(WORKSPACE);
  const answer = await lab.post('Custom-App_CL', [record]);
  assert.equal(`${answer.status} ${answer.error.code}`, '404 ResourceNotFound');
});

test('old times are kept, unless the service’s time window is asked for', async (t) => {
  const times = {
    '2019-01-01T00:00:00Z': false,
    '2025-02-27T11:59:59Z': false,
    '2025-02-27T12:00:00Z': true,
    '2025-03-02T12:00:00Z': true,
    '2025-03-02T12:00:01Z': false,
  };
  const body = Object.keys(times).map((TimeGenerated) => ({ TimeGenerated, RawData: '' }));
  const read = async (options: HandlersOptions) => {
    const lab = await startIngestion(t, options);
    await lab.post('Custom-App_CL', body);
    const query = { table: 'App_CL', workspace: 'main', order: 'arrival' } as const;
    return (await lab.admin.rows(query)).rows;
  };
  assert.deepEqual(
    (await read({})).map((row) => row.TimeGenerated),
    Object.keys(times),
  );
  assert.deepEqual(
    (await read({ enforceTimeWindow: true })).map((row) => [
      row.TimeGenerated,
      row._TimeGeneratedOriginal,
    ]),
    Object.entries(times).map(([time, isKept]) =>
      isKept ? [time, undefined] : ['2025-03-01T12:00:00.000Z', time],
    ),
  );
});

test('the request of Azure’s own client library is answered as it expects', async (t) => {
  const lab = await startIngestion(t);
  // As @azure/monitor-ingestion 1.1 sends a chunk.
  const answer = await send(
    `${lab.url}/dataCollectionRules/${lab.ruleId}/streams/Custom-App_CL?api-version=2023-01-01`,
    {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip,deflate',
        authorization: await machineToken(lab.url),
        'content-encoding': 'gzip',
        'content-type': 'application/json',
        'user-agent': 'azsdk-js-monitor-ingestion/1.1.1 core-rest-pipeline/1.19.1 Node/24',
        'x-ms-client-request-id': '7a5bb5d3-79e0-4d0b-8c7b-0e6f8e6a2f11',
      },
      body: gzipSync(JSON.stringify([record])),
    } as RequestInit,
  );
  assert.equal(answer.status, 204);
  assert.equal(answer.text, '');
  const [row] = await stored(lab, 'App_CL', 'main');
  assert.equal(row?._RequestId, '7a5bb5d3-79e0-4d0b-8c7b-0e6f8e6a2f11');
});

test('a request that is sent again is taken and stored once, in every workspace', async (t) => {
  const lab = await startIngestion(t);
  const headers = { 'x-ms-client-request-id': 'once' };
  assert.equal((await lab.post('Custom-App_CL', [record], headers)).status, 204);
  assert.equal((await lab.post('Custom-App_CL', [record], headers)).status, 204);
  for (const workspace of ['main', 'soc']) {
    assert.equal((await stored(lab, 'App_CL', workspace)).length, 1, workspace);
  }
});

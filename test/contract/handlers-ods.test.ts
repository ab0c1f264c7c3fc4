import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createAdminClient, type HandlersOptions, startHandlers } from '@dcr-agent/handlers';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  channelOf,
  channelToken,
  type Lab,
  MACHINE,
  machineToken,
  OTHER_MACHINE,
  RULE,
  SECOND_WORKSPACE,
  send,
  startLab,
  WORKSPACE,
} from './handlers-fixture.ts';

const PATH = '/OperationalData.svc/PostJsonDataItems?api-version=2016-04-01';

const syslogItem = {
  ident: 'sshd',
  Timestamp: '2025-03-01T10:11:12.345678Z',
  EventTime: '2025-03-01T10:11:12Z',
  Host: 'web1',
  HostIP: '10.0.0.4',
  ProcessId: '1234',
  Facility: 'authpriv',
  Severity: 'warn',
  SeverityNumber: '4',
  Message: 'Failed password for root',
};

function envelope(items: readonly unknown[] = [syslogItem], more: object = {}) {
  return {
    DataType: 'LINUX_SYSLOGS_BLOB',
    IPName: 'LogManagement',
    ManagementGroupId: '00000000-0000-0000-0000-000000000002',
    sourceHealthServiceId: '5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77',
    type: 'JsonData',
    DataItems: items,
    ...more,
  };
}

interface OdsLab extends Lab {
  readonly endpoint: string;
  readonly authorization: string;
  post(body: unknown, headers?: Record<string, string>): ReturnType<typeof send>;
}

async function startOds(t: TestContext, options: HandlersOptions = {}): Promise<OdsLab> {
  const lab = await startLab(t, options);
  const channel = await channelOf(lab, 'ods');
  const authorization = await channelToken(lab, channel);
  const endpoint = channel.endpoint ?? '';
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    send(endpoint + PATH, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', ...headers },
      body: body instanceof Uint8Array || typeof body === 'string' ? body : JSON.stringify(body),
    } as RequestInit);
  return { ...lab, endpoint, authorization, post };
}

async function rowCount(lab: Lab): Promise<number> {
  return (await lab.admin.tables()).reduce((sum, table) => sum + table.rows, 0);
}

test('a syslog post becomes a row of the Syslog table', async (t) => {
  const lab = await startOds(t);
  const answer = await lab.post(envelope(), {
    'x-ms-AzureResourceId': MACHINE,
    'x-ms-client-request-id': 'request-1',
  });
  assert.equal(answer.status, 200);
  assert.equal(answer.text, '');
  const { rows } = await lab.admin.rows({ table: 'Syslog', workspace: 'main' });
  const columns = {
    TimeGenerated: '2025-03-01T10:11:12.345678Z',
    ProcessName: 'sshd',
    Computer: 'web1',
    HostName: 'web1',
    ProcessID: 1234,
    SeverityLevel: 'warning',
    SyslogMessage: 'Failed password for root',
    EventTime: '2025-03-01T10:11:12Z',
    HostIP: '10.0.0.4',
    Facility: 'authpriv',
  };
  assert.deepEqual(rows, [
    {
      ...columns,
      Type: 'Syslog',
      TenantId: lab.workspaceId,
      _ResourceId: MACHINE.toLowerCase(),
      _SubscriptionId: '11111111-2222-3333-4444-555555555555',
      _IsBillable: true,
      _BilledSize: JSON.stringify(columns).length,
      _TimeReceived: '2025-03-01T12:00:00.000Z',
      _RequestId: 'request-1',
    },
  ]);
});

test('events carry the columns of their table by name', async (t) => {
  const lab = await startOds(t);
  const event = { TimeGenerated: '2025-03-01T10:00:00Z', EventID: 4624, Computer: 'web1' };
  for (const [DataType, more] of [
    ['GENERIC_EVENT_BLOB', { EventLog: 'System', RenderedDescription: 'started' }],
    ['SECURITY_EVENT_BLOB', { LogonType: '3', TargetUserName: 'root', Nothing: 'x' }],
    ['SECURITY_WEF_EVENT_BLOB', { EventData: { TargetUserName: 'root' }, Version: 'x' }],
  ] as const) {
    const body = envelope([{ ...event, ...more }], { DataType, IPName: 'SecurityInsights' });
    assert.equal((await lab.post(body)).status, 200, DataType);
  }
  const row = async (table: string) => (await lab.admin.rows({ table })).rows[0] ?? {};
  assert.equal((await row('Event')).RenderedDescription, 'started');
  const security = await row('SecurityEvent');
  assert.equal(security.LogonType, 3);
  assert.equal(security.TargetUserName, 'root');
  assert.equal('Nothing' in security, false);
  const windows = await row('WindowsEvent');
  assert.deepEqual(windows.EventData, { TargetUserName: 'root' });
  assert.equal(windows.Version, null, 'what is no number is null');
  const counts = (await lab.admin.tables()).map(({ table, droppedMembers, nulledValues }) => ({
    table,
    droppedMembers,
    nulledValues,
  }));
  assert.deepEqual(counts, [
    { table: 'Event', droppedMembers: 0, nulledValues: 0 },
    { table: 'SecurityEvent', droppedMembers: 1, nulledValues: 0 },
    { table: 'WindowsEvent', droppedMembers: 0, nulledValues: 1 },
  ]);
});

const heartbeat = {
  Computer: 'web1',
  OSType: 'Linux',
  OSName: 'Ubuntu',
  OSMajorVersion: '22',
  OSMinorVersion: '04',
  Category: 'AMA',
  SCAgentChannel: 'Direct',
  Version: '1.33.0',
  ComputerPrivateIps: '["10.0.0.4"]',
};

const heartbeatColumns = {
  Category: 'Azure Monitor Agent',
  Computer: 'web1',
  ComputerEnvironment: 'Non-Azure',
  ComputerIP: '127.0.0.1',
  Resource: 'web1',
  ResourceGroup: 'lab',
  ResourceId: MACHINE,
  ResourceProvider: 'Microsoft.HybridCompute',
  ResourceType: 'machines',
  SubscriptionId: '11111111-2222-3333-4444-555555555555',
  SourceComputerId: '5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77',
  _IsBillable: false,
};

function assertColumns(row: object | undefined, columns: object): void {
  assert.deepEqual({ ...row, ...columns }, row);
}

test('a sign of life is completed with what is known of its sender', async (t) => {
  const lab = await startOds(t);
  const body = envelope([heartbeat], { DataType: 'HEALTH_ASSESSMENT_BLOB' });
  assert.equal((await lab.post(body, { 'x-ms-UUID': 'uuid-1' })).status, 200);
  const [row] = (await lab.admin.rows({ table: 'Heartbeat' })).rows;
  assertColumns(row, {
    ...heartbeatColumns,
    TimeGenerated: '2025-03-01T12:00:00.000Z',
    ComputerPrivateIPs: ['10.0.0.4'],
    OSType: 'Linux',
    VMUUID: 'uuid-1',
  });
});

test('a machine that sends the number of Azure’s machines is in Azure', async (t) => {
  const lab = await startOds(t);
  const body = envelope([heartbeat], { DataType: 'HEALTH_ASSESSMENT_BLOB' });
  const headers = { 'x-ms-OMSCloudId': '7783-7084-3265-9085-8269-3286-77' };
  assert.equal((await lab.post(body, headers)).status, 200);
  const [row] = (await lab.admin.rows({ table: 'Heartbeat' })).rows;
  assertColumns(row, { ComputerEnvironment: 'Azure' });
});

test('a sign of life may come as XML', async (t) => {
  const lab = await startOds(t);
  const body = `<DataItems IPName="LogManagement" ManagementGroupId="{00000000-0000-0000-0000-000000000001}" DataType="HEALTH_ASSESSMENT_BLOB">
  <DataItem type="System.PropertyBagData" sourceHealthServiceId="5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77" time="2025-03-01T10:11:00.0000000Z">
    <Property Name="Computer">web1</Property><Property Name="OSType">Windows</Property>
    <Property Name="Category">AMA</Property><Property Name="Version">1.30 &lt;b&gt;</Property>
  </DataItem>
</DataItems>`;
  const answer = await send(`${lab.endpoint}/OperationalData.svc/PostDataItems`, {
    method: 'POST',
    headers: {
      authorization: lab.authorization,
      'content-type': 'application/xml; charset=utf-8',
      'content-encoding': 'deflate',
    },
    body: deflateSync(body),
  });
  assert.equal(answer.status, 200);
  const [row] = (await lab.admin.rows({ table: 'Heartbeat' })).rows;
  assertColumns(row, {
    ...heartbeatColumns,
    TimeGenerated: '2025-03-01T10:11:00.0000000Z',
    OSType: 'Windows',
    Version: '1.30 <b>',
  });
});

test('what an agent tells of itself becomes a row of the Operation table', async (t) => {
  const lab = await startOds(t);
  const item = {
    Timestamp: '2025-03-01T10:11:12.000Z',
    OperationStatus: 'Succeeded',
    Computer: 'web1',
    Detail: 'source syslog is read again',
    Category: 'Source',
    Solution: 'Log Management',
    HelpLink: '',
  };
  assert.equal((await lab.post(envelope([item], { DataType: 'OPERATION_BLOB' }))).status, 200);
  const [row] = (await lab.admin.rows({ table: 'Operation' })).rows;
  const { Timestamp: TimeGenerated, Category: OperationCategory, ...columns } = item;
  assertColumns(row, {
    ...{ ...columns, TimeGenerated, OperationCategory },
    SourceComputerId: '5b0f3a1e-6d0c-4a0e-8a53-2f6f0c9d1e77',
    _IsBillable: false,
  });
});

test('a body may be packed in every way senders pack it', async (t) => {
  const lab = await startOds(t);
  const text = JSON.stringify(envelope());
  const bodies: [string | undefined, Uint8Array | string][] = [
    [undefined, text],
    ['identity', text],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip', gzipSync(text)],
    ['gzip', Buffer.concat([gzipSync(text.slice(0, 50)), gzipSync(text.slice(50))])],
  ];
  for (const [encoding, body] of bodies) {
    const headers = encoding === undefined ? {} : { 'content-encoding': encoding };
    const answer = await lab.post(body, headers as Record<string, string>);
    assert.equal(answer.status, 200, `${encoding}: ${answer.text}`);
  }
  assert.equal(await rowCount(lab), bodies.length);
  const brotli = await lab.post(text, { 'content-encoding': 'br' });
  assert.equal(`${brotli.status} ${brotli.error.code}`, '415 UnsupportedMediaType');
});

test('a sender that leaves the content type away is understood, a wrong one is not', async (t) => {
  const lab = await startOds(t);
  const untyped = await fetch(lab.endpoint + PATH, {
    method: 'POST',
    headers: { authorization: lab.authorization },
    body: new Blob([JSON.stringify(envelope())]),
  });
  assert.equal(untyped.status, 200);
  const typed = await lab.post(envelope(), { 'content-type': 'text/plain' });
  assert.equal(`${typed.status} ${typed.error.code}`, '415 UnsupportedMediaType');
});

test('a body over the limit is 413, packed or unpacked, and nothing of it is stored', async (t) => {
  const lab = await startOds(t, { maxBodyBytes: 10_000 });
  const large = envelope([{ ...syslogItem, Message: 'x'.repeat(10_000) }]);
  const plain = await lab.post(large);
  assert.equal(`${plain.status} ${plain.error.code}`, '413 RequestEntityTooLarge');
  assert.match(plain.error.message, /10000 bytes/);
  const small = deflateSync(JSON.stringify(large));
  assert.ok(small.length < 1000);
  const packed = await lab.post(small, { 'content-encoding': 'deflate' });
  assert.equal(`${packed.status} ${packed.error.code}`, '413 RequestEntityTooLarge');
  assert.match(packed.error.message, /unpacks to more than/);
  assert.equal(await rowCount(lab), 0);
});

test('a bomb is stopped while it is unpacked', async (t) => {
  const lab = await startOds(t);
  // A gigabyte in a megabyte: many members of a gzip file, each of them zeroes.
  const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const bomb = Buffer.concat(Array.from({ length: 16 }, () => member));
  const answer = await lab.post(bomb, { 'content-encoding': 'gzip' });
  assert.equal(answer.status, 413);
});

test('an envelope that is wrong is refused whole, saying what is wrong', async (t) => {
  const lab = await startOds(t);
  const refused: [unknown, RegExp][] = [
    ['{"DataType":', /not JSON/],
    ['', /empty/],
    ['null', /must be one object/],
    [[envelope(), envelope()], /one DataType and IPName per post/],
    [envelope([], { DataType: undefined }), /'DataType'/],
    [envelope([], { DataType: ['LINUX_SYSLOGS_BLOB', 'GENERIC_EVENT_BLOB'] }), /'DataType'/],
    [envelope([], { IPName: '' }), /'IPName'/],
    [envelope([], { DataItems: { 0: syslogItem } }), /'DataItems' must be an array/],
    [envelope([syslogItem, 'x']), /'DataItems\[1\]' must be an object/],
    [envelope([syslogItem, null]), /'DataItems\[1\]' must be an object/],
    [new Uint8Array([0x22, 0xff, 0x22]), /not valid UTF-8/],
  ];
  for (const [body, message] of refused) {
    const answer = await lab.post(body);
    assert.equal(`${answer.status} ${answer.error.code}`, '400 InvalidRequestContent');
    assert.match(answer.error.message, message);
  }
  const unknown = await lab.post(envelope([syslogItem], { DataType: 'NO_SUCH_BLOB' }));
  assert.equal(`${unknown.status} ${unknown.error.code}`, '400 InvalidDataType');
  assert.match(unknown.error.message, /NO_SUCH_BLOB.*accepted are LINUX_SYSLOGS_BLOB/);
  const unpacked = await lab.post('x', { 'content-encoding': 'deflate' });
  assert.match(unpacked.error.message, /not deflate/);
  assert.equal(await rowCount(lab), 0);
});

test('XML that is wrong, or more than data, is refused', async (t) => {
  const lab = await startOds(t);
  const secret = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>';
  const item = '<DataItem><Property Name="Computer">&e;</Property></DataItem>';
  for (const [body, message] of [
    [`${secret}<DataItems DataType="a" IPName="b">${item}</DataItems>`, /document types/],
    ['<DataItems', /not the XML/],
    ['<DataItems DataType="a" IPName="b"><DataItem></DataItems>', /not the XML/],
    ['<Other/>', /root must be 'DataItems'/],
    ['<DataItems IPName="b"/>', /no 'DataType'/],
    [
      '<DataItems DataType="a" IPName="b"><DataItem><Property/></DataItem></DataItems>',
      /no 'Name'/,
    ],
    ['<a>'.repeat(100_000), /not the XML/],
  ] as const) {
    const answer = await send(`${lab.endpoint}/OperationalData.svc/PostDataItems`, {
      method: 'POST',
      headers: { authorization: lab.authorization, 'content-type': 'application/xml' },
      body,
    });
    assert.equal(`${answer.status} ${answer.error.code}`, '400 InvalidRequestContent');
    assert.match(answer.error.message, message);
  }
  assert.equal(await rowCount(lab), 0);
});

test('only the token of the channel opens it', async (t) => {
  const lab = await startOds(t);
  const post = async (authorization: string, workspaceId = lab.workspaceId) => {
    const url = `${lab.url}/ods/${workspaceId}${PATH}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await send(url, { method: 'POST', headers, body: JSON.stringify(envelope()) });
    return `${answer.status} ${answer.error.code}`;
  };
  assert.equal(await post('Bearer nonsense'), '401 InvalidAuthenticationToken');
  assert.equal(await post(await machineToken(lab.url)), '401 InvalidAuthenticationToken');
  assert.equal(await post(`Bearer ${lab.adminToken}`), '401 InvalidAuthenticationToken');
  assert.equal(await post(lab.authorization, lab.secondWorkspaceId), '403 AuthorizationFailed');
  const gig = await channelToken(lab, await channelOf(lab, 'gig'));
  assert.equal(await post(gig), '403 AuthorizationFailed');
  const [head, claims] = lab.authorization.split('.');
  assert.equal(await post(`${head}.${claims}.AAAA`), '401 InvalidAuthenticationToken');
  lab.clock.now += 86_400_000;
  assert.equal(await post(lab.authorization), '401 ExpiredAuthenticationToken');
  assert.equal(await rowCount(lab), 0);
});

test('rows cannot be written in the name of another machine', async (t) => {
  const lab = await startOds(t);
  const answer = await lab.post(envelope(), { 'x-ms-AzureResourceId': OTHER_MACHINE });
  assert.equal(`${answer.status} ${answer.error.code}`, '403 InvalidResourceId');
  const same = await lab.post(envelope(), { 'x-ms-AzureResourceId': MACHINE.toUpperCase() });
  assert.equal(same.status, 200, 'ids ignore letter case');
});

test('a token outlives neither its rule nor its workspace', async (t) => {
  const lab = await startOds(t);
  await lab.admin.delete(WORKSPACE);
  const noWorkspace = await lab.post(envelope());
  assert.equal(`${noWorkspace.status} ${noWorkspace.error.code}`, '404 ResourceNotFound');
  await lab.admin.put(WORKSPACE, { properties: { customerId: lab.workspaceId } });
  assert.equal((await lab.post(envelope())).status, 200);
  await lab.admin.delete(RULE, { deleteAssociations: true });
  const noRule = await lab.post(envelope());
  assert.equal(`${noRule.status} ${noRule.error.code}`, '403 AuthorizationFailed');
});

test('deleting a workspace deletes its rows and no others', async (t) => {
  const lab = await startOds(t);
  await lab.post(envelope());
  await lab.admin.delete(SECOND_WORKSPACE);
  assert.equal(await rowCount(lab), 1);
  await lab.admin.delete(WORKSPACE);
  assert.equal(await rowCount(lab), 0);
});

test('a workspace may live on another server that shares the key', async (t) => {
  const folder = await temporaryFolder();
  const ingestionKeyFile = join(folder, 'shared.key');
  const lab = await startOds(t, { ingestionKeyFile });
  const now = () => lab.clock.now;
  const elsewhere = await startHandlers({ port: 0, ingestionKeyFile, now });
  t.after(() => elsewhere.close());
  const admin = createAdminClient({ url: elsewhere.url, token: elsewhere.adminToken });
  const there = await admin.put(WORKSPACE, { properties: { customerId: lab.workspaceId } });
  const { ingestionEndpoint } = there.properties as { ingestionEndpoint: string };
  await lab.admin.put(WORKSPACE, { properties: { ingestionEndpoint } });

  const channel = await channelOf(lab, 'ods');
  assert.equal(channel.endpoint, ingestionEndpoint);
  const answer = await send(channel.endpoint + PATH, {
    method: 'POST',
    headers: {
      authorization: await channelToken(lab, channel),
      'content-type': 'application/json',
    },
    body: JSON.stringify(envelope()),
  });
  assert.equal(answer.status, 200, answer.text);
  assert.equal((await admin.rows({ table: 'Syslog' })).rows.length, 1);
  assert.equal(await rowCount(lab), 0);
});

test('names that objects inherit are members like any other', async (t) => {
  const lab = await startOds(t);
  const item = JSON.stringify(syslogItem).slice(0, -1);
  const hostile = `${item},"__proto__":{"Message":"owned"},"constructor":{"prototype":{"a":1}}}`;
  const body = `{"__proto__":{"x":1},${JSON.stringify(envelope([])).slice(1).replace('[]', `[${hostile}]`)}`;
  assert.equal((await lab.post(body)).status, 200);
  const [row] = (await lab.admin.rows({ table: 'Syslog' })).rows;
  assert.equal(row?.SyslogMessage, syslogItem.Message);
  assert.equal(({} as { a?: number }).a, undefined);
  const [table] = await lab.admin.tables();
  assert.equal(table?.droppedMembers, 2);
  const missing = await lab.post('{"__proto__":{"DataType":"LINUX_SYSLOGS_BLOB"},"IPName":"x"}');
  assert.match(missing.error.message, /'DataType'/);
});

test('huge numbers and deep nesting cost a value, not the server', async (t) => {
  const lab = await startOds(t);
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const items = `{"EventID":1e400,"EventLevel":99999999999,"Task":${'9'.repeat(5000)},"EventData":${deep},"Computer":${deep}}`;
  const body = `{"DataType":"SECURITY_WEF_EVENT_BLOB","IPName":"x","DataItems":[${items}]}`;
  assert.equal((await lab.post(body)).status, 200);
  const [row] = (await lab.admin.rows({ table: 'WindowsEvent' })).rows;
  for (const name of ['EventID', 'EventLevel', 'Task', 'EventData', 'Computer']) {
    assert.equal(row?.[name], null, name);
  }
});

test('a request that is sent again is taken and stored once, however it is packed', async (t) => {
  const lab = await startOds(t);
  const headers = { 'x-ms-client-request-id': 'once' };
  assert.equal((await lab.post(envelope(), headers)).status, 200);
  const packed = deflateSync(JSON.stringify(envelope()));
  const again = await lab.post(packed, { ...headers, 'content-encoding': 'deflate' });
  assert.equal(again.status, 200);
  assert.equal(await rowCount(lab), 1);
  const { rows } = await lab.admin.rows({ table: 'Syslog', workspace: 'main' });
  assert.deepEqual(
    rows.map((row) => row._RequestId),
    ['once'],
  );
});

test('requests without a name of their own, or with other rows, are other requests', async (t) => {
  const lab = await startOds(t);
  const headers = { 'x-ms-client-request-id': 'the same for all' };
  await lab.post(envelope(), headers);
  await lab.post(envelope([syslogItem, syslogItem]), headers);
  await lab.post(envelope());
  await lab.post(envelope());
  await lab.post(envelope(), { 'X-Request-ID': 'attempt' });
  await lab.post(envelope(), { 'X-Request-ID': 'attempt' });
  assert.equal(await rowCount(lab), 7);
});

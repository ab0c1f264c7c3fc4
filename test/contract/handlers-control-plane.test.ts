import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ENDPOINT,
  MACHINE,
  machineToken,
  OTHER_MACHINE,
  RULE,
  ruleBody,
  SECOND_WORKSPACE,
  send,
  startEmptyLab,
  startLab,
  WORKSPACE,
} from './handlers-fixture.ts';

const VERSION = '?api-version=2023-03-11';
const GROUP = RULE.slice(0, RULE.indexOf('/providers/'));

function put(url: string, token: string, body: unknown) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send(url, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body: text });
}

test('a rule is created with 201, replaced with 200, and keeps its immutable id', async (t) => {
  const { url, adminToken } = await startEmptyLab(t);
  const first = await put(url + RULE + VERSION, adminToken, ruleBody);
  assert.equal(first.status, 201);
  const created = JSON.parse(first.text);
  assert.match(created.properties.immutableId, /^dcr-[0-9a-f]{32}$/);
  assert.equal(created.id, RULE);
  assert.equal(created.name, 'web');
  assert.equal(created.type, 'Microsoft.Insights/dataCollectionRules');
  assert.equal(created.properties.provisioningState, 'Succeeded');

  const again = await put(url + RULE.toUpperCase() + VERSION, adminToken, ruleBody);
  assert.equal(again.status, 200);
  const same = JSON.parse(again.text);
  assert.equal(same.id, RULE, 'ids ignore letter case');
  assert.equal(same.etag, created.etag, 'the etag is that of the content');

  const changed = { ...ruleBody, tags: { owner: 'web team' } };
  const replaced = JSON.parse((await put(url + RULE + VERSION, adminToken, changed)).text);
  assert.notEqual(replaced.etag, created.etag);
  assert.equal(replaced.properties.immutableId, created.properties.immutableId);
  assert.deepEqual(replaced.tags, { owner: 'web team' });

  const back = JSON.parse((await put(url + RULE + VERSION, adminToken, replaced)).text);
  assert.equal(back.etag, replaced.etag, 'what was read can be put back unchanged');
});

test('a rule written without properties is kept in the form of ARM', async (t) => {
  const { admin } = await startEmptyLab(t);
  const stored = await admin.put(RULE, { location: 'local', ...ruleBody.properties });
  assert.deepEqual(Object.keys(stored.properties as object).sort(), [
    'dataFlows',
    'dataSources',
    'destinations',
    'immutableId',
    'provisioningState',
    'streamDeclarations',
  ]);
});

test('an invalid rule is refused with every finding and where it is', async (t) => {
  const { url, adminToken, admin } = await startEmptyLab(t);
  const [syslog] = ruleBody.properties.dataFlows;
  const invalid = {
    ...ruleBody,
    properties: {
      ...ruleBody.properties,
      dataFlows: [{ ...syslog, destinations: ['mian'] }, ...ruleBody.properties.dataFlows],
    },
  };
  const answer = await put(url + RULE + VERSION, adminToken, JSON.stringify(invalid, null, 2));
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('x-ms-error-code'), 'InvalidPayload');
  assert.equal(answer.error.code, 'InvalidPayload');
  assert.equal(answer.error.message, 'Data collection rule is invalid');
  const detail = answer.error.details?.find(({ code }) => code === 'InvalidDataFlow');
  assert.equal(detail?.target, 'Properties.DataFlows[0]');
  assert.match(JSON.stringify(detail), /DCR_DESTINATION_UNKNOWN at line \d+, column \d+: .*mian/);
  assert.equal(await admin.get(RULE), undefined);
});

test('a rule that transforms rows is refused, one that passes them on is not', async (t) => {
  const { url, adminToken } = await startEmptyLab(t);
  const withTransform = (transformKql: string) => ({
    ...ruleBody,
    properties: {
      ...ruleBody.properties,
      dataFlows: ruleBody.properties.dataFlows.map((flow) => ({ ...flow, transformKql })),
    },
  });
  const answer = await put(
    url + RULE + VERSION,
    adminToken,
    withTransform('source | where Count > 1'),
  );
  assert.equal(answer.status, 400);
  assert.equal(answer.error.code, 'InvalidTransformQuery');
  assert.match(answer.error.message, /cannot evaluate transformations yet/);
  assert.match(answer.error.message, /\/properties\/dataFlows\/0\/transformKql/);
  assert.equal((await put(url + RULE + VERSION, adminToken, withTransform('source'))).status, 201);
});

test('resources are listed by group and by subscription, as ARM lists them', async (t) => {
  const { url, adminToken } = await startLab(t);
  const headers = { authorization: `Bearer ${adminToken}` };
  const rules = '/providers/Microsoft.Insights/dataCollectionRules';
  const subscription = GROUP.slice(0, GROUP.indexOf('/resourceGroups'));
  for (const scope of [GROUP, GROUP.toLowerCase(), subscription]) {
    const body = JSON.parse((await send(`${url}${scope}${rules}${VERSION}`, { headers })).text);
    assert.equal(body.nextLink, null);
    assert.deepEqual(
      body.value.map((rule: { id: string }) => rule.id),
      [RULE],
    );
  }
  const other = await send(`${url}${subscription}9${rules}${VERSION}`, { headers });
  assert.deepEqual(JSON.parse(other.text), { value: [], nextLink: null });
});

test('associations are listed by machine and by rule', async (t) => {
  const { admin } = await startLab(t);
  await admin.associate(OTHER_MACHINE, 'web', RULE);
  const ofMachine = await admin.list(
    `${MACHINE}/providers/Microsoft.Insights/dataCollectionRuleAssociations`,
  );
  assert.deepEqual(
    ofMachine.map(({ name, properties }) => ({ name, properties })),
    [{ name: 'web', properties: { dataCollectionRuleId: RULE } }],
  );
  assert.equal((await admin.list(`${RULE}/associations`)).length, 2);
});

test('an association names something that exists, under a name that suits it', async (t) => {
  const { url, adminToken, admin } = await startLab(t);
  await admin.put(ENDPOINT, { location: 'local' });
  const association = (name: string, properties: object) =>
    put(
      `${url}${MACHINE}/providers/Microsoft.Insights/dataCollectionRuleAssociations/${name}${VERSION}`,
      adminToken,
      { properties },
    );
  const misnamed = await association('dce', { dataCollectionEndpointId: ENDPOINT });
  assert.equal(misnamed.status, 400);
  assert.equal(misnamed.error.code, 'InvalidEndpointAssociationName');
  const reserved = await association('configurationAccessEndpoint', { dataCollectionRuleId: RULE });
  assert.equal(reserved.error.code, 'InvalidPayload');
  const neither = await association('a', {});
  assert.equal(neither.error.code, 'InvalidPayload');
  const unknown = await association('a', { dataCollectionRuleId: `${RULE}2` });
  assert.equal(unknown.status, 404);
  assert.match(unknown.error.message, /no rule '.*web2'/);
  const right = await association('configurationAccessEndpoint', {
    dataCollectionEndpointId: ENDPOINT,
  });
  assert.equal(right.status, 201);
});

test('an endpoint has addresses: this server’s own, or those it was put with', async (t) => {
  const { admin, url } = await startEmptyLab(t);
  const own = await admin.put(ENDPOINT, { location: 'local', properties: { description: 'd' } });
  const { immutableId, ...properties } = own.properties as Record<string, unknown>;
  assert.match(String(immutableId), /^dce-[0-9a-f]{32}$/);
  assert.deepEqual(properties, {
    description: 'd',
    configurationAccess: { endpoint: url },
    logsIngestion: { endpoint: url },
    provisioningState: 'Succeeded',
  });
  const elsewhere = { configurationAccess: { endpoint: 'http://127.0.0.1:9/' } };
  const other = await admin.put(ENDPOINT, { location: 'local', properties: elsewhere });
  assert.equal(
    (other.properties as { configurationAccess: { endpoint: string } }).configurationAccess
      .endpoint,
    'http://127.0.0.1:9',
  );
  await assert.rejects(
    admin.put(ENDPOINT, { properties: { logsIngestion: { endpoint: 'file:///etc' } } }),
    /not an http or https URL/,
  );
});

test('a workspace is given a customer id, or keeps the one it was put with', async (t) => {
  const { admin, url } = await startEmptyLab(t);
  const made = (await admin.put(WORKSPACE, {})).properties as Record<string, string>;
  assert.match(made.customerId ?? '', /^[0-9a-f-]{36}$/);
  assert.equal(made.ingestionEndpoint, `${url}/ods/${made.customerId}`);
  const again = (await admin.put(WORKSPACE, { properties: made })).properties;
  assert.deepEqual(again, made);

  const own = '0AA7F2B4-0000-4000-8000-000000000001';
  const elsewhere = await admin.put(SECOND_WORKSPACE, {
    properties: { customerId: own, ingestionEndpoint: 'http://127.0.0.1:9/ods/x' },
  });
  assert.deepEqual(elsewhere.properties, {
    customerId: own.toLowerCase(),
    provisioningState: 'Succeeded',
    ingestionEndpoint: 'http://127.0.0.1:9/ods/x',
  });
  await assert.rejects(admin.put(WORKSPACE, { properties: { customerId: own } }), /cannot change/);
  await assert.rejects(
    admin.put(`${WORKSPACE}3`, { properties: { customerId: own } }),
    /belongs to workspace/,
  );
  await assert.rejects(
    admin.put(`${WORKSPACE}3`, { properties: { customerId: 'x' } }),
    /not a GUID/,
  );
});

test('deleting answers 200, then 204; what others refer to is not deleted', async (t) => {
  const { url, adminToken, admin } = await startLab(t);
  const remove = (id: string, more = '') =>
    send(`${url}${id}${VERSION}${more}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${adminToken}` },
    });
  const used = await remove(RULE);
  assert.equal(used.status, 409);
  assert.equal(used.error.code, 'ResourceInUse');
  assert.match(used.error.message, /deleteAssociations=true/);
  assert.equal((await remove(RULE, '&deleteAssociations=true')).status, 200);
  assert.equal((await remove(RULE)).status, 204);
  assert.deepEqual(
    await admin.list(`${MACHINE}/providers/Microsoft.Insights/dataCollectionRuleAssociations`),
    [],
  );
  assert.equal((await remove(WORKSPACE)).status, 200);
  assert.equal((await remove(WORKSPACE)).status, 204);
});

test('an associated machine is registered, and deleted with its associations', async (t) => {
  const { admin } = await startLab(t);
  const machine = await admin.get(MACHINE);
  assert.equal(machine?.type, 'Microsoft.HybridCompute/machines');
  assert.equal(await admin.delete(MACHINE), true);
  assert.equal(await admin.get(MACHINE), undefined);
  assert.deepEqual(await admin.list(`${RULE}/associations`), []);
});

test('ARM routes take the admin token and nothing else', async (t) => {
  const { url, adminToken } = await startLab(t);
  const status = async (authorization?: string) => {
    const headers: Record<string, string> = authorization ? { authorization } : {};
    const { status, error } = await send(url + RULE + VERSION, { headers });
    return `${status} ${error.code}`;
  };
  assert.equal(await status(`Bearer ${adminToken}`), '200 ');
  assert.equal(await status(), '401 AuthenticationFailed');
  assert.equal(await status(`Basic ${adminToken}`), '401 AuthenticationFailed');
  assert.equal(await status('Bearer nonsense'), '401 InvalidAuthenticationToken');
  assert.equal(await status(await machineToken(url)), '403 AuthorizationFailed');
});

test('what ARM asks of every request is asked here', async (t) => {
  const { url, adminToken } = await startLab(t);
  const headers = { authorization: `Bearer ${adminToken}` };
  const noVersion = await send(url + RULE, { headers });
  assert.equal(noVersion.status, 400);
  assert.equal(noVersion.error.code, 'MissingApiVersionParameter');
  const missing = await send(`${url}${RULE}9${VERSION}`, { headers });
  assert.equal(`${missing.status} ${missing.error.code}`, '404 ResourceNotFound');
  const unknownType = await send(`${url}${GROUP}/providers/Microsoft.Web/sites/s${VERSION}`, {
    headers,
  });
  assert.equal(`${unknownType.status} ${unknownType.error.code}`, '404 NotFound');
  const patch = await send(url + RULE + VERSION, { method: 'PATCH', headers, body: '{}' });
  assert.equal(`${patch.status} ${patch.error.code}`, '405 MethodNotAllowed');
  assert.equal(patch.headers.get('allow'), 'GET, PUT, DELETE');
  const misplaced = await put(
    `${url}/subscriptions/s/providers/Microsoft.Insights/dataCollectionRules/r${VERSION}`,
    adminToken,
    ruleBody,
  );
  assert.equal(`${misplaced.status} ${misplaced.error.code}`, '400 InvalidRequestUri');
});

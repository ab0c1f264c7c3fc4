import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  channelOf,
  channelToken,
  claimsOf,
  ENDPOINT,
  headerOf,
  type Lab,
  MACHINE,
  machineToken,
  OTHER_MACHINE,
  RULE,
  ruleBody,
  send,
  startEmptyLab,
  startLab,
} from './handlers-fixture.ts';

const QUERY = '?platform=linux&includeMeConfig=true&api-version=2022-06-02';

async function configurations(lab: Pick<Lab, 'url'>, path: string, headers: object = {}) {
  const authorization = await machineToken(lab.url, { machine: 'web1' });
  return send(lab.url + path, { headers: { authorization, ...headers } });
}

test('every form of the URL answers the same configurations', async (t) => {
  const lab = await startLab(t);
  const regional = await configurations(
    lab,
    `/locations/local${MACHINE}/agentConfigurations${QUERY}`,
  );
  assert.equal(regional.status, 200);
  for (const path of [
    `${MACHINE}/agentConfigurations?operatingLocation=local&platform=linux&api-version=2020-08-01-preview`,
    `${MACHINE}/agentConfigurations?platform=linux&api-version=2020-08-01-preview`,
    `${MACHINE.toLowerCase()}/agentconfigurations?api-version=2022-06-02`,
  ]) {
    assert.equal((await configurations(lab, path)).text, regional.text, path);
  }
  const body = JSON.parse(regional.text);
  assert.equal(body.configurations.length, 1);
  const [{ configurationId, eTag, op, content }] = body.configurations;
  assert.equal(configurationId, lab.ruleId);
  assert.equal(op, 'added');
  assert.match(eTag, new RegExp(`^${lab.ruleId}/%22.+%22/%22.+%22$`));
  assert.deepEqual(
    content.channels.map((channel: { id: string }) => channel.id),
    [`ods-${lab.workspaceId}`, `gigl-dce-${lab.ruleId.slice(4)}`],
  );
  assert.equal(content.channels[0].endpoint, `${lab.url}/ods/${lab.workspaceId}`);
});

test('an answer that did not change is 304, one that did is not', async (t) => {
  const lab = await startLab(t);
  const path = `${MACHINE}/agentConfigurations${QUERY}`;
  const first = await configurations(lab, path);
  const etag = first.headers.get('etag') ?? '';
  for (const header of [etag, `"x", W/${etag}`, '*']) {
    const again = await configurations(lab, path, { 'if-none-match': header });
    assert.equal(again.status, 304, header);
    assert.equal(again.text, '');
  }
  await lab.admin.put(RULE, { ...ruleBody, tags: { owner: 'web team' } });
  const changed = await configurations(lab, path, { 'if-none-match': etag });
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get('etag'), etag);
});

test('a token of the wrong kind, age or form is 401', async (t) => {
  const lab = await startLab(t);
  const url = `${lab.url}${MACHINE}/agentConfigurations${QUERY}`;
  const code = async (authorization?: string) => {
    const answer = await send(url, { headers: authorization ? { authorization } : {} });
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
    return `${answer.status} ${answer.error.code}`;
  };
  assert.equal(await code(), '401 AuthenticationFailed');
  assert.equal(await code('Bearer x.y.z'), '401 InvalidAuthenticationToken');
  assert.equal(await code(`Bearer ${lab.adminToken}`), '401 InvalidAuthenticationToken');
  const channel = await channelOf(lab, 'ods');
  assert.equal(await code(await channelToken(lab, channel)), '401 InvalidAuthenticationToken');
  const vault = await machineToken(lab.url, { resource: 'https://vault.azure.net' });
  assert.equal(await code(vault), '401 InvalidAuthenticationToken');
  const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
  const [, claims] = (await machineToken(lab.url)).slice(7).split('.');
  assert.equal(await code(`Bearer ${unsigned}.${claims}.`), '401 InvalidAuthenticationToken');
  const token = await machineToken(lab.url);
  lab.clock.now += 86_400_000;
  assert.equal(await code(token), '401 ExpiredAuthenticationToken');
});

test('the audience is accepted with and without the slash', async (t) => {
  const lab = await startLab(t);
  for (const resource of ['https://monitor.azure.com', 'https://monitor.azure.com/']) {
    const authorization = await machineToken(lab.url, { resource });
    const url = `${lab.url}${MACHINE}/agentConfigurations${QUERY}`;
    assert.equal((await send(url, { headers: { authorization } })).status, 200, resource);
  }
});

test('a token of another machine is 403 and names both', async (t) => {
  const lab = await startLab(t);
  await lab.admin.associate(OTHER_MACHINE, 'web', RULE);
  const authorization = await machineToken(lab.url, { machine: 'web2' });
  const url = `${lab.url}${MACHINE}/agentConfigurations${QUERY}`;
  const answer = await send(url, { headers: { authorization } });
  assert.equal(`${answer.status} ${answer.error.code}`, '403 InvalidResourceId');
  assert.ok(answer.error.message.includes(MACHINE));
  assert.ok(answer.error.message.includes(OTHER_MACHINE));
});

test('a user-assigned identity speaks for the machine it is used on', async (t) => {
  const lab = await startLab(t);
  const selector = '&client_id=0aa7f2b4-0000-4000-8000-000000000001';
  const authorization = await machineToken(lab.url, { selector });
  const claims = claimsOf(authorization);
  assert.match(String(claims.xms_mirid), /userAssignedIdentities/);
  const url = `${lab.url}${MACHINE}/agentConfigurations${QUERY}`;
  assert.equal((await send(url, { headers: { authorization } })).status, 200);
});

test('a machine without rules is told so with 404', async (t) => {
  const { url, admin } = await startEmptyLab(t);
  await admin.put(MACHINE, { location: 'local' });
  const answer = await configurations({ url }, `${MACHINE}/agentConfigurations${QUERY}`);
  assert.equal(`${answer.status} ${answer.error.code}`, '404 ResourceNotFound');
  assert.match(answer.error.message, /No data collection rule is associated.*dcr-handler attach/);
});

test('a machine told to use another endpoint is sent there, for tokens too', async (t) => {
  const lab = await startLab(t);
  const elsewhere = 'http://127.0.0.1:9';
  const put = (endpoint: string) =>
    lab.admin.put(ENDPOINT, { properties: { configurationAccess: { endpoint } } });
  await put(elsewhere);
  await lab.admin.put(
    `${MACHINE}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
    { properties: { dataCollectionEndpointId: ENDPOINT } },
  );
  const token = `${MACHINE}/agentConfigurations/${lab.ruleId}/channels/ods-${lab.workspaceId}/issueIngestionToken`;
  for (const path of [`${MACHINE}/agentConfigurations`, token]) {
    const answer = await configurations(lab, path + QUERY);
    assert.equal(`${answer.status} ${answer.error.code}`, '421 MisdirectedAgentRequest');
    assert.equal(answer.headers.get('x-ms-agent-config-endpoint'), elsewhere);
    assert.match(answer.error.message, /acquired from 'http:\/\/127.0.0.1:9' endpoint/);
  }
  await put(lab.url);
  assert.equal((await configurations(lab, `${MACHINE}/agentConfigurations${QUERY}`)).status, 200);
});

test('a rule of any kind reaches the machine, whatever its platform', async (t) => {
  const lab = await startLab(t);
  await lab.admin.put(RULE, {
    location: 'local',
    kind: 'Windows',
    properties: {
      dataSources: {
        windowsEventLogs: [{ name: 'w', streams: ['Microsoft-Event'], xPathQueries: ['System!*'] }],
      },
      destinations: ruleBody.properties.destinations,
      dataFlows: [{ streams: ['Microsoft-Event'], destinations: ['main', 'soc'] }],
    },
  });
  const answer = await configurations(lab, `${MACHINE}/agentConfigurations${QUERY}`);
  const [{ content }] = JSON.parse(answer.text).configurations;
  assert.equal(content.dataSources[0].kind, 'winEventLog');
  assert.equal(content.channels.length, 2);
});

test('of several rules of agent settings only the newest is told', async (t) => {
  const lab = await startLab(t);
  for (const [i, value] of ['1000', '2000', '3000'].entries()) {
    lab.clock.now += 1000;
    const id = `${RULE}-settings${3 - i}`;
    await lab.admin.put(id, {
      kind: 'AgentSettings',
      location: 'local',
      properties: { agentSettings: { logs: [{ name: 'MaxDiskQuotaInMB', value }] } },
    });
    await lab.admin.associate(MACHINE, `settings${i}`, id);
  }
  const answer = await configurations(lab, `${MACHINE}/agentConfigurations${QUERY}`);
  const contents = JSON.parse(answer.text).configurations.map(
    (configuration: { content: { settings?: object } }) => configuration.content.settings,
  );
  assert.deepEqual(contents, [undefined, [{ name: 'MaxDiskQuotaInMB', value: '3000' }]]);
});

test('a platform that is none and a missing version are refused', async (t) => {
  const lab = await startLab(t);
  const path = `${MACHINE}/agentConfigurations`;
  const beos = await configurations(lab, `${path}?platform=beos&api-version=1`);
  assert.equal(`${beos.status} ${beos.error.code}`, '400 InvalidParameter');
  const none = await configurations(lab, path);
  assert.equal(`${none.status} ${none.error.code}`, '400 MissingApiVersionParameter');
});

test('a channel’s token says what the service’s says, and how long to keep it', async (t) => {
  const lab = await startLab(t, { ingestionTokenLifetimeSeconds: 600 });
  const channel = await channelOf(lab, 'ods');
  const answer = await configurations(lab, channel.tokenEndpointUri.slice(lab.url.length));
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('cache-control') ?? '', /max-age=300/);
  const body = JSON.parse(answer.text);
  assert.deepEqual(Object.keys(body), ['configurationId', 'ingestionAuthToken']);
  assert.equal(body.configurationId, lab.ruleId);
  assert.equal(headerOf(body.ingestionAuthToken).alg, 'HS256');
  const issuedAt = lab.clock.now / 1000;
  const { server: _, ...claims } = claimsOf(body.ingestionAuthToken);
  assert.deepEqual(claims, {
    iss: 'AMCS',
    aud: 'Pipeline',
    role: 'Publisher',
    wid: lab.workspaceId,
    ips: 'LogManagement',
    skipdefaultdcr: 'true',
    targetRid: MACHINE,
    skloc: 'local',
    skprov: 'amcs',
    cid: lab.ruleId,
    channel: channel.id,
    nbf: issuedAt,
    iat: issuedAt,
    exp: issuedAt + 600,
  });
});

test('there is no token for an unknown rule or channel, nor for a stranger', async (t) => {
  const lab = await startLab(t);
  const token = (rule: string, channel: string) =>
    `${MACHINE}/agentConfigurations/${rule}/channels/${channel}/issueIngestionToken${QUERY}`;
  const noRule = await configurations(lab, token(`dcr-${'0'.repeat(32)}`, 'ods-x'));
  assert.equal(`${noRule.status} ${noRule.error.code}`, '404 ResourceNotFound');
  const noChannel = await configurations(lab, token(lab.ruleId, 'ods-x'));
  assert.match(noChannel.error.message, /has no channel 'ods-x'/);
  const stranger = await send(lab.url + token(lab.ruleId, `ods-${lab.workspaceId}`));
  assert.equal(stranger.status, 401);
});

test('the probe answers Healthy to anyone', async (t) => {
  const { url } = await startEmptyLab(t);
  const answer = await send(`${url}/ping`);
  assert.equal(`${answer.status} ${answer.text}`, '200 Healthy');
});

import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { test } from 'node:test';
import {
  claimsOf,
  headerOf,
  MACHINE,
  OTHER_MACHINE,
  RULE,
  send,
  startEmptyLab,
  startLab,
} from './handlers-fixture.ts';

const TOKEN = '/metadata/identity/oauth2/token?api-version=2018-02-01';
const RESOURCE = '&resource=https%3A%2F%2Fmonitor.azure.com%2F';
const METADATA = { metadata: 'true' };

interface TokenBody {
  readonly access_token: string;
  readonly error: string;
  readonly error_description: string;
  readonly [name: string]: string;
}

async function ask(url: string, headers: Record<string, string> = METADATA) {
  const answer = await send(url, { headers });
  return { status: answer.status, body: JSON.parse(answer.text) as TokenBody };
}

test('a token is answered as the metadata service answers it, every value a string', async (t) => {
  const { url, clock } = await startLab(t, { tokenLifetimeSeconds: 3600 });
  const { status, body } = await ask(url + TOKEN + RESOURCE);
  assert.equal(status, 200);
  const { access_token: token, client_id: clientId, ...rest } = body;
  const issuedAt = clock.now / 1000;
  assert.deepEqual(rest, {
    expires_in: '3600',
    expires_on: String(issuedAt + 3600),
    ext_expires_in: '3600',
    not_before: String(issuedAt),
    resource: 'https://monitor.azure.com/',
    token_type: 'Bearer',
  });
  const { tid, oid, sub, ...claims } = claimsOf(token);
  assert.equal(sub, oid);
  assert.match(String(tid), /^[0-9a-f-]{36}$/);
  assert.deepEqual(claims, {
    iss: `${url}/identity`,
    aud: 'https://monitor.azure.com/',
    appid: clientId,
    ver: '1.0',
    xms_mirid: MACHINE,
    xms_az_rid: MACHINE,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 3600,
  });
});

test('others can verify a token with the published keys', async (t) => {
  const { url } = await startLab(t);
  const { body } = await ask(url + TOKEN + RESOURCE);
  const read = async (address: string) => JSON.parse((await send(address)).text);
  const { issuer, jwks_uri: address } = await read(
    `${url}/identity/.well-known/openid-configuration`,
  );
  const { keys } = (await read(address)) as { keys: (JsonWebKey & { kid: string })[] };
  const { kid, alg } = headerOf(body.access_token);
  const key = keys.find((candidate) => candidate.kid === kid);
  assert.equal(alg, 'RS256');
  assert.equal(claimsOf(body.access_token).iss, issuer);
  assert.ok(key);
  assert.equal('d' in key, false, 'the private key stays here');
  const [header, claims, signature = ''] = body.access_token.split('.');
  const signed = Buffer.from(`${header}.${claims}`);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  assert.ok(verify('sha256', signed, publicKey, Buffer.from(signature, 'base64url')));
});

test('a request that a machine’s own programs would not send is refused', async (t) => {
  const { url } = await startLab(t);
  const probe = await ask(url + TOKEN, {});
  assert.equal(`${probe.status} ${probe.body.error}`, '400 bad_request_102');
  const forwarded = await ask(url + TOKEN + RESOURCE, {
    ...METADATA,
    'x-forwarded-for': '1.2.3.4',
  });
  assert.equal(`${forwarded.status} ${forwarded.body.error}`, '400 invalid_request');
  const noResource = await ask(url + TOKEN);
  assert.equal(`${noResource.status} ${noResource.body.error}`, '400 invalid_resource');
  const noVersion = await ask(`${url}/metadata/identity/oauth2/token?resource=https://a`);
  assert.match(noVersion.body.error_description, /api-version/);
});

test('a user-assigned identity is selected in any of four ways', async (t) => {
  const { url } = await startLab(t);
  const guid = '0aa7f2b4-0000-4000-8000-000000000001';
  const id = `${MACHINE.slice(0, MACHINE.indexOf('/providers'))}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/app`;
  const claims = async (selector: string) =>
    claimsOf((await ask(url + TOKEN + RESOURCE + selector)).body.access_token);
  assert.equal((await claims(`&client_id=${guid}`)).appid, guid);
  assert.equal((await claims(`&object_id=${guid}`)).oid, guid);
  for (const name of ['msi_res_id', 'mi_res_id']) {
    const { xms_mirid: identity, xms_az_rid: machine } = await claims(`&${name}=${id}`);
    assert.deepEqual([identity, machine], [id, MACHINE]);
  }
  for (const selector of [
    '&client_id=x',
    `&mi_res_id=${MACHINE}`,
    `&client_id=${guid}&object_id=${guid}`,
  ]) {
    const { status, body } = await ask(url + TOKEN + RESOURCE + selector);
    assert.equal(`${status} ${body.error}`, '400 invalid_request', selector);
  }
});

test('of several machines the path tells which one calls', async (t) => {
  const { url, admin } = await startLab(t);
  await admin.associate(OTHER_MACHINE, 'web', RULE);
  const identity = async (prefix: string) => {
    const { body } = await ask(url + prefix + TOKEN + RESOURCE);
    return body.access_token === undefined
      ? body.error_description
      : claimsOf(body.access_token).xms_mirid;
  };
  assert.equal(await identity('/machines/web1'), MACHINE);
  assert.equal(await identity('/machines/WEB2'), OTHER_MACHINE);
  assert.equal(await identity(`/machines/${encodeURIComponent(OTHER_MACHINE)}`), OTHER_MACHINE);
  const unknown = await identity('/machines/web3');
  assert.match(String(unknown), /there is no machine 'web3'; registered: .*web1, .*web2/);
  assert.match(String(await identity('')), /does not say which machine calls.*web1, .*web2/);
  const twin = MACHINE.replace('/lab/', '/other/');
  await admin.associate(twin, 'web', RULE);
  assert.match(String(await identity('/machines/web1')), /2 machines are named 'web1'/);
  assert.equal(await identity(`/machines/${encodeURIComponent(twin)}`), twin);
});

test('without a machine there is no token, and the answer says how to have one', async (t) => {
  const { url } = await startEmptyLab(t);
  const { status, body } = await ask(url + TOKEN + RESOURCE);
  assert.equal(`${status} ${body.error}`, '400 invalid_request');
  assert.match(body.error_description, /no machine is registered.*dcr-handler attach/);
});

test('instance metadata describes the machine', async (t) => {
  const { url, admin } = await startLab(t, { region: 'westeurope' });
  await admin.put(MACHINE, { location: 'northeurope', properties: { osType: 'Windows' } });
  const machine = await admin.get(MACHINE);
  const properties = machine?.properties as { vmId: string };
  const compute = {
    azEnvironment: 'AzurePublicCloud',
    location: 'northeurope',
    name: 'web1',
    osType: 'Windows',
    resourceGroupName: 'lab',
    resourceId: MACHINE,
    subscriptionId: '11111111-2222-3333-4444-555555555555',
    tagsList: [],
    vmId: properties.vmId,
    vmScaleSetName: '',
  };
  const instance = await ask(`${url}/machines/web1/metadata/instance?api-version=2021-02-01`);
  assert.deepEqual(instance.body, { compute, network: { interface: [] } });
  const alone = await ask(`${url}/metadata/instance/compute?api-version=2020-06-01`);
  assert.deepEqual(alone.body, compute);
  assert.equal((await ask(`${url}/metadata/instance?api-version=1`, {})).status, 400);
});

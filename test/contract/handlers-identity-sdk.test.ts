import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagedIdentityCredential } from '@azure/identity';
import { claimsOf, MACHINE, OTHER_MACHINE, RULE, send, startLab } from './handlers-fixture.ts';

/** MSAL reads the address once per process; the file with the other address is beside this one. */
function pointSdkAt(url: string): void {
  process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = url;
}

test('Azure’s own SDK keeps the path that names the machine', async (t) => {
  const { url, admin } = await startLab(t, { now: Date.now });
  await admin.associate(OTHER_MACHINE, 'web', RULE);
  pointSdkAt(`${url}/machines/${encodeURIComponent(OTHER_MACHINE)}`);
  const group = MACHINE.slice(0, MACHINE.indexOf('/providers'));
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/sdk`;
  const clientId = '0aa7f2b4-0000-4000-8000-000000000002';
  // MSAL keeps tokens by the selector's value alone.
  const objectId = '0aa7f2b4-0000-4000-8000-000000000003';
  for (const [options, claim, value] of [
    [{}, 'xms_mirid', OTHER_MACHINE],
    [{ clientId }, 'appid', clientId],
    [{ objectId }, 'oid', objectId],
    [{ resourceId: identity }, 'xms_mirid', identity],
  ] as const) {
    const credential = new ManagedIdentityCredential(options as { clientId: string });
    const { token } = await credential.getToken('https://monitor.azure.com//.default');
    const claims = claimsOf(token);
    assert.equal(claims[claim], value);
    assert.equal(claims.xms_az_rid, OTHER_MACHINE);
    const answer = await send(`${url}${OTHER_MACHINE}/agentConfigurations?api-version=2022-06-02`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(answer.status, 200);
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManagedIdentityCredential } from '@azure/identity';
import { claimsOf, MACHINE, startLab } from './handlers-fixture.ts';

test('Azure’s own SDK needs no path where there is one machine', async (t) => {
  const { url } = await startLab(t, { now: Date.now });
  // MSAL reads the address once per process, so this test has a file of its own.
  process.env.AZURE_POD_IDENTITY_AUTHORITY_HOST = url;
  const credential = new ManagedIdentityCredential();
  const { token } = await credential.getToken('https://monitor.azure.com/.default');
  assert.equal(claimsOf(token).xms_mirid, MACHINE);
});

/**
 * What the SDK itself does with its environment. It reads the variables once per process, so
 * this has a process of its own, as every test file has.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createManagedIdentity } from '../../../../packages/agent/src/identity/managed-identity.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { startLocalServer } from '../../../support/local-server.ts';

test('the SDK honours AZURE_POD_IDENTITY_AUTHORITY_HOST, a path included, and no proxy', async (t) => {
  const proxy = await startLocalServer(t);
  const server = await startLocalServer(t, () => ({
    status: 200,
    body: { access_token: 'mine', expires_on: '1900000000', token_type: 'Bearer' },
  }));
  const variables = {
    HTTP_PROXY: proxy.url,
    ALL_PROXY: proxy.url,
    AZURE_POD_IDENTITY_AUTHORITY_HOST: `${server.url}/machines/vm1`,
  };
  Object.assign(process.env, variables);

  const credential = createManagedIdentity(createFakeHost(), {});
  const token = await credential.token('https://monitor.azure.com/', new AbortController().signal);

  assert.equal(token.authorization(), 'Bearer mine');
  assert.equal(proxy.requests.length, 0);
  // The slash before the query is the SDK's doing.
  const [, path, resource] = /^([^?]*?)\/?\?.*resource=([^&]*)/.exec(server.requests[0]!.url) ?? [];
  assert.equal(path, '/machines/vm1/metadata/identity/oauth2/token');
  assert.equal(decodeURIComponent(resource!), 'https://monitor.azure.com/');
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { createAdminClient } from '@dcr-agent/handlers';

test('no connection is left open that the server could close under the next request', async (t) => {
  const server = createServer((_request, response) => response.end('{"value":[]}'));
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const client = createAdminClient({ url: `http://127.0.0.1:${port}`, token: 't' });
  await client.tables();
  await client.tables();
  assert.equal(connections, 2);
});

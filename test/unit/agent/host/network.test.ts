import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { test } from 'node:test';
import tls from 'node:tls';
import { createNetwork } from '../../../../packages/agent/src/host/network.ts';
import { startIngestionServer } from '../../../support/ingestion-server.ts';

const POST = { path: '/', method: 'POST', body: '[]' } as const;

test('a server that never answers is given up', async () => {
  await using server = await startIngestionServer(() => 'hang');
  const network = createNetwork({ headersTimeoutMs: 50 });
  await assert.rejects(network.request({ origin: server.origin, ...POST }), {
    code: 'UND_ERR_HEADERS_TIMEOUT',
  });
  await network.destroy();
});

test('redirects are handed to the caller', async () => {
  await using server = await startIngestionServer(() => ({
    status: 302,
    headers: { location: '/elsewhere' },
  }));
  const network = createNetwork();
  const { statusCode, body } = await network.request({ origin: server.origin, ...POST });
  await body.dump();
  assert.equal(statusCode, 302);
  assert.equal(server.posts.length, 1);
  await network.destroy();
});

test('TLS 1.2 is the oldest that is offered, whatever Node is told', async (t) => {
  const { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;
  // OpenSSL itself offers nothing older unless its security level is lowered as well.
  Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' });
  t.after(() => Object.assign(tls, { DEFAULT_MIN_VERSION, DEFAULT_CIPHERS }));
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);

  const network = createNetwork();
  const request = network.request({ origin: `https://127.0.0.1:${address.port}`, ...POST });
  const [socket] = await once(server, 'connection');
  const [hello] = await once(socket, 'data');
  socket.destroy();
  await assert.rejects(request);
  await network.destroy();
  assert.deepEqual(offeredVersions(hello), [0x0304, 0x0303]);
});

/** Versions in a ClientHello's `supported_versions`. Source: RFC 8446 §4.1.2, §4.2.1. */
function offeredVersions(hello: Buffer): number[] {
  let at = 5 + 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const type = hello.readUInt16BE(at);
    const length = hello.readUInt16BE(at + 2);
    if (type === 43) {
      const list = hello.subarray(at + 5, at + 4 + length);
      return Array.from({ length: list.length / 2 }, (_, index) => list.readUInt16BE(2 * index));
    }
    at += 4 + length;
  }
  return [];
}

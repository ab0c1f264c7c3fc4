import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { Agent } from 'undici';
import { RequestBody } from '../../../../../packages/agent/src/destinations/upload/request-body.ts';
import { until } from '../../../../support/until.ts';

/** More than all buffers between two sockets of one machine take. */
const MUCH = 64 * 1024 * 1024;

async function serve(
  t: TestContext,
  listener: RequestListener,
): Promise<(body: RequestBody) => Promise<number>> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent();
  t.after(async () => {
    await agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return async (body) => {
    const { statusCode, body: answer } = await agent.request({
      origin: `http://127.0.0.1:${port}`,
      path: '/',
      method: 'POST',
      headers: { 'Content-Length': String(body.byteLength) },
      body: body as unknown as Readable,
    });
    await answer.dump();
    return statusCode;
  };
}

function bodyOf(...pieces: readonly Uint8Array[]): RequestBody {
  return new RequestBody({
    pieces,
    byteLength: pieces.reduce((sum, { byteLength }) => sum + byteLength, 0),
  });
}

test('all pieces are sent, in their order, and then nobody looks at them', async (t) => {
  const parts: Buffer[] = [];
  const post = await serve(t, (request, response) => {
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => response.writeHead(204).end());
  });
  const pieces = [200_000, 3, 65_536, 0, 70_001].map((length, i) => Buffer.alloc(length, i + 1));
  const body = bodyOf(...pieces);
  assert.ok(body.isReleased);
  assert.equal(await post(body), 204);
  assert.ok(Buffer.concat(parts).equals(Buffer.concat(pieces)));
  assert.ok(body.isReleased);
});

test('an answer that comes before the body was read releases nothing', async (t) => {
  const post = await serve(t, (_request, response) => void response.writeHead(204).end());
  const body = bodyOf(Buffer.alloc(MUCH));
  await post(body).catch(() => {});
  assert.ok(!body.isReleased);
});

test('what was sent once too early is not released by sending it again', async (t) => {
  let isPatient = false;
  const post = await serve(t, (request, response) => {
    if (isPatient) request.resume().on('end', () => response.writeHead(204).end());
    else response.writeHead(401).end();
  });
  const body = bodyOf(Buffer.alloc(MUCH));
  await post(body).catch(() => {});
  isPatient = true;
  assert.equal(await post(body), 204);
  assert.ok(!body.isReleased);
});

test('a connection that has not taken all of it counts after the next one, too', async () => {
  const body = bodyOf(Buffer.alloc(10));
  const sendOver = async (writableLength: number): Promise<void> => {
    body.socket = { writableLength } as Socket;
    for await (const slice of body) assert.equal(slice.length, 10);
  };
  await sendOver(0);
  assert.ok(body.isReleased);
  await sendOver(10);
  await sendOver(0);
  assert.ok(!body.isReleased);
});

test('what never reached a connection is nobody’s', async (t) => {
  const post = await serve(t, (_request, response) => void response.end());
  const body = bodyOf(Buffer.alloc(10));
  await post(body);
  await until('it is handed over', () => body.isReleased);
  const other = bodyOf(Buffer.alloc(10));
  const agent = new Agent({ connect: { timeout: 1_000 } });
  t.after(() => agent.destroy());
  const refused = agent.request({
    origin: 'http://127.0.0.1:1',
    path: '/',
    method: 'POST',
    body: other as unknown as Readable,
  });
  await assert.rejects(refused);
  assert.ok(other.isReleased);
});

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { askStatus } from '../../../../packages/agent/src/cli/ask-status.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

async function listenAt(t: TestContext, server: Server): Promise<string> {
  const path = join(await temporaryFolder(), 'x.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  return path;
}

/** Whoever answers so is no agent, or not well. */
const ANSWERS: readonly [string, RequestListener, RegExp][] = [
  ['text', (_, response) => response.end('hello'), /^this is not an agent$/],
  ['null', (_, response) => response.end('null'), /^this is not an agent$/],
  ['another program', (_, response) => response.end('{"ok":true}'), /^this is not an agent$/],
  [
    'an agent that cannot tell',
    (_, response) => response.writeHead(503).end('{"error":"the buffer is closed"}'),
    /^the buffer is closed$/,
  ],
  [
    'half an answer',
    (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"ledger":', () => response.destroy());
    },
    /^the agent ended, or broke off, before it answered$/,
  ],
];

for (const [what, listener, message] of ANSWERS) {
  test(`${what} is told in a sentence`, async (t) => {
    const path = await listenAt(t, createHttpServer(listener));
    await assert.rejects(askStatus(path), { message });
  });
}

test('something that does not speak HTTP is no agent', async (t) => {
  const talk = (socket: Socket): void => void socket.on('error', () => {}).end('SSH-2.0-x\r\n');
  const path = await listenAt(t, createServer(talk));
  await assert.rejects(askStatus(path), { message: 'this is not an agent' });
});

test('a socket that is not there, or is none, is told in a sentence', async () => {
  const folder = await temporaryFolder();
  await assert.rejects(askStatus(join(folder, 'a')), { message: 'there is no such socket' });
  const file = join(folder, 'b');
  writeFileSync(file, '');
  await assert.rejects(askStatus(file), { message: /^(this is not a socket|nobody answers.*)$/ });
});

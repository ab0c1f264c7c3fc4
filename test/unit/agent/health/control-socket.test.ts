import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, lstatSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { NOTHING_SALVAGED } from '../../../../packages/agent/src/buffer/salvage.ts';
import { askAgent } from '../../../../packages/agent/src/cli/ask-agent.ts';
import { askStatus } from '../../../../packages/agent/src/cli/ask-status.ts';
import type { BooksAtWork } from '../../../../packages/agent/src/health/books-at-work.ts';
import {
  type ControlSocket,
  openControlSocket,
} from '../../../../packages/agent/src/health/control-socket.ts';
import type { AgentStatus } from '../../../../packages/agent/src/health/status.ts';
import { createRecordedLog, type RecordedLog } from '../../../support/recorded-log.ts';
import { staleSocket } from '../../../support/stale-socket.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const STATUS = { version: '1', ledger: [] } as unknown as AgentStatus;

/** As many seconds as it was asked for; refuses more than ten, and for half a one never ends. */
const profileSyslog = async (forMs: number, signal: AbortSignal): Promise<object> => {
  if (forMs > 10_000) throw new Error('no rule collects syslog');
  if (forMs === 500) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  if (signal.aborted) ended();
  return { seconds: forMs / 1_000 };
};
let ended: () => void = () => {};

interface OpenSocket {
  readonly path: string;
  readonly socket: ControlSocket;
  readonly log: RecordedLog;
  readonly reloads: () => number;
  /** What was asked to be done to the buffer, in order. */
  readonly changes: readonly string[];
}

/** Does nothing to entry 1, and has no other. */
function recordedBooks(): { books: BooksAtWork; changes: string[] } {
  const changes: string[] = [];
  const change = (what: string) => (id: number) => {
    changes.push(`${what} ${id}`);
    return id === 1 ? ('done' as const) : ('missing' as const);
  };
  const repair = () => {
    changes.push('repair');
    return { ...NOTHING_SALVAGED, setAside: '/x' };
  };
  const [replayQuarantined, dropQuarantined] = [change('replay'), change('drop')];
  return { books: { replayQuarantined, dropQuarantined, repair }, changes };
}

async function open(
  t: TestContext,
  path: string,
  status: () => AgentStatus = () => STATUS,
): Promise<OpenSocket> {
  const log = createRecordedLog();
  const { books, changes } = recordedBooks();
  let reloads = 0;
  const reload = (): void => void reloads++;
  const options = { paths: [path] as const, log, status, reload, books, profileSyslog };
  const socket = await openControlSocket(options);
  t.after(() => socket.close());
  return { path, socket, log, reloads: () => reloads, changes };
}

async function openHere(t: TestContext, status?: () => AgentStatus): Promise<OpenSocket> {
  return open(t, join(await temporaryFolder(), 'control.sock'), status);
}

interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

function ask(socketPath: string, method: string, path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method, path }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      resolve({ status: response.statusCode, body: JSON.parse(text) });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Sends bytes as they are; resolves with what came back when the connection is closed. */
function sendRaw(t: TestContext, path: string, bytes: string | Uint8Array): Promise<string> {
  const socket = createConnection(path);
  t.after(() => socket.destroy());
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  socket.on('error', () => {});
  socket.write(bytes);
  return new Promise((resolve) => socket.on('close', () => resolve(text)));
}

test('answers status, takes reloads, and says what it knows to everything else', async (t) => {
  const { path, reloads } = await openHere(t);
  assert.deepEqual(await ask(path, 'GET', '/status'), { status: 200, body: STATUS });
  assert.deepEqual(await ask(path, 'POST', '/reload', 'ignored'), { status: 202, body: {} });
  assert.equal(reloads(), 1);
  for (const [method, url] of [
    ['GET', '/'],
    ['GET', '/reload'],
    ['GET', '/quarantine/drop?id=1'],
    ['POST', '/buffer'],
    ['POST', '/status'],
    ['DELETE', '/status'],
    ['GET', '/status/../../etc/passwd'],
  ] as const) {
    const { status, body } = await ask(path, method, url);
    assert.equal(status, 404, `${method} ${url}`);
    assert.match((body as { error: string }).error, /GET \/status; POST \/reload, /);
  }
  assert.equal(reloads(), 1);
});

test('passes on what is to be done to the buffer, and tells what became of it', async (t) => {
  const { path, changes } = await openHere(t);
  assert.deepEqual(await ask(path, 'POST', '/quarantine/replay?id=1&id=2'), {
    ...{ status: 200, body: { 1: 'done', 2: 'missing' } },
  });
  assert.deepEqual(await ask(path, 'POST', '/quarantine/drop?id=1&id=x'), {
    ...{ status: 200, body: { 1: 'done', NaN: 'missing' } },
  });
  const { status, body } = await ask(path, 'POST', '/buffer/repair');
  assert.deepEqual([status, (body as { setAside: string }).setAside], [200, '/x']);
  assert.deepEqual(changes, ['replay 1', 'replay 2', 'drop 1', 'repair']);
});

test('only the owner may open the socket, and its folder is made', async (t) => {
  const { path } = await open(t, join(await temporaryFolder(), 'run', 'dcr', 'control.sock'));
  assert.equal(lstatSync(path).mode & 0o777, 0o600);
  assert.equal(lstatSync(join(path, '..')).mode & 0o007, 0, 'nothing for others');
});

test('a socket that a killed agent left is replaced', async (t) => {
  const path = join(await temporaryFolder(), 'control.sock');
  await staleSocket(path);
  assert.ok(lstatSync(path).isSocket());
  await assert.rejects(askStatus(path), /the agent that opened it is gone/);
  await open(t, path);
  assert.deepEqual(await askStatus(path), STATUS);
});

test('a second agent is refused, and the first goes on', async (t) => {
  const { path } = await openHere(t);
  await assert.rejects(open(t, path), {
    code: 'LISTEN_FAILED',
    message: `the control socket ${path} cannot be opened: another agent answers there; stop it first`,
  });
  assert.deepEqual(await askStatus(path), STATUS);
});

test('a folder for it that cannot be made is told, not tried for ever', async (t) => {
  if (process.platform !== 'linux') return t.skip('needs /proc');
  await assert.rejects(open(t, '/proc/none/of/it.sock'), /it.sock cannot be opened: ENOENT/);
});

test('a file that is not a socket is left alone', async (t) => {
  const path = join(await temporaryFolder(), 'control.sock');
  writeFileSync(path, 'precious');
  await assert.rejects(open(t, path), /cannot be opened: the file that is there is not a socket/);
  assert.equal(lstatSync(path).size, 8);
});

test('a path too long for a socket is refused in words', async (t) => {
  const folder = await temporaryFolder();
  const long = join(folder, 'x'.repeat(120));
  await assert.rejects(open(t, long), /longer than 107 bytes.*--control-socket/);
  // The longest that the system takes is taken.
  const path = join(folder, 'x'.repeat(107 - Buffer.byteLength(folder) - 1));
  assert.equal(Buffer.byteLength(path), 107);
  await open(t, path);
  assert.deepEqual(await askStatus(path), STATUS);
});

test('of several paths the first that can be opened is used', async (t) => {
  const folder = await temporaryFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const { books } = recordedBooks();
  const log = createRecordedLog();
  const options = { log, status: () => STATUS, reload: () => {}, books, profileSyslog };
  const second = join(folder, 'control.sock');
  const socket = await openControlSocket({ ...options, paths: [join(file, 'a.sock'), second] });
  t.after(() => socket.close());
  assert.equal(socket.path, second);
  await assert.rejects(
    openControlSocket({ ...options, paths: [join(file, 'a.sock'), second] }),
    /another agent answers/,
    'the last failure is told: the first path is only better when it is there',
  );
});

test('a profile is answered when it is there, and refused with the reason', async (t) => {
  const { path } = await openHere(t);
  const profile = (seconds: string): Promise<Answer> =>
    ask(path, 'GET', `/syslog-profile?seconds=${seconds}`);
  assert.deepEqual(await profile('2'), { status: 200, body: { seconds: 2 } });
  const body = { error: 'no rule collects syslog' };
  assert.deepEqual(await profile('11'), { status: 409, body });
  for (const wrong of ['', 'x', '0', '-1', '3601']) {
    assert.equal((await profile(wrong)).status, 400, wrong);
  }
});

test('a profile ends when whoever asked for it is gone', async (t) => {
  const { path } = await openHere(t);
  const over = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const asking = request({ socketPath: path, path: '/syslog-profile?seconds=0.5' });
  asking.on('error', () => {}).end();
  await once(asking, 'finish');
  await ask(path, 'GET', '/status');
  asking.destroy();
  await over;
});

test('who waits for a profile is answered before the socket closes', async (t) => {
  const { path, socket } = await openHere(t);
  await socket.answered();
  const asked = ask(path, 'GET', '/syslog-profile?seconds=1');
  await ask(path, 'GET', '/status');
  await socket.answered();
  await socket.close();
  assert.deepEqual(await asked, { status: 200, body: { seconds: 1 } });
});

test('an agent that ends instead of an answer is told', async (t) => {
  const { path, socket } = await openHere(t);
  const asked = askAgent(path, {
    ...{ method: 'GET', path: '/syslog-profile?seconds=0.5', timeoutMs: 60_000 },
  });
  const told = assert.rejects(asked, /^Error: the agent ended, or broke off, before it answered$/);
  await ask(path, 'GET', '/status');
  await socket.close();
  await told;
});

test('close removes the socket and breaks off whoever is connected', async (t) => {
  const { path, socket } = await openHere(t);
  const answered = sendRaw(t, path, 'GET /status HTTP/1.1\r\nhost: x\r\n');
  await Promise.all([socket.close(), answered]);
  assert.equal(existsSync(path), false);
  await socket.close();
});

test('a status that cannot be told is an answer, not the end', async (t) => {
  let failure: Error | undefined = new Error('the buffer is closed');
  const { path, log } = await openHere(t, () => {
    if (failure !== undefined) throw failure;
    return STATUS;
  });
  const body = { error: 'the buffer is closed' };
  assert.deepEqual(await ask(path, 'GET', '/status'), { status: 503, body });
  assert.equal(log.entries.length, 1);
  await assert.rejects(askStatus(path), { message: 'the buffer is closed' });
  failure = undefined;
  assert.deepEqual(await askStatus(path), STATUS);
});

const GARBAGE: readonly [string, string | Uint8Array][] = [
  ['random bytes', Uint8Array.from({ length: 4_096 }, (_, i) => (i * 167 + 13) % 256)],
  ['a TLS greeting', Uint8Array.of(22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3)],
  ['an endless line', 'A'.repeat(200_000)],
  ['endless headers', `GET /status HTTP/1.1\r\n${'a: b\r\n'.repeat(20_000)}`],
  ['a broken length', 'POST /reload HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
  ['two lengths', 'POST /reload HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
];

for (const [what, bytes] of GARBAGE) {
  test(`${what} on the socket are refused, and the next one is answered`, async (t) => {
    const { path, reloads } = await openHere(t);
    assert.match(await sendRaw(t, path, bytes), /^HTTP\/1.1 4\d\d |^$/);
    assert.deepEqual(await askStatus(path), STATUS);
    assert.equal(reloads(), 0);
  });
}

test('a body without end is not read: the answer comes, the connection goes', async (t) => {
  const { path, reloads } = await openHere(t);
  const head = 'POST /reload HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000000\r\n\r\n';
  assert.match(await sendRaw(t, path, `${head}${'x'.repeat(100_000)}`), /^HTTP\/1.1 202 /);
  assert.equal(reloads(), 1);
  assert.deepEqual(await askStatus(path), STATUS);
});

test('requests that stay half do not keep others out', async (t) => {
  const { path } = await openHere(t);
  for (let i = 0; i < 10; i++) {
    const socket = createConnection(path);
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.on('error', () => {}).write('GET /sta');
    t.after(() => socket.destroy());
  }
  assert.deepEqual(await askStatus(path), STATUS);
});

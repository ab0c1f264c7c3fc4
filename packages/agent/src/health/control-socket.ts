/**
 * The local door to a running agent: HTTP over a Unix socket that only its own user may open.
 *
 *   GET  /status                     → AgentStatus as JSON
 *   POST /reload                     → asks for the rules now, 202
 *   POST /quarantine/replay?id=1&…   → what became of each entry: { "1": QuarantineOutcome }
 *   POST /quarantine/drop?id=1&…     → the same
 *   POST /buffer/repair              → RepairReport
 *   GET  /syslog-profile?seconds=60  → SyslogProfile, after that time; over when the client goes
 *
 * Whatever comes in, the agent goes on: requests have no bodies that matter, little time and
 * few connections.
 */
import { chmodSync, type Stats } from 'node:fs';
import { lstat, unlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import { AgentError, reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import { makeDirectory } from '../host/make-directory.ts';
import { type BooksAtWork, changeBooks } from './books-at-work.ts';
import type { AgentStatus } from './status.ts';

export interface ControlSocketOptions {
  /** Tried in this order; the first that can be opened is used. */
  readonly paths: readonly [string, ...string[]];
  readonly log: Log;
  status(): AgentStatus;
  reload(): void;
  readonly books: BooksAtWork;
  /** Resolves when the time is over or the signal aborts. */
  profileSyslog(forMs: number, signal: AbortSignal): Promise<object>;
}

export interface ControlSocket {
  readonly path: string;
  /** Resolves when nobody waits for a profile any more; each has to end by itself. */
  answered(): Promise<void>;
  /** Breaks off what is under way and removes the socket. Twice is harmless. */
  close(): Promise<void>;
}

const REQUEST_MS_MAX = 5_000;
const CONNECTIONS_MAX = 32;
const KNOWN_REQUESTS =
  'known requests: GET /status; POST /reload, /quarantine/replay, /quarantine/drop, /buffer/repair; ' +
  'GET /syslog-profile?seconds=60';
const PROFILE_SECONDS_MAX = 3_600;
const SOCKET_MODE = 0o600;
/** Longest path of a socket, in bytes. Source: unix(7), `sun_path` less its final zero. */
const PATH_BYTES_MAX = 107;

/** Throws `LISTEN_FAILED` for the last of the paths, also when another agent answers there. */
export async function openControlSocket(options: ControlSocketOptions): Promise<ControlSocket> {
  let failure: unknown;
  for (const path of options.paths) {
    try {
      return await openAt(path, options);
    } catch (error) {
      failure = error;
      options.log.debug({ path, reason: reasonOf(error) }, 'no control socket here');
    }
  }
  throw failure;
}

async function openAt(path: string, options: ControlSocketOptions): Promise<ControlSocket> {
  try {
    if (Buffer.byteLength(path) > PATH_BYTES_MAX) {
      throw new Error(
        `its path is longer than ${PATH_BYTES_MAX} bytes; name a shorter one with --control-socket`,
      );
    }
    makeDirectory(dirname(path), 0o750);
    await removeStale(path);
    const profiles = new Set<Promise<void>>();
    const server = await listen(path, options, profiles);
    const answered = async (): Promise<void> => void (await Promise.all(profiles));
    return { path, answered, close: () => close(server) };
  } catch (cause) {
    const message = `the control socket ${path} cannot be opened: ${reasonOf(cause)}`;
    throw new AgentError('LISTEN_FAILED', message, { cause });
  }
}

async function listen(
  path: string,
  options: ControlSocketOptions,
  profiles: Set<Promise<void>>,
): Promise<Server> {
  const server = createServer(
    {
      requestTimeout: REQUEST_MS_MAX,
      headersTimeout: REQUEST_MS_MAX,
      connectionsCheckingInterval: REQUEST_MS_MAX / 5,
    },
    (request, response) => answer(request, response, options, profiles),
  );
  server.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.on('error', (error) => {
    options.log.warn({ path, reason: reasonOf(error) }, 'the control socket reports an error');
  });
  try {
    chmodSync(path, SOCKET_MODE);
  } catch (error) {
    await close(server);
    throw error;
  }
  return server;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** A socket that a killed agent left behind has nobody listening; anything else is left alone. */
async function removeStale(path: string): Promise<void> {
  const entry = await lstat(path).catch((error: NodeJS.ErrnoException): Stats | undefined => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (entry === undefined) return;
  if (!entry.isSocket()) throw new Error('the file that is there is not a socket');
  if (await isListenedOn(path)) throw new Error('another agent answers there; stop it first');
  await unlink(path);
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createConnection(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    // Anything but a plain refusal, such as a full backlog, means somebody may be there.
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: ControlSocketOptions,
  profiles: Set<Promise<void>>,
): void {
  const { status, reload, books, log } = options;
  request.resume();
  try {
    if (request.url === '/status' && request.method === 'GET') {
      send(response, 200, status());
    } else if (request.url === '/reload' && request.method === 'POST') {
      reload();
      send(response, 202, {});
    } else if (request.url?.startsWith('/syslog-profile?') && request.method === 'GET') {
      const profile = answerProfile(request.url, response, options);
      profiles.add(profile);
      void profile.then(() => profiles.delete(profile));
    } else {
      const changed = request.method === 'POST' ? changeBooks(books, request.url ?? '') : undefined;
      if (changed !== undefined) send(response, 200, changed);
      else send(response, 404, { error: KNOWN_REQUESTS });
    }
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, 'a request on the control socket cannot be answered');
    send(response, 503, { error: reasonOf(error) });
  }
}

/** Never rejects; resolves when the answer is on its way, or nobody waits for it. */
async function answerProfile(
  target: string,
  response: ServerResponse,
  { profileSyslog }: ControlSocketOptions,
): Promise<void> {
  const seconds = Number(new URL(target, 'http://agent').searchParams.get('seconds'));
  if (!(seconds > 0 && seconds <= PROFILE_SECONDS_MAX)) {
    send(response, 400, { error: `seconds must be from 1 to ${PROFILE_SECONDS_MAX}` });
    return;
  }
  const gone = new AbortController();
  const closed = new Promise<void>((resolve) => response.once('close', resolve));
  void closed.then(() => gone.abort());
  try {
    send(response, 200, await profileSyslog(seconds * 1_000, gone.signal));
  } catch (error) {
    send(response, 409, { error: reasonOf(error) });
  }
  await closed;
}

/** One answer per connection: whoever goes on sending is not listened to. */
function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(text);
}

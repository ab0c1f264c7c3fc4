/** Proxies of others, run as daemons of a test's own: squid and tinyproxy, on free ports. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pollUntil } from './processes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NCSA = '/usr/lib/squid/basic_ncsa_auth';

export interface RealProxy {
  /** `host:port` */
  readonly address: string;
  /** Lines of its access log so far. */
  accessLog(): Promise<readonly string[]>;
  /** SIGTERM, and waits; it writes of its last tunnels then. */
  stop(): Promise<void>;
}

export interface SquidOptions {
  /** Names that only the proxy knows, all of this machine. */
  readonly names: readonly string[];
  /** Those of them that may be connected to. */
  readonly allowed: readonly string[];
  readonly user: string;
  readonly password: string;
}

/** Why there can be none, or `false`. */
export function lacks(command: 'squid' | 'tinyproxy'): string | false {
  return spawnSync(command, ['-v']).error === undefined ? false : `${command} is not installed`;
}

/** Basic authentication and an allow-list. Lines of its log: method, target, status, user. */
export async function startSquid(t: TestContext, options: SquidOptions): Promise<RealProxy> {
  const folder = await folderForAnyone();
  const port = await freePort();
  const at = (name: string): string => join(folder, name);
  // A hash that helper knows, and that needs no program to make.
  const hash = createHash('md5').update(options.password).digest('hex');
  await writeFile(at('users'), `${options.user}:${hash}\n`);
  await writeFile(at('hosts'), options.names.map((name) => `127.0.0.1 ${name}\n`).join(''));
  await writeFile(
    at('squid.conf'),
    `http_port 127.0.0.1:${port}
visible_hostname proxy.test
hosts_file ${at('hosts')}
pid_filename ${at('squid.pid')}
coredump_dir ${folder}
cache deny all
cache_log ${at('cache.log')}
logformat told %rm %ru %>Hs %un
access_log stdio:${at('access.log')} told
buffered_logs off
netdb_filename none
shutdown_lifetime 0 seconds
auth_param basic program ${NCSA} ${at('users')}
auth_param basic children 1 startup=1 idle=1
acl known proxy_auth REQUIRED
acl allowed dstdomain ${options.allowed.join(' ')}
http_access deny !known
http_access allow known allowed
http_access deny all
`,
  );
  const daemon = spawn('squid', ['-N', '-f', at('squid.conf')], { stdio: 'ignore' });
  return running(t, daemon, port, at('access.log'), at('cache.log'));
}

/** Without authentication. Lines of its log name every CONNECT. */
export async function startTinyproxy(t: TestContext): Promise<RealProxy> {
  const folder = await folderForAnyone();
  const port = await freePort();
  const log = join(folder, 'tinyproxy.log');
  const config = join(folder, 'tinyproxy.conf');
  await writeFile(
    config,
    `Port ${port}
Listen 127.0.0.1
Allow 127.0.0.1
Timeout 600
MaxClients 50
LogFile "${log}"
LogLevel Connect
PidFile "${join(folder, 'tinyproxy.pid')}"
`,
  );
  const daemon = spawn('tinyproxy', ['-d', '-c', config], { stdio: 'ignore' });
  return running(t, daemon, port, log, log);
}

async function running(
  t: TestContext,
  daemon: ChildProcess,
  port: number,
  accessLog: string,
  ownLog: string,
): Promise<RealProxy> {
  const ended = once(daemon, 'exit');
  const stop = async (): Promise<void> => {
    daemon.kill('SIGTERM');
    await ended;
  };
  t.after(stop);
  const readLog = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const isUp = await pollUntil(
    () => isListening(port),
    (up) => up || daemon.exitCode !== null,
  );
  if (!isUp) throw new Error(`the proxy did not start\n${await readLog(ownLog)}`);
  return {
    address: `127.0.0.1:${port}`,
    accessLog: async () => (await readLog(accessLog)).split('\n').filter((line) => line !== ''),
    stop,
  };
}

/** A daemon that root starts runs as somebody else. */
async function folderForAnyone(): Promise<string> {
  const parent = await temporaryFolder();
  await chmod(parent, 0o755);
  const folder = join(parent, 'proxy');
  await mkdir(folder);
  await chmod(folder, 0o777);
  return folder;
}

/** These daemons take no port 0 and tell of none. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

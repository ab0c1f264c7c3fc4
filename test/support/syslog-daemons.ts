/**
 * rsyslogd and syslog-ng, each run as a process of a test's own, with a drop-in as the command
 * prints it. What they are to forward, a test sends them over TCP, so that none is lost before.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createConnection, type Socket } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './free-port.ts';
import { pollUntil, runCommand } from './processes.ts';

export type SyslogDaemonName = 'rsyslog' | 'syslog-ng';

/** Debian's packages of the two exclude each other, so one may be unpacked somewhere. */
const PROGRAMS: Readonly<Record<SyslogDaemonName, string>> = {
  rsyslog: process.env.RSYSLOGD ?? 'rsyslogd',
  'syslog-ng': process.env.SYSLOG_NG ?? 'syslog-ng',
};

/** Why the daemon cannot be run, or `false`. */
export function lacksDaemon(name: SyslogDaemonName): string | false {
  const { error } = spawnSync(PROGRAMS[name], [name === 'rsyslog' ? '-v' : '--version']);
  const advice = 'CONTRIBUTING.md tells how to have both daemons';
  return error === undefined ? false : `${PROGRAMS[name]} is not installed; ${advice}`;
}

/** With it, commands find the daemons that the tests run. */
export function daemonEnvironment(): NodeJS.ProcessEnv {
  const folders = Object.values(PROGRAMS).map(dirname);
  const own = folders.filter((folder) => folder !== '.');
  return { PATH: [...own, process.env.PATH ?? ''].join(delimiter) };
}

export interface DaemonFiles {
  readonly folder: string;
  readonly mainConfiguration: string;
  readonly dropIn: string;
  /** Where it takes messages. */
  readonly inputPort: number;
}

/** The daemon's own configuration, with the drop-in of the command for an agent at this port. */
export async function writeDaemonFiles(
  name: SyslogDaemonName,
  folder: string,
  agentPort: number,
): Promise<DaemonFiles> {
  const inputPort = await freePort();
  const dropIns = join(folder, 'conf.d');
  await mkdir(join(folder, 'queue'), { recursive: true });
  await mkdir(dropIns);
  const mainConfiguration = join(folder, `${name}.conf`);
  const dropIn = join(dropIns, 'dcr-agent.conf');
  await writeFile(mainConfiguration, MAIN[name](folder, dropIns, inputPort));
  const { code, stdout, stderr } = await runCommand('agent', [
    ...['syslog-config', 'print', name, '--address', `127.0.0.1:${agentPort}`],
    ...['--queue-dir', join(folder, 'queue'), '--main-config', mainConfiguration],
  ]);
  if (code !== 0) throw new Error(`nothing is printed: ${code} ${stderr}`);
  await writeFile(dropIn, stdout);
  return { folder, mainConfiguration, dropIn, inputPort };
}

const MAIN = {
  rsyslog: (folder: string, dropIns: string, port: number) => `global(workDirectory="${folder}")
module(load="imtcp")
input(type="imtcp" address="127.0.0.1" port="${port}")
include(file="${dropIns}/*.conf")
`,
  'syslog-ng': (folder: string, dropIns: string, port: number) => `@version: current
options { use-dns(no); keep-hostname(yes); stats-freq(0); };
source s_local {
  unix-dgram("${folder}/log");
  network(ip("127.0.0.1") port(${port}) flags(syslog-protocol));
  internal();
};
@include "${dropIns}/*.conf"
`,
};

export interface SyslogDaemon {
  readonly inputPort: number;
  /** What it wrote to stderr. */
  complaints(): string;
  /** A connection to send messages on. */
  connect(): Promise<Socket>;
}

/** Resolves when it takes messages; stopped when the test ends. */
export async function startDaemon(
  t: TestContext,
  name: SyslogDaemonName,
  { folder, mainConfiguration, inputPort }: DaemonFiles,
): Promise<SyslogDaemon> {
  const at = (file: string): string => join(folder, file);
  const args = {
    rsyslog: ['-n', '-f', mainConfiguration, '-i', at('pid')],
    'syslog-ng': [
      ...['-F', '--no-caps', '-f', mainConfiguration],
      ...['-R', at('persist'), '-p', at('pid'), '-c', at('ctl')],
    ],
  };
  const daemon = spawn(PROGRAMS[name], args[name], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  daemon.stderr.on('data', (text: Buffer) => {
    complaints += text.toString();
  });
  t.after(() => stop(daemon));
  const isUp = await pollUntil(
    () => isOpen(inputPort),
    (up) => up || daemon.exitCode !== null,
  );
  if (!isUp) throw new Error(`${name} did not start\n${complaints}`);
  return {
    inputPort,
    complaints: () => complaints,
    async connect() {
      const socket = createConnection(inputPort, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  };
}

async function stop(daemon: ChildProcess): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return;
  const ended = once(daemon, 'exit');
  daemon.kill('SIGKILL');
  await ended;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

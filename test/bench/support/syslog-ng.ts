/** syslog-ng at the same work: messages over TCP, JSON in requests to an ingestion service. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../support/free-port.ts';

export interface SyslogNg {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Its version, or `undefined` where it, or its module for HTTP, is not installed. */
export function syslogNgVersion(): string | undefined {
  try {
    const text = execFileSync('syslog-ng', ['--version'], { encoding: 'utf8' });
    return /\bhttp\b/.test(text) ? /Installer-Version: (\S+)/.exec(text)?.[1] : undefined;
  } catch {
    return undefined;
  }
}

/** `isDurable`: with its reliable disk buffer. Bodies are JSON arrays, not compressed. */
export async function startSyslogNg(
  folder: string,
  url: string,
  isDurable: boolean,
): Promise<SyslogNg> {
  const port = await freePort();
  const config = join(folder, 'syslog-ng.conf');
  writeFileSync(config, configuration({ port, url, folder, isDurable }));
  const file = (name: string): string => join(folder, name);
  const daemon = spawn(
    'syslog-ng',
    [
      ...['-F', '--no-caps', '-f', config, '-R', file('persist'), '-p', file('pid')],
      ...['-c', file('ctl')],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  await untilOpen(port);
  return {
    pid: daemon.pid!,
    port,
    async stop() {
      if (daemon.exitCode !== null) return;
      daemon.kill();
      await once(daemon, 'exit');
    },
  };
}

interface Work {
  readonly port: number;
  readonly url: string;
  readonly folder: string;
  readonly isDurable: boolean;
}

function configuration({ port, url, folder, isDurable }: Work): string {
  const buffer = isDurable
    ? `disk-buffer(reliable(yes) mem-buf-size(64M) disk-buf-size(2G) dir("${folder}"))`
    : 'log-fifo-size(200000)';
  const fields = 'TimeGenerated=$R_ISODATE EventTime=$S_ISODATE Host=$HOST HostIP=$SOURCEIP';
  const rest = 'ident=$PROGRAM ProcessId=$PID Facility=$FACILITY Severity=$LEVEL Message=$MESSAGE';
  return `@version: current
options { stats-freq(0); use-dns(no); keep-hostname(yes); dns-cache(no); };
source s {
  network(transport(tcp) ip("127.0.0.1") port(${port}) flags(syslog-protocol)
    max-connections(10) log-iw-size(100000) log-fetch-limit(1000));
};
destination d {
  http(url("${url}") method("POST") headers("Content-Type: application/json")
    body("$(format-json ${fields} ${rest})")
    body-prefix("[") delimiter(",") body-suffix("]")
    batch-lines(3000) batch-bytes(950Kb) batch-timeout(500) workers(4) ${buffer});
};
log { source(s); destination(d); flags(flow-control); };
`;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = createConnection(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await delay(100);
  }
  throw new Error('syslog-ng does not listen');
}

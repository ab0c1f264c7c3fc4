/** The syslog daemons that can be pointed at the agent, and where their files are. */
import { posix } from 'node:path';

export const DAEMON_NAMES = ['rsyslog', 'syslog-ng'] as const;

export type DaemonName = (typeof DAEMON_NAMES)[number];

export interface DaemonFacts {
  /** Where what `print` says belongs. */
  readonly dropIn: string;
  readonly mainConfiguration: string;
  readonly program: string;
  /** Reads a configuration, says what is wrong with it, and ends with 0 if nothing is. */
  syntaxCheck(configuration: string): readonly string[];
  readonly restart: string;
}

export const DAEMONS: Readonly<Record<DaemonName, DaemonFacts>> = {
  rsyslog: {
    dropIn: '/etc/rsyslog.d/60-dcr-agent.conf',
    mainConfiguration: '/etc/rsyslog.conf',
    program: 'rsyslogd',
    syntaxCheck: (configuration) => ['-N1', '-f', configuration],
    restart: 'systemctl restart rsyslog',
  },
  'syslog-ng': {
    dropIn: '/etc/syslog-ng/conf.d/dcr-agent.conf',
    mainConfiguration: '/etc/syslog-ng/syslog-ng.conf',
    program: 'syslog-ng',
    syntaxCheck: (configuration) => ['--syntax-only', '--cfgfile', configuration],
    restart: 'systemctl restart syslog-ng',
  },
};

/** Where a daemon sends to. */
export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

export function addressText({ host, port }: TcpAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** `127.0.0.1:28330`, `[::1]:514`, `collector:514`; `undefined` for anything else. */
export function parseAddress(text: string): TcpAddress | undefined {
  const [, six, name, digits] = /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = six ?? name;
  const port = Number(digits);
  return host !== undefined && port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/**
 * An absolute path other than the root, without what is needless in it. It comes to stand in a
 * file of another program, so what has to be quoted there is refused: `undefined`.
 */
export function parseQueueFolder(text: string): string | undefined {
  if (!/^\/[^"'\\\s\p{Cc}]*$/u.test(text)) return undefined;
  const folder = posix.normalize(text).replace(/\/$/, '');
  return folder === '' ? undefined : folder;
}

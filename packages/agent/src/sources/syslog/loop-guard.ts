/**
 * Messages that would go in circles: each makes the agent or the daemon that forwards to it write
 * another one. They are the agent's own log, and what the daemon on this machine says of its
 * connection to the agent:
 *
 *     rsyslogd: action 'action-8-builtin:omfwd' suspended (module 'builtin:omfwd'), retry 0. …
 *     rsyslogd: cannot connect to 127.0.0.1:28330: Connection refused …
 *     syslog-ng[612]: Connection failed; fd='13', server='AF_INET(127.0.0.1:28330)', …
 *
 * rsyslog's word of a suspended action names no address, so any of its forwarders is meant. What
 * daemons on other machines say is collected. The kernel leaves messages of these programs to be
 * asked for here: `kernel/syslog/loop.ts`.
 */
import type { SyslogRecord } from '../../record.ts';
import type { RefusalOf } from './message/message.ts';

const OWN_MESSAGE = 'own message';
const OWN_FORWARDER = "forwarder's own trouble";

const AGENT = 'dcr-agent';
const FORWARDERS: ReadonlySet<string> = new Set(['rsyslogd', 'syslog-ng']);
const IDENTS_BYTES: ReadonlySet<number> = new Set(
  [AGENT, ...FORWARDERS].map((name) => name.length),
);
/** Source: what rsyslog says of an action that it suspends or resumes; not taken from its code. */
const SUSPENSION = /^action '[^']*' (?:suspended|resumed)\b.*\b(?:omfwd|omuxsock)\b/s;

export interface LoopGuardOptions {
  /** Process id of the agent. */
  readonly processId: string;
  /** Where the agent listens, now: ports, and paths of sockets. */
  ports(): readonly number[];
  paths(): readonly string[];
}

export function loopGuard({ processId, ports, paths }: LoopGuardOptions): RefusalOf {
  const isOwnPlace = (text: string): boolean =>
    ports().some((port) => new RegExp(`:${port}(?!\\d)`).test(text)) ||
    paths().some((path) => text.includes(path));

  return (record) => {
    const { bytes, parts } = record;
    if (!IDENTS_BYTES.has(parts.identEnd - parts.identStart) || !isLocal(record)) return undefined;
    const ident = bytes.toString('latin1', parts.identStart, parts.identEnd);
    if (ident === AGENT) {
      const id = bytes.toString('latin1', parts.processIdStart, parts.processIdEnd);
      return id === '' || id === processId ? OWN_MESSAGE : undefined;
    }
    if (!FORWARDERS.has(ident)) return undefined;
    const text = bytes.toString('utf8', parts.messageStart, parts.messageEnd).trimStart();
    return SUSPENSION.test(text) || isOwnPlace(text) ? OWN_FORWARDER : undefined;
  };
}

/** From this machine's own daemon, which hands on what it says itself and what it was told. */
function isLocal({ senderAddress }: SyslogRecord): boolean {
  return senderAddress === '' || senderAddress === '::1' || senderAddress.startsWith('127.');
}

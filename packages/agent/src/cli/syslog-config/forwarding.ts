/** What a drop-in that is installed makes its daemon do, as far as the agent depends on it. Pure. */
import { classicForwards } from './classic-forwarding.ts';
import type { DaemonName, TcpAddress } from './daemon.ts';
import { blockEnd, withoutComments, withoutStrings } from './plain-text.ts';

export interface Forwarding {
  /** `undefined`: nothing is forwarded over TCP. */
  readonly target: TcpAddress | undefined;
  /** What would lose messages, or keep them from coming; empty where all is well. */
  readonly faults: readonly string[];
}

/** Each forwarder in it, in the order of the text; one without a target where there is none. */
export function readForwardings(daemon: DaemonName, text: string): [Forwarding, ...Forwarding[]] {
  const plain = withoutComments(daemon, text);
  const read = daemon === 'rsyslog' ? readRsyslog : readSyslogNg;
  const [first = NOTHING, ...others] = read(plain, withoutStrings(daemon, plain));
  return [first, ...others];
}

const NOTHING: Forwarding = { target: undefined, faults: ['nothing in it forwards over TCP'] };

const ACTION = /\baction\s*\(((?:"(?:[^"\\]|\\.)*"|[^")])*)\)/gi;

function readRsyslog(plain: string, bare: string): Forwarding[] {
  const actions = [...plain.matchAll(ACTION)].map(({ 1: body = '', index }) => {
    const named = [...body.matchAll(/([\w.]+)\s*=\s*"([^"]*)"/g)].map(
      ({ 1: name = '', 2: value = '' }) => [name.toLowerCase(), value] as const,
    );
    return { index, parameters: new Map(named) };
  });
  return [...actions, ...classicForwards(bare)]
    .toSorted((a, b) => a.index - b.index)
    .filter(({ parameters }) => parameters.get('type')?.toLowerCase() === 'omfwd')
    .map(({ parameters }) => readAction(parameters));
}

/** Names and most values are in any case. */
function readAction(action: ReadonlyMap<string, string>): Forwarding {
  const is = (name: string, value: string): boolean => action.get(name)?.toLowerCase() === value;
  const faults: string[] = [];
  if (!is('protocol', 'tcp')) faults.push('it sends by UDP, which loses messages unseen');
  const hasQueue = /^(?:linkedlist|fixedarray|disk)$/i.test(action.get('queue.type') ?? '');
  if (!hasQueue || !action.has('queue.filename')) {
    faults.push('it has no queue on disk: messages are lost while the agent is away for long');
  } else if (!is('queue.saveonshutdown', 'on')) {
    faults.push('its queue is not saved: a restart of rsyslog loses what waits in memory');
  }
  if (!is('action.resumeretrycount', '-1')) {
    faults.push('it does not try for ever: messages are dropped while the agent is away');
  }
  return { target: targetOf(action.get('target'), action.get('port') ?? '514'), faults };
}

const DESTINATION = /\bdestination\s+"?([\w.-]+)"?\s*\{/g;

function readSyslogNg(plain: string, bare: string): Forwarding[] {
  return [...plain.matchAll(DESTINATION)]
    .filter(({ index }) => bare.startsWith('destination', index))
    .flatMap(({ 1: name = '', index }) => {
      const body = plain.slice(index, blockEnd(bare, index));
      return readDestination(name, body, plain) ?? [];
    });
}

/** `undefined` for one that sends nowhere, such as a file. */
function readDestination(name: string, body: string, text: string): Forwarding | undefined {
  const driver = /\b(network|syslog|tcp6?)\s*\(\s*"?([\w.:-]+)"?/.exec(body);
  if (driver === null) return undefined;
  const faults: string[] = [];
  const transport = /\btransport\s*\(\s*"?([\w-]+)"?\s*\)/.exec(body)?.[1] ?? 'tcp';
  if (transport === 'udp') faults.push('it sends by UDP, which loses messages unseen');
  if (!/\bdisk-buffer\s*\(/.test(body)) {
    faults.push('it has no queue on disk: messages are lost while the agent is away for long');
  } else if (!/\breliable\s*\(\s*"?yes"?\s*\)/.test(body)) {
    faults.push('its queue is not reliable: a crash of syslog-ng loses what waits in memory');
  }
  const isUsed = new RegExp(`\\bdestination\\s*\\(\\s*"?${name.replace(/\./g, '\\.')}"?\\s*\\)`);
  if (!isUsed.test(text)) faults.push(`no log statement sends anything to ${name}`);
  const port = /\bport\s*\(\s*"?(\d+)"?\s*\)/.exec(body)?.[1];
  return { target: targetOf(driver[2], port ?? (driver[1] === 'syslog' ? '601' : '514')), faults };
}

function targetOf(host: string | undefined, port: string): TcpAddress | undefined {
  return host === undefined ? undefined : { host, port: Number(port) };
}

/** Whether a daemon forwards to the agent as `print` would have it. */
import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, extname, join } from 'node:path';
import { NOT_ALLOWED } from '../ask-agent.ts';
import { type AgentAddress, tcpAddressesOf } from './agent-address.ts';
import { askDaemon } from './ask-daemon.ts';
import { addressText, DAEMONS, type DaemonName, type TcpAddress } from './daemon.ts';
import { discardOfEverything } from './discards.ts';
import { type Forwarding, readForwardings } from './forwarding.ts';
import { withoutComments } from './plain-text.ts';
import { isReached } from './reach.ts';

const CONNECT_MS_MAX = 2_000;

export interface Finding {
  readonly what: string;
  readonly where: string;
  readonly advice: string;
}

export interface CheckReport {
  readonly daemon: DaemonName;
  readonly file: string;
  /** Where the daemon sends to. */
  readonly target?: string;
  readonly findings: readonly Finding[];
  /** What could not be found out, and why. */
  readonly untold: readonly string[];
}

export interface CheckOptions {
  readonly daemon: DaemonName;
  readonly file: string;
  /** The file that includes it, which the daemon is asked about. */
  readonly mainConfiguration: string;
  readonly agent: AgentAddress;
  readonly env: NodeJS.ProcessEnv;
}

/** Changes nothing. Never rejects for what it finds. */
export async function checkForwarding(options: CheckOptions): Promise<CheckReport> {
  const { daemon, file, agent } = options;
  const findings: Finding[] = [];
  const untold: string[] = [];
  const text = await readIfPossible(file);
  let forwarding: Forwarding | undefined;
  if (text.is === 'absent') {
    findings.push({ what: 'it is not installed', where: file, advice: installAdvice(options) });
  } else if (text.is === 'unreadable') {
    untold.push(`${file} cannot be read: ${text.reason}`);
  } else {
    forwarding = await ours(readForwardings(daemon, text.text), agent);
    for (const what of forwarding.faults) {
      findings.push({ what, where: file, advice: installAdvice(options) });
    }
    await checkMain(options, findings, untold);
    if (daemon === 'rsyslog') await checkEarlier(file, findings, untold);
  }
  await checkAgent(options, forwarding?.target, findings, untold);
  const target = forwarding?.target;
  return { daemon, file, ...(target && { target: addressText(target) }), findings, untold };
}

/** The one that goes to where the agent listens; the first if none does. */
async function ours(
  forwardings: readonly [Forwarding, ...Forwarding[]],
  { address, found }: AgentAddress,
): Promise<Forwarding> {
  const configured = address === undefined ? [] : [address];
  const listening = found.status === undefined ? configured : tcpAddressesOf(found.status);
  for (const forwarding of forwardings) {
    if (await isReachedAt(listening, forwarding.target)) return forwarding;
  }
  return forwardings[0];
}

async function isReachedAt(
  listening: readonly TcpAddress[],
  target: TcpAddress | undefined,
): Promise<boolean> {
  if (target === undefined) return false;
  const answers = await Promise.all(listening.map((at) => isReached(at, target)));
  return answers.includes(true);
}

function installAdvice({ daemon, file }: CheckOptions): string {
  return `dcr-agent syslog-config print ${daemon} | sudo tee ${file}; sudo ${DAEMONS[daemon].restart}`;
}

async function checkMain(
  { daemon, file, mainConfiguration, env }: CheckOptions,
  findings: Finding[],
  untold: string[],
): Promise<void> {
  const main = await readIfPossible(mainConfiguration);
  if (main.is === 'text' && mainConfiguration !== file && !includes(daemon, main.text, file)) {
    findings.push({
      what: `it does not include ${file}`,
      where: mainConfiguration,
      advice: `include ${dirname(file)}/*.conf there, or put the drop-in where it looks`,
    });
  }
  const verdict = await askDaemon(daemon, mainConfiguration, env);
  if (verdict.is === 'unknown') untold.push(verdict.reason);
  if (verdict.is === 'refused') {
    findings.push({
      what: `${daemon} does not accept its configuration: ${verdict.words}`,
      where: mainConfiguration,
      advice: 'put right what it names, before it is restarted',
    });
  }
}

/** rsyslog reads the files of a folder by name; what one of them discards, later ones never get. */
async function checkEarlier(file: string, findings: Finding[], untold: string[]): Promise<void> {
  const [folder, name] = [dirname(file), basename(file)];
  const all = await readdir(folder).catch((error: Error) => {
    untold.push(`${folder} cannot be listed: ${error.message}`);
    return [];
  });
  const names = all.filter((each) => each < name && extname(each) === extname(name));
  for (const where of names.toSorted().map((each) => join(folder, each))) {
    const text = await readIfPossible(where);
    if (text.is === 'unreadable') untold.push(`${where} cannot be read: ${text.reason}`);
    const discard = text.is === 'text' ? discardOfEverything(text.text) : undefined;
    if (discard === undefined) continue;
    findings.push({
      what: `it discards every message (${discard}) before ${file} gets any`,
      where,
      advice: `take that out, or give ${name} a name that sorts before ${basename(where)}`,
    });
  }
}

/** By name or by folder, which may be relative to the main configuration. */
function includes(daemon: DaemonName, main: string, file: string): boolean {
  const lines = withoutComments(daemon, main).split('\n');
  const folder = `${basename(dirname(file))}/`;
  return lines.some(
    (line) => /\binclude/i.test(line) && (line.includes(file) || line.includes(folder)),
  );
}

async function checkAgent(
  { agent, daemon, file }: CheckOptions,
  target: TcpAddress | undefined,
  findings: Finding[],
  untold: string[],
): Promise<void> {
  const { status, refusals } = agent.found;
  if (status !== undefined) {
    const listening = tcpAddressesOf(status);
    if (listening.length === 0) findings.push(notListening());
    else if (target !== undefined && !(await isReachedAt(listening, target))) {
      const where = listening.map(addressText).join(', ');
      findings.push({
        what: `it sends to ${addressText(target)}, and the agent listens on ${where}`,
        where: file,
        advice: `dcr-agent syslog-config print ${daemon} has the address in use`,
      });
    }
    return;
  }
  if (refusals.some((refusal) => refusal.includes(NOT_ALLOWED))) {
    untold.push(`where the agent listens: ${refusals.join('; ')}`);
  } else {
    findings.push({
      what: 'no agent answers',
      where: refusals.join('; '),
      advice:
        'start it (dcr-agent run); --state-dir or --control-socket say which is meant. ' +
        'Until then messages wait in the queue of the daemon',
    });
  }
  if (target === undefined || (await isOpen(target))) return;
  findings.push({
    what: `nobody listens on ${addressText(target)}`,
    where: file,
    advice: 'start the agent; a rule that collects syslog makes it listen',
  });
}

function notListening(): Finding {
  return {
    what: 'the agent runs and does not listen over TCP',
    where: 'dcr-agent status',
    advice:
      'attach a rule that collects syslog, and see that sources.syslog.tcp names an address; ' +
      'what is failing, status tells',
  };
}

function isOpen({ host, port }: TcpAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS_MAX });
    const end = (isListening: boolean): void => {
      socket.destroy();
      resolve(isListening);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

type Reading =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'absent' }
  | { readonly is: 'unreadable'; readonly reason: string };

async function readIfPossible(path: string): Promise<Reading> {
  try {
    return { is: 'text', text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { is: 'absent' } : { is: 'unreadable', reason: message };
  }
}

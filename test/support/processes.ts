/**
 * The two commands as processes of their own, on free ports, with all they
 * leave behind in folders the caller gives. For tests over processes and for the demonstration.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type AgentStatus, askStatus } from '@dcr-agent/agent';
import { type AdminClient, createAdminClient } from '@dcr-agent/handlers';
import { AGENT_SOURCE, agentProgram, BUILT_AGENT } from './agent-program.ts';

const START_MS_MAX = 60_000;
/** A process that hangs must not hang its test. */
const STOP_MS_MAX = 20_000;

type PackageName = 'agent' | 'handlers';

/** For looking into an agent while it is measured, such as `--cpu-prof`. */
const NODE_ARGS = (process.env.AGENT_NODE_ARGS ?? '').split(' ').filter(Boolean);

const HANDLER_SOURCE = [
  '--conditions=dcr-agent-source',
  fileURLToPath(new URL('../../packages/handlers/src/main.ts', import.meta.url)),
];

export interface RunningProcess {
  readonly pid: number;
  /** What it wrote to stderr so far. */
  log(): string;
  /** Exit code, or the signal's name; resolves when it has ended. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, and what it ended with. */
  stop(): Promise<number | string>;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  readonly process: RunningProcess;
}

/** Starts a command of a package and waits for nothing. */
export function startCommand(
  packageName: PackageName,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string | Buffer,
): StartedCommand {
  const program = packageName === 'agent' ? agentProgram() : HANDLER_SOURCE;
  return start([...program, ...args], env, input);
}

function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  input?: string | Buffer,
): StartedCommand {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // A command may end without having read all of it.
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  // A process that outlives its parent would keep ports and folders.
  const killChild = (): void => void child.kill('SIGKILL');
  process.once('exit', killChild);
  void ended.finally(() => process.off('exit', killChild)).catch(() => {});
  return {
    child,
    process: {
      pid: child.pid!,
      log: () => log,
      ended,
      signal: (name) => void child.kill(name),
      stop: () => {
        child.kill('SIGTERM');
        const patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
        return ended.finally(() => clearTimeout(patience));
      },
    },
  };
}

export interface HandlerProcess extends RunningProcess {
  readonly url: string;
  readonly dataDirectory: string;
  readonly admin: AdminClient;
}

/** Resolves once it listens. */
export async function startHandlerProcess(
  dataDirectory: string,
  options: readonly string[] = [],
): Promise<HandlerProcess> {
  const args = ['serve', '--data', dataDirectory, '--port', '0', '--json', ...options];
  const { child, process: handler } = startCommand('handlers', args);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end >= 0) resolve((JSON.parse(text.slice(0, end)) as { url: string }).url);
    });
    void handler.ended.then((code) =>
      reject(new Error(`handler ended: ${code}\n${handler.log()}`)),
    );
  });
  const token = readFileSync(join(dataDirectory, 'admin.token'), 'utf8').trim();
  return { ...handler, url, dataDirectory, admin: createAdminClient({ url, token }) };
}

interface CommandResult {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of a package to its end. */
export function runCommand(
  packageName: PackageName,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input?: string | Buffer,
): Promise<CommandResult> {
  return resultOf(startCommand(packageName, args, env, input));
}

/** The same of what was built, and from source, whichever is newer. */
export function runBothAgents(args: readonly string[]): Promise<readonly CommandResult[]> {
  const programs = [BUILT_AGENT, AGENT_SOURCE];
  return Promise.all(programs.map((program) => resultOf(start([...program, ...args], {}))));
}

async function resultOf({ child, process: command }: StartedCommand): Promise<CommandResult> {
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const code = await command.ended;
  await closed;
  return { code, stdout, stderr: command.log() };
}

export interface AgentOptions {
  readonly stateDir: string;
  /** Base URL of the handler; rules and identity come from it. */
  readonly handlerUrl: string;
  /** Short name of the machine at the handler. */
  readonly machine: string;
  /** The rest of the configuration file, as the options are called there. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs what was built, as an operator does, not the source. */
  readonly isBuilt?: boolean;
}

export interface AgentProcess extends RunningProcess {
  readonly controlSocket: string;
  status(): Promise<AgentStatus>;
}

/** Resolves once its control socket answers. */
export async function startAgentProcess(options: AgentOptions): Promise<AgentProcess> {
  const agent = await launchAgentProcess(options);
  await agent.ready;
  return agent;
}

export interface LaunchedAgent extends AgentProcess {
  /** Once its control socket answers; rejects when it ends before, or never does. */
  readonly ready: Promise<void>;
}

/** Resolves as soon as the process is there, for those who will not let it get any further. */
export async function launchAgentProcess(options: AgentOptions): Promise<LaunchedAgent> {
  const { stateDir, handlerUrl, machine, config = {} } = options;
  const controlSocket = join(stateDir, 'control.sock');
  const configFile = `${stateDir}.yaml`;
  // JSON is YAML.
  await writeFile(
    configFile,
    JSON.stringify({ stateDir, controlSocket, control: { endpoint: handlerUrl }, ...config }),
  );
  const args = ['run', '--config', configFile];
  const identity = { AZURE_POD_IDENTITY_AUTHORITY_HOST: `${handlerUrl}/machines/${machine}` };
  const env = { ...identity, ...options.env };
  const { process: agent } = options.isBuilt
    ? start([...NODE_ARGS, ...BUILT_AGENT, ...args], env)
    : startCommand('agent', args, env);
  const ready = untilItAnswers(agent, controlSocket);
  ready.catch(() => {});
  return { ...agent, controlSocket, ready, status: () => askStatus(controlSocket) };
}

async function untilItAnswers(agent: RunningProcess, controlSocket: string): Promise<void> {
  let end: number | string | undefined;
  void agent.ended.then((code) => {
    end = code;
  });
  const deadline = performance.now() + START_MS_MAX;
  for (;;) {
    const status = await askStatus(controlSocket).catch(() => undefined);
    if (status?.processId === agent.pid) return;
    if (end !== undefined) throw new Error(`the agent ended: ${end}\n${agent.log()}`);
    if (performance.now() > deadline) {
      // Left running it would keep the test's own process from ending.
      agent.signal('SIGKILL');
      throw new Error(`no answer from the agent\n${agent.log()}`);
    }
    await delay(50);
  }
}

/**
 * Asks until the answer is right; what no promise of another process announces. Returns the last
 * answer when the time is over, so that the caller can say what is missing.
 */
export async function pollUntil<T>(
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (isRight(answer) || performance.now() > deadline) return answer;
    await delay(100);
  }
}

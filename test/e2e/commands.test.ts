/** The command as people and programs meet it: what it prints, where, and how it ends. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AgentStatus, askStatus, VERSION } from '@dcr-agent/agent';
import {
  type AgentProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
  startCommand,
} from '../support/processes.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MACHINE_NAME, type Stage, setStage } from '../support/two-workspaces.ts';

/** Without an environment that decides where the agent looks. */
const run = (...args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand('agent', args, { AZURE_POD_IDENTITY_AUTHORITY_HOST: '' });

test('--help names the commands, on stdout', async () => {
  const { code, stdout, stderr } = await run('--help');
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /^Usage: dcr-agent \[options\] \[command\]$/m);
  assert.match(stdout, /^ {2}run \[options\] +run the agent$/m);
  assert.match(stdout, /^ {2}status \[options\] +show what a running agent does$/m);
});

test('the help of every command ends with an example and knows its options', async () => {
  const [runHelp, statusHelp] = await Promise.all([run('run', '--help'), run('status', '--help')]);
  assert.deepEqual([runHelp.code, statusHelp.code], [0, 0]);
  assert.match(runHelp.stdout, /\nExample:\n {2}dcr-agent run --config .*\n$/);
  assert.match(statusHelp.stdout, /\nExample:\n {2}dcr-agent status .*\n$/);
  for (const option of ['--config <file>', '--state-dir <folder>', '--rules <folder>']) {
    assert.ok(runHelp.stdout.includes(option), option);
  }
  assert.match(runHelp.stdout, /SIGHUP looks for rules now/);
  assert.match(statusHelp.stdout, /69 when no agent answers/);
});

test('--version is the version alone', async () => {
  const { code, stdout } = await run('--version');
  assert.deepEqual([code, stdout], [0, `${VERSION}\n`]);
});

for (const [args, words] of [
  [[], /^Usage: dcr-agent/],
  [['bogus'], /^error: unknown command 'bogus'/],
  [['run', '--bad'], /^error: unknown option '--bad'/],
  [['run', '--stat-dir', 'x'], /Did you mean --state-dir\?/],
  [['run', '--state-dir'], /^error: option '--state-dir <folder>' argument missing/],
  [['status', 'extra'], /^error: too many arguments for 'status'/],
] as const) {
  test(`dcr-agent ${args.join(' ')}: a wrong command line is told on stderr`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.deepEqual([code, stdout], [64, '']);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, / at .*\.ts:/);
  });
}

test('a configuration that is wrong is told with file, line and column', async (t) => {
  const file = join(await temporaryFolder(t), 'agent.yaml');
  const wrong = async (text: string): Promise<string> => {
    writeFileSync(file, text);
    const { code, stdout, stderr } = await run('run', '--config', file);
    assert.deepEqual([code, stdout], [78, '']);
    assert.doesNotMatch(stderr, / at .*\.ts:/);
    return stderr;
  };
  assert.ok((await wrong('stateDir: x\nlog: [a')).includes(`${file}:2:`));
  const both = await wrong('stateDir: x\nlog:\n  level: loud\nstateDirr: y\n');
  assert.ok(both.includes(`${file}:3:3: `), both);
  assert.ok(both.includes(`${file}:4:1: `), both);
  assert.match(both, /one of debug, info, warn, error/);
  const missing = await run('run', '--config', `${file}.missing`);
  assert.equal(missing.code, 78);
  assert.match(missing.stderr, /agent\.yaml\.missing: there is no such file/);
});

test('status without an agent says what to do', async (t) => {
  const folder = await temporaryFolder(t);
  const { code, stdout, stderr } = await run('status', '--state-dir', folder);
  assert.deepEqual([code, stdout], [69, '']);
  assert.ok(stderr.includes(`${folder}/control.sock: there is no such socket`), stderr);
  assert.match(stderr, /Start one with `dcr-agent run`, or say which with --state-dir/);
});

/** Whatever answers so on a control socket. */
async function pretendAgent(t: TestContext, answer: object): Promise<string> {
  const path = join(await temporaryFolder(t), 'control.sock');
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  return path;
}

const STATUS: AgentStatus = {
  version: '0',
  processId: 1,
  startedAtMs: 0,
  stateDir: '/elsewhere',
  machine: { resourceId: '', region: '' },
  rules: {},
  skipped: [],
  refusedQueries: [],
  sources: [],
  lanes: [],
  ledger: [],
  isBalanced: true,
  buffer: { diskBytes: 0, quotaBytes: 1, destinations: [] },
};

test('status ends with 1 when the ledger does not balance', async (t) => {
  const path = await pretendAgent(t, { ...STATUS, isBalanced: false });
  const table = await run('status', '--control-socket', path);
  assert.deepEqual([table.code, table.stderr], [1, '']);
  assert.match(table.stdout, /^THE LEDGER DOES NOT BALANCE$/m);
  const json = await run('status', '--json', '--control-socket', path);
  assert.deepEqual([json.code, JSON.parse(json.stdout).isBalanced], [1, false]);
});

test('status of a state directory does not show the agent of another one', async (t) => {
  const path = await pretendAgent(t, STATUS);
  const { code, stdout, stderr } = await run('status', '--state-dir', join(path, '..'));
  assert.deepEqual([code, stdout], [69, '']);
  assert.match(stderr, /control\.sock: the agent of \/elsewhere answers, not of /);
});

test('something else on the socket is not taken for an agent', async (t) => {
  const path = await pretendAgent(t, { hello: 'world' });
  const { code, stderr } = await run('status', '--control-socket', path);
  assert.equal(code, 69);
  assert.ok(stderr.includes(`${path}: this is not an agent`), stderr);
});

const SYSLOG_RULE = {
  dataSources: {
    syslog: [
      {
        name: 'syslog',
        streams: ['Microsoft-Syslog'],
        facilityNames: ['*'],
        logLevels: ['Error'],
      },
    ],
  },
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one', 'two'] }],
};

async function startAgent(stage: Stage, config: object = {}): Promise<AgentProcess> {
  const agent = await startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: { sources: { syslog: { tcp: ['127.0.0.1:0'] } }, ...config },
  });
  const inForce = ({ sources }: AgentStatus): boolean => sources.length === 2;
  assert.ok(inForce(await pollUntil(() => agent.status(), inForce)), agent.log());
  return agent;
}

test('a running agent is asked, signalled, not disturbed, and ends with 0', async (t) => {
  const stage = await setStage(t, SYSLOG_RULE);
  const agent = await startAgent(stage, { control: { endpoint: stage.handler.url } });
  t.after(() => agent.stop());
  const { controlSocket } = agent;
  const stateDir = join(stage.folder, 'agent');

  const table = await run('status', '--control-socket', controlSocket);
  assert.deepEqual([table.code, table.stderr], [0, '']);
  assert.match(table.stdout, /^syslog +reading .*tcp=127\.0\.0\.1:\d+/m);
  assert.match(table.stdout, /^the ledger balances/m);
  const json = await run('status', '--json', '--state-dir', stateDir);
  assert.equal(json.code, 0, json.stderr);
  assert.equal((JSON.parse(json.stdout) as AgentStatus).processId, agent.pid);

  await t.test('a reader that closes the pipe is no crash', async () => {
    const { child, process } = startCommand('agent', [
      ...['status', '--json', '--control-socket', controlSocket],
    ]);
    child.stdout!.destroy();
    assert.deepEqual([await process.ended, process.log()], [0, '']);
  });

  await t.test('SIGHUP asks for rules at once', async () => {
    const lastSuccess = async (): Promise<number> =>
      (await agent.status()).rules.lastSuccessAtMs as number;
    const before = await lastSuccess();
    agent.signal('SIGHUP');
    assert.ok((await pollUntil(lastSuccess, (atMs) => atMs > before)) > before);
  });

  await t.test('a second agent on the state directory is refused', async () => {
    const second = await run(
      ...['run', '--state-dir', stateDir],
      ...['--control-socket', join(stage.folder, 'second.sock')],
    );
    assert.deepEqual([second.code, second.stdout], [69, '']);
    assert.match(second.stderr, new RegExp(`Another agent \\(process ${agent.pid}\\) uses `));
    assert.doesNotMatch(second.stderr, / at .*\.ts:/);
  });

  await t.test('a second agent on the control socket is refused', async () => {
    const second = await run(
      ...['run', '--state-dir', join(stage.folder, 'second'), '--rules', stage.folder],
      ...['--control-socket', controlSocket, '--machine-region', 'local'],
      ...['--machine-resource-id', '/subscriptions/s/machines/m'],
    );
    assert.deepEqual([second.code, second.stdout], [69, '']);
    assert.match(second.stderr, /another agent answers there; stop it first/);
  });

  assert.equal((await askStatus(controlSocket)).processId, agent.pid, 'the first one goes on');
  assert.equal(await agent.stop(), 0);
  assert.equal(existsSync(controlSocket), false);
});

test('SIGTERM ends the agent with 0 while the server is dead', async (t) => {
  const stage = await setStage(t, SYSLOG_RULE);
  const agent = await startAgent(stage, { shutdown: { timeoutSeconds: 1 } });
  await stage.handler.stop();
  const hasPending = ({ ledger }: AgentStatus): boolean => ledger.some((row) => row.buffered > 0);
  t.diagnostic(`pending: ${hasPending(await agent.status())}`);
  assert.equal(await agent.stop(), 0);
});

test('SIGTERM ends the agent with 0 while the server hangs; a second SIGINT does so at once', async (t) => {
  const stage = await setStage(t, SYSLOG_RULE);
  const hang = (): void => stage.handler.signal('SIGSTOP');
  t.after(() => stage.handler.signal('SIGCONT'));
  const first = await startAgent(stage, { shutdown: { timeoutSeconds: 1 } });
  hang();
  assert.equal(await first.stop(), 0);
  stage.handler.signal('SIGCONT');

  const second = await startAgent(stage, {
    shutdown: { timeoutSeconds: 3_600 },
    heartbeat: { intervalSeconds: 1 },
    delivery: { flushIntervalSeconds: 0.1 },
  });
  hang();
  const isUploading = ({ lanes }: AgentStatus): boolean =>
    lanes.some(({ inFlight }) => inFlight > 0);
  assert.ok(isUploading(await pollUntil(() => second.status(), isUploading)));
  second.signal('SIGINT');
  const stops = async (): Promise<boolean> => second.log().includes('the agent stops');
  assert.ok(await pollUntil(stops, (isSo) => isSo));
  second.signal('SIGINT');
  assert.equal(await second.ended, 130);
});

test('an agent whose log nobody reads any more goes on', async (t) => {
  const folder = await temporaryFolder(t);
  const controlSocket = join(folder, 'control.sock');
  const { child, process } = startCommand('agent', [
    ...['run', '--state-dir', join(folder, 'state'), '--rules', folder],
    ...['--control-socket', controlSocket, '--log-level', 'debug'],
    ...['--machine-resource-id', '/subscriptions/s/machines/m', '--machine-region', 'local'],
  ]);
  child.stderr!.destroy();
  const answers = (): Promise<AgentStatus | undefined> =>
    askStatus(controlSocket).catch(() => undefined);
  assert.equal((await pollUntil(answers, (s) => s !== undefined))?.processId, process.pid);
  // Every reload of a folder writes lines.
  writeFileSync(join(folder, 'broken.json'), '{');
  process.signal('SIGHUP');
  const isTold = (s: AgentStatus | undefined): boolean => s?.rules.lastFailure != null;
  assert.ok(isTold(await pollUntil(answers, isTold)));
  assert.equal(await process.stop(), 0);
});

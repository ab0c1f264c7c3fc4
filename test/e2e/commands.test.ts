/** The command as people and programs meet it: what it prints, where, and how it ends. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { type AgentStatus, askStatus, VERSION } from '@dcr-agent/agent';
import {
  type AgentProcess,
  pollUntil,
  runCommand,
  startAgentProcess,
  startCommand,
} from '../support/processes.ts';
import { QUIET_STATUS } from '../support/quiet-status.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { MACHINE_NAME, type Stage, setStage } from '../support/two-workspaces.ts';

/** Without an environment that decides where the agent looks. */
const run = (...args: readonly string[]): ReturnType<typeof runCommand> =>
  runCommand('agent', args, { AZURE_POD_IDENTITY_AUTHORITY_HOST: '' });

/** Whatever answers so on a control socket. */
async function pretendAgent(t: TestContext, answer: object): Promise<string> {
  const path = join(await temporaryFolder(), 'control.sock');
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  return path;
}

const STATUS: AgentStatus = { ...QUIET_STATUS, stateDir: '/elsewhere' };

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
  const inForce = ({ sources }: AgentStatus): boolean =>
    sources.some(({ key }) => key === 'syslog');
  assert.ok(inForce(await pollUntil(() => agent.status(), inForce)), agent.log());
  return agent;
}

/** What stopped a process cannot do is end; it goes on whatever becomes of the action. */
async function whileHanging(stage: Stage, action: () => Promise<void>): Promise<void> {
  stage.handler.signal('SIGSTOP');
  try {
    await action();
  } finally {
    stage.handler.signal('SIGCONT');
  }
}

describe('dcr-agent', { concurrency: 4 }, () => {
  test('help and version go to stdout, mistakes to stderr', async () => {
    const [help, runHelp, version, mistake] = await Promise.all([
      run('--help'),
      run('run', '--help'),
      run('--version'),
      run('run', '--bad'),
    ]);
    assert.deepEqual([help.code, help.stderr], [0, '']);
    assert.match(help.stdout, /^Usage: dcr-agent \[options\] \[command\]$/m);
    assert.deepEqual([runHelp.code, runHelp.stderr], [0, '']);
    assert.match(runHelp.stdout, /\nExample:\n {2}dcr-agent run /);
    assert.deepEqual(version, { code: 0, stdout: `${VERSION}\n`, stderr: '' });
    assert.deepEqual([mistake.code, mistake.stdout], [64, '']);
    assert.equal(mistake.stderr, "error: unknown option '--bad'\n(--help tells more)\n");
  });

  test('a configuration that is wrong is told with file, line and column', async () => {
    const folder = await temporaryFolder();
    const runWith = (name: string, text: string): ReturnType<typeof run> => {
      writeFileSync(join(folder, name), text);
      return run('run', '--config', join(folder, name));
    };
    const [syntax, values, missing] = await Promise.all([
      runWith('a.yaml', 'stateDir: x\nlog: [a'),
      runWith('b.yaml', 'stateDir: x\nlog:\n  level: loud\nstateDirr: y\n'),
      run('run', '--config', join(folder, 'c.yaml')),
    ]);
    for (const { code, stdout, stderr } of [syntax, values, missing]) {
      assert.deepEqual([code, stdout], [78, '']);
      assert.match(stderr, /^dcr-agent: the agent configuration cannot be used:\n/);
      assert.doesNotMatch(stderr, / at .*\.ts:/);
    }
    assert.ok(syntax.stderr.includes(`${folder}/a.yaml:2:`), syntax.stderr);
    assert.ok(values.stderr.includes(`${folder}/b.yaml:3:3: `), values.stderr);
    assert.ok(values.stderr.includes(`${folder}/b.yaml:4:1: `), values.stderr);
    assert.match(missing.stderr, /c\.yaml: there is no such file/);
  });

  test('status without an agent says what to do', async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await run('status', '--state-dir', folder);
    assert.deepEqual([code, stdout], [69, '']);
    assert.ok(stderr.includes(`${folder}/control.sock: there is no such socket`), stderr);
    assert.match(stderr, /If none runs, start one with `dcr-agent run`; --state-dir/);
  });

  test('status ends with 1 when the ledger does not balance', async (t) => {
    const path = await pretendAgent(t, { ...STATUS, isBalanced: false });
    const [table, json] = await Promise.all([
      run('status', '--control-socket', path),
      run('status', '--json', '--control-socket', path),
    ]);
    assert.deepEqual([table.code, table.stderr], [1, '']);
    assert.match(table.stdout, /^THE LEDGER DOES NOT BALANCE$/m);
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
    assert.equal(await agent.stop(), 0);
  });

  test('SIGTERM ends the agent with 0 while the server hangs', async (t) => {
    const stage = await setStage(t, SYSLOG_RULE);
    const agent = await startAgent(stage, { shutdown: { timeoutSeconds: 1 } });
    await whileHanging(stage, async () => assert.equal(await agent.stop(), 0));
  });

  test('an agent whose log nobody reads any more goes on', async () => {
    const folder = await temporaryFolder();
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
});

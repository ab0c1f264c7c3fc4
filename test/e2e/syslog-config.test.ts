/**
 * The commands around syslog, as an operator uses them: the drop-in is printed, checked and found
 * broken; a profile shows what comes. What needs a daemon skips, saying so, where there is none.
 */
import assert from 'node:assert/strict';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type LabAgent, openLaboratory } from '../support/laboratory.ts';
import { runCommand, startCommand } from '../support/processes.ts';
import {
  type DaemonFiles,
  daemonEnvironment,
  lacksDaemon,
  type SyslogDaemonName,
  writeDaemonFiles,
} from '../support/syslog-daemons.ts';
import { openSyslog, SYSLOG_RULE, syslogPort } from '../support/syslog-rule.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function startAgent(t: TestContext, rule: object = SYSLOG_RULE): Promise<LabAgent> {
  const lab = await openLaboratory(t, rule);
  const agent = await lab.startAgent();
  return agent;
}

interface CheckAnswer {
  readonly code: number | string;
  /** What is found wrong, one line each. */
  readonly findings: readonly string[];
  readonly untold: readonly string[];
}

async function check(
  name: SyslogDaemonName,
  { dropIn, mainConfiguration }: DaemonFiles,
  agent: LabAgent,
): Promise<CheckAnswer> {
  const { code, stdout } = await runCommand(
    'agent',
    [
      ...['syslog-config', 'check', name, '--json', '--file', dropIn],
      ...['--main-config', mainConfiguration, '--control-socket', agent.config.controlSocket!],
    ],
    daemonEnvironment(),
  );
  const { findings, untold } = JSON.parse(stdout) as {
    findings: { what: string }[];
    untold: string[];
  };
  return { code, findings: findings.map(({ what }) => what), untold };
}

for (const name of ['rsyslog', 'syslog-ng'] as const) {
  test(`${name} accepts what is printed, and what is wrong with it is found`, {
    skip: lacksDaemon(name),
  }, async (t) => {
    const agent = await startAgent(t);
    const port = await syslogPort(agent);
    const files = await writeDaemonFiles(name, await temporaryFolder(), port);
    const printed = await readFile(files.dropIn, 'utf8');
    const checked = (): Promise<CheckAnswer> => check(name, files, agent);
    assert.deepEqual(await checked(), { code: 0, findings: [], untold: [] });

    await appendFile(files.dropIn, '\n}} not a configuration\n');
    const [refused, ...others] = (await checked()).findings;
    assert.match(refused ?? '', /does not accept its configuration: .*\S/s);
    assert.deepEqual(others, []);

    await writeFile(files.dropIn, printed.replaceAll(/\b\d{4,5}\b(?="|\))/g, '9'));
    const elsewhere = await checked();
    assert.equal(elsewhere.code, 1);
    assert.match(
      elsewhere.findings.join('\n'),
      /sends to 127\.0\.0\.1:9, and the agent listens on/,
    );

    await rm(files.dropIn);
    assert.deepEqual((await checked()).findings, ['it is not installed']);

    await writeFile(files.dropIn, printed);
    await writeFile(files.mainConfiguration, MAIN_WITHOUT_DROP_INS[name]);
    assert.match((await checked()).findings.join('\n'), /does not include .*dcr-agent\.conf/);

    await agent.stop();
    assert.match(
      (await checked()).findings.slice(-2).join(' '),
      /no agent answers nobody listens on 127/,
    );
  });
}

const MAIN_WITHOUT_DROP_INS = {
  rsyslog: 'module(load="imtcp")\n*.* :omusrmsg:nobody\n',
  'syslog-ng': '@version: current\nsource s_local { internal(); };\nlog { source(s_local); };\n',
};

test('print asks the running agent for its port, and names the one of the configuration without', async (t) => {
  const agent = await startAgent(t);
  const socket = agent.config.controlSocket!;
  const print = (...more: string[]): ReturnType<typeof runCommand> =>
    runCommand('agent', ['syslog-config', 'print', 'rsyslog', '--control-socket', socket, ...more]);
  const port = await syslogPort(agent);
  const running = await print();
  assert.deepEqual([running.code, running.stderr], [0, '']);
  assert.match(running.stdout, new RegExp(`target="127\\.0\\.0\\.1" port="${port}"`));
  const asked = await print('--address', '[::1]:514');
  assert.match(asked.stdout, /target="::1" port="514"/);
  await agent.stop();
  const configured = await print();
  assert.match(configured.stdout, /port="28330"/);
  assert.match(configured.stderr, /no agent answers: 127\.0\.0\.1:28330 is what is configured/);
});

test('print says what it has to know of syslog-ng', async () => {
  const main = join(await temporaryFolder(), 'syslog-ng.conf');
  const print = (...more: string[]): ReturnType<typeof runCommand> =>
    runCommand('agent', [
      ...['syslog-config', 'print', 'syslog-ng', '--address', '127.0.0.1:1', '--main-config', main],
      ...more,
    ]);
  const absent = await print();
  assert.equal(absent.code, 78);
  assert.match(absent.stderr, /ENOENT.*name the file with --main-config, or the source with/);
  assert.match((await print('--source', 's_all')).stdout, /log \{ source\(s_all\);/);
  await writeFile(main, '@version: 4.8\nsource s_sys { system(); internal(); };\n');
  assert.match((await print()).stdout, /log \{ source\(s_sys\);/);
});

test('a profile shows what comes and what collects it', async (t) => {
  const agent = await startAgent(t);
  const socket = agent.config.controlSocket!;
  const send = await openSyslog(t, agent);
  const profile = (...more: string[]): ReturnType<typeof startCommand> =>
    startCommand('agent', ['syslog-profile', '--control-socket', socket, ...more]);
  const { child, process: command } = profile('--for', '2s', '--json');
  let stdout = '';
  child.stdout!.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  let isOver = false;
  void command.ended.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await send('<27>Mar  1 10:11:12 web01 cron[7]: kept\n<30>1 - web01 app - - - dropped\n');
    await delay(20);
  }
  await closed;
  assert.equal(await command.ended, 0, command.log());
  type Shown = { program: string; format: string; count: number; collectedBy: string[] };
  const { rows } = JSON.parse(stdout) as { rows: Shown[] };
  const shown = rows.toSorted((a, b) => (a.program < b.program ? -1 : 1));
  assert.deepEqual(
    shown.map(({ program, format }) => [program, format]),
    [
      ['app', 'rfc5424'],
      ['cron', 'rfc3164'],
    ],
  );
  assert.equal(shown[0]!.count, shown[1]!.count);
  assert.deepEqual(shown[0]!.collectedBy, []);
  assert.match(shown[1]!.collectedBy.join(), /^dcr-[\da-f]+\/syslog$/);
});

test('an agent that stops answers a profile with what came until then', async (t) => {
  const agent = await startAgent(t);
  const send = await openSyslog(t, agent);
  const { child, process: command } = startCommand('agent', [
    ...['syslog-profile', '--control-socket', agent.config.controlSocket!, '--for', '10m'],
  ]);
  let stdout = '';
  child.stdout!.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  while (!command.log().includes('listening for')) await delay(20);
  // Whether it listens already cannot be seen from here, so messages go on for a moment.
  for (let n = 0; n < 25; n++) {
    await send('<27>Mar  1 10:11:12 web01 cron[7]: kept\n');
    await delay(20);
  }
  await agent.stop();
  await closed;
  assert.equal(await command.ended, 0, command.log());
  assert.match(command.log(), /the agent stopped after \d+ s; until then came:/);
  assert.match(stdout, /web01 +cron .* dcr-[\da-f]+\/syslog\n/);
});

test('a profile without syslog, or without an agent, is told', async (t) => {
  const agent = await startAgent(t, { dataSources: {}, dataFlows: [] });
  const profile = (): ReturnType<typeof runCommand> =>
    runCommand('agent', ['syslog-profile', '--control-socket', agent.config.controlSocket!]);
  const without = await profile();
  assert.equal(without.code, 69);
  assert.match(without.stderr, /no rule in force collects syslog, so the agent does not listen/);
  await agent.stop();
  const absent = await profile();
  assert.equal(absent.code, 69);
  assert.match(absent.stderr, /no agent answers: .*control\.sock/);
});

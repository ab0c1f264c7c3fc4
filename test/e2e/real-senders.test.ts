/**
 * Programs of others that send syslog: `logger` of util-linux and rsyslog's forwarder. The tests
 * skip, saying so, where they are not installed.
 */
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import { MACHINE_NAME, type Row, type Stage, setStage } from '../support/two-workspaces.ts';

const run = promisify(execFile);

function skipWithout(command: string, ...args: string[]): { skip: string | false } {
  const isThere = spawnSync(command, args).error === undefined;
  return { skip: isThere ? false : `${command} is not installed` };
}

interface Listening {
  readonly stage: Stage;
  readonly agent: AgentProcess;
  readonly tcpPort: number;
  readonly udpPort: number;
  readonly socketPath: string;
}

async function listen(t: TestContext): Promise<Listening> {
  const stage = await setStage(t, {
    dataSources: {
      syslog: [
        { name: 'all', streams: ['Microsoft-Syslog'], facilityNames: ['*'], logLevels: ['*'] },
      ],
    },
    dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one'] }],
  });
  const socketPath = join(stage.folder, 'syslog.sock');
  const agent = await startAgentProcess({
    stateDir: join(stage.folder, 'agent'),
    handlerUrl: stage.handler.url,
    machine: MACHINE_NAME,
    config: {
      sources: { syslog: { tcp: ['127.0.0.1:0'], udp: ['127.0.0.1:0'], unix: [socketPath] } },
      delivery: { flushIntervalSeconds: 1 },
    },
  });
  t.after(() => agent.stop());
  type Bound = readonly { readonly port: number }[] | undefined;
  const portOf = (status: Awaited<ReturnType<AgentProcess['status']>>, kind: string): number => {
    const facts = status.sources.find(({ key }) => key === 'syslog')?.facts;
    return (facts?.[kind] as Bound)?.[0]?.port ?? 0;
  };
  const status = await pollUntil(
    () => agent.status(),
    (s) => portOf(s, 'udp') !== 0,
  );
  return {
    stage,
    agent,
    tcpPort: portOf(status, 'tcp'),
    udpPort: portOf(status, 'udp'),
    socketPath,
  };
}

function messages({ stage }: Listening, count: number): Promise<readonly Row[]> {
  return pollUntil(
    () => stage.rows('Syslog', 'one'),
    (rows) => rows.length >= count,
  );
}

test(
  'logger delivers over TCP, UDP and a Unix socket, in both formats',
  skipWithout('logger', '--version'),
  async (t) => {
    const listening = await listen(t);
    const { tcpPort, udpPort, socketPath } = listening;
    const to = (port: number): string[] => ['--server', '127.0.0.1', '--port', String(port)];
    const common = ['--tag', 'probe', '--priority', 'authpriv.warning'];
    await run('logger', [...to(tcpPort), '--tcp', '--rfc5424', ...common, 'tcp 5424 "quoted" ü']);
    await run('logger', [...to(tcpPort), '--tcp', '--rfc3164', ...common, 'tcp 3164']);
    await run('logger', [...to(tcpPort), '--tcp', '--octet-count', ...common, 'tcp counted']);
    await run('logger', [...to(udpPort), '--udp', '--rfc5424', ...common, 'udp 5424']);
    await run('logger', [...to(udpPort), '--udp', '--rfc3164', ...common, 'udp 3164']);
    // `logger --socket` wants a datagram socket first; a stream socket takes plain lines.
    await new Promise<void>((resolve, reject) => {
      const socket = createConnection(socketPath, () => socket.end('<84>probe: unix\n'));
      socket
        .once('error', reject)
        .once('close', () => resolve())
        .resume();
    });
    const rows = await messages(listening, 6);
    const texts = rows.map((row) => String(row.SyslogMessage).replace(/^\[.*\] /, ''));
    assert.deepEqual(texts.toSorted(), [
      'tcp 3164',
      'tcp 5424 "quoted" ü',
      'tcp counted',
      'udp 3164',
      'udp 5424',
      'unix',
    ]);
    for (const row of rows) {
      assert.equal(row.Facility, 'authpriv');
      assert.equal(row.SeverityLevel, 'warning');
      assert.equal(row.ProcessName, 'probe');
    }
  },
);

test('rsyslog forwards to the agent over TCP', skipWithout('rsyslogd', '-v'), async (t) => {
  const listening = await listen(t);
  const { folder } = listening.stage;
  const input = join(folder, 'rsyslog.sock');
  const config = join(folder, 'rsyslog.conf');
  await writeFile(
    config,
    `global(workDirectory="${folder}")
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="${input}" CreatePath="on" RateLimit.Interval="0")
template(name="Forward" type="string" string="<%PRI%>%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%")
*.* action(type="omfwd" target="127.0.0.1" port="${listening.tcpPort}" protocol="tcp" template="Forward"
  queue.type="LinkedList" action.resumeRetryCount="-1" action.resumeInterval="1")
`,
  );
  const daemon = spawn('rsyslogd', ['-n', '-f', config, '-i', join(folder, 'rsyslog.pid')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  let complaints = '';
  daemon.stderr.on('data', (text: Buffer) => {
    complaints += text.toString();
  });
  t.after(async () => {
    daemon.kill('SIGTERM');
    await ended;
  });
  const send = async (n: number): Promise<void> => {
    await run('logger', [
      '--socket',
      input,
      '--tag',
      'app',
      '--priority',
      'daemon.err',
      `number ${n}`,
    ]);
  };
  // The daemon drops what comes while it is starting: number 0 is sent until one arrives.
  await pollUntil(
    async () => {
      await send(0).catch(() => {});
      return (await listening.stage.rows('Syslog', 'one')).length;
    },
    (count) => count > 0,
  );
  for (let n = 1; n <= 100; n++) await send(n);
  const numbersOf = async (): Promise<number[]> =>
    (await listening.stage.rows('Syslog', 'one'))
      .filter((row) => row.ProcessName === 'app')
      .map((row) => Number(/^number (\d+)$/.exec(String(row.SyslogMessage))?.[1]))
      .filter((n) => n !== 0);
  const numbers = await pollUntil(numbersOf, (found) => found.length >= 100);
  assert.deepEqual(
    numbers.toSorted((a, b) => a - b),
    Array.from({ length: 100 }, (_, n) => n + 1),
    complaints,
  );
  const [row] = (await listening.stage.rows('Syslog', 'one')).filter(
    (r) => r.ProcessName === 'app',
  );
  assert.deepEqual([row?.Facility, row?.SeverityLevel], ['daemon', 'err']);
});

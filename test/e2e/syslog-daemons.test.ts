/**
 * rsyslog and syslog-ng with the drop-in as it is printed, in front of an agent that is restarted
 * while messages come. The tests of a daemon skip, saying so, where it is not installed.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentStatus } from '@dcr-agent/agent';
import { freePort } from '../support/free-port.ts';
import { type AgentProcess, pollUntil, startAgentProcess } from '../support/processes.ts';
import {
  lacksDaemon,
  type SyslogDaemonName,
  startDaemon,
  writeDaemonFiles,
} from '../support/syslog-daemons.ts';
import { range, syslogPortOf } from '../support/syslog-rule.ts';
import { MACHINE_NAME, type Row, type Stage, setStage } from '../support/two-workspaces.ts';

const DAEMONS: readonly SyslogDaemonName[] = ['rsyslog', 'syslog-ng'];

const RULE = {
  dataSources: {
    syslog: [
      { name: 'all', streams: ['Microsoft-Syslog'], facilityNames: ['*'], logLevels: ['*'] },
    ],
  },
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['one'] }],
};

interface Forwarding {
  readonly stage: Stage;
  /** The agent of now. */
  agent(): AgentProcess;
  restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when the agent of now has taken so many messages, and is in the midst of more. */
  taken(count: number): Promise<void>;
  /** Sends the messages with these numbers; resolves when the daemon has them. */
  send(first: number, last: number): Promise<void>;
  sendText(text: string): void;
  /** How often each number has arrived; waits until there are so many, or nothing more comes. */
  arrivals(numbers: number): Promise<ReadonlyMap<number, number>>;
}

async function forward(t: TestContext, name: SyslogDaemonName): Promise<Forwarding> {
  const stage = await setStage(t, RULE);
  const port = await freePort();
  const start = async (): Promise<AgentProcess> => {
    const agent = await startAgentProcess({
      stateDir: join(stage.folder, 'agent'),
      handlerUrl: stage.handler.url,
      machine: MACHINE_NAME,
      config: {
        sources: { syslog: { tcp: [`127.0.0.1:${port}`] } },
        delivery: { flushIntervalSeconds: 1 },
      },
    });
    t.after(() => agent.signal('SIGKILL'));
    const status = await pollUntil(
      () => agent.status(),
      (s) => syslogPortOf(s) !== undefined,
    );
    assert.equal(syslogPortOf(status), port, agent.log());
    return agent;
  };
  let agent = await start();
  const files = await writeDaemonFiles(name, stage.folder, port);
  const daemon = await startDaemon(t, name, files);
  const socket = await daemon.connect();
  t.after(() => socket.destroy());
  return {
    stage,
    agent: () => agent,
    async restart(signal) {
      agent.signal(signal);
      assert.equal(await agent.ended, signal === 'SIGTERM' ? 0 : 'SIGKILL', agent.log());
      agent = await start();
    },
    async taken(count) {
      const isTaken = ({ sources }: AgentStatus): boolean =>
        Number(sources.find(({ key }) => key === 'syslog')?.facts.messages) >= count;
      while (!isTaken(await agent.status())) await delay(5);
    },
    async send(first, last) {
      for (let n = first; n <= last; n += PORTION) {
        const end = Math.min(last, n + PORTION - 1);
        if (!socket.write(messages(n, end))) await once(socket, 'drain');
      }
    },
    sendText: (text) => void socket.write(text),
    arrivals: (numbers) => arrivedNumbers(stage, numbers),
  };
}

const PORTION = 500;

function messages(first: number, last: number): string {
  let text = '';
  for (let n = first; n <= last; n++) {
    text += `<27>Mar  1 10:11:12 host app[77]: number ${n}, and some words as they are usual\n`;
  }
  return text;
}

const LOOK_MS = 500;
const QUIET_LOOKS = 16;

async function arrivedNumbers(stage: Stage, numbers: number): Promise<ReadonlyMap<number, number>> {
  for (let [quiet, before] = [0, 0]; ; ) {
    await delay(LOOK_MS);
    // Of other messages, such as the daemon's own, there are a few.
    const { rows = 0 } = (await stage.handler.admin.tables()).find(isSyslog) ?? {};
    quiet = rows === before ? quiet + 1 : 0;
    before = rows;
    if (rows < numbers && quiet < QUIET_LOOKS) continue;
    const counts = countNumbers(await stage.rows('Syslog', 'one'));
    if (counts.size >= numbers || quiet >= QUIET_LOOKS) return counts;
  }
}

function isSyslog({ table }: { readonly table: string }): boolean {
  return table === 'Syslog';
}

function countNumbers(rows: readonly Row[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { SyslogMessage: text } of rows) {
    const number = Number(/^number (\d+), and some words as they are usual$/.exec(`${text}`)?.[1]);
    if (!Number.isNaN(number)) counts.set(number, (counts.get(number) ?? 0) + 1);
  }
  return counts;
}

const PACES_PER_SECOND = 20;

async function sendAtPace(send: Forwarding['send'], first: number, last: number): Promise<void> {
  const portion = KILLED_PER_SECOND / PACES_PER_SECOND;
  for (let n = first; n <= last; n += portion) {
    await send(n, Math.min(last, n + portion - 1));
    await delay(1_000 / PACES_PER_SECOND);
  }
}

function missing(
  counts: ReadonlyMap<number, number>,
  first: number,
  last: number,
): readonly number[] {
  return range(first, last).filter((n) => !counts.has(n));
}

function repeated(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
}

/** Forms that usual templates of the daemons cut, or take apart wrongly. */
const LONG_TAG = 'a-program-whose-name-has-more-than-32-characters';
const AS_IT_CAME = [
  '<134>Mar  1 10:11:12 fw01 CEF:0|Vendor|Product|1|100|Name|5|src=10.0.0.1 msg=a b',
  '<166>Mar  1 10:11:12 fw01 : %ASA-6-302013: Built outbound TCP connection',
  `<27>Mar  1 10:11:12 host ${LONG_TAG}[77]: text  with blanks`,
  '<27>1 2025-03-01T10:11:12.123456Z host app 77 ID1 [x@1 a="b c"] structured',
  '<27>1 2025-03-01T10:11:12.123456Z host app 77 ID1 - not structured',
];
const AS_ROWS = [
  ['CEF', '0|Vendor|Product|1|100|Name|5|src=10.0.0.1 msg=a b'],
  ['%ASA-6-302013', 'Built outbound TCP connection'],
  [LONG_TAG, 'text  with blanks'],
  ['app', '[x@1 a="b c"] structured'],
  ['app', 'not structured'],
];
const DAEMON_PROGRAMS = new Set(['rsyslogd', 'syslog-ng']);

const MESSAGES = 100_000;
const KILLED_MESSAGES = 6_000;
const KILLED_PER_SECOND = 2_000;
/** rsyslog repeats a message when it connects again, for each of its workers. */
const RESENT_MAX = 10;

describe('a daemon in front of an agent', { concurrency: true }, () => {
  for (const name of DAEMONS) {
    const skip = { skip: lacksDaemon(name) };

    test(`${name} and an agent that is restarted while messages come`, skip, async (t) => {
      const forwarding = await forward(t, name);
      const { send, sendText, taken, restart, arrivals, agent, stage } = forwarding;

      await t.test('messages arrive as they came to the daemon', async () => {
        sendText(`${AS_IT_CAME.join('\n')}\n`);
        const texts = async (): Promise<readonly unknown[]> =>
          (await stage.rows('Syslog', 'one'))
            .filter(({ ProcessName }) => !DAEMON_PROGRAMS.has(String(ProcessName)))
            .map(({ ProcessName, SyslogMessage }) => [ProcessName, SyslogMessage]);
        const arrived = await pollUntil(texts, ({ length }) => length >= AS_IT_CAME.length);
        assert.deepEqual(arrived, AS_ROWS);
      });

      await t.test('stopped twice: every message arrives', async (part) => {
        const sent = send(1, MESSAGES);
        for (let times = 0; times < 2; times++) {
          await taken(MESSAGES / 10);
          await restart('SIGTERM');
        }
        await sent;
        const counts = await arrivals(MESSAGES);
        assert.deepEqual(missing(counts, 1, MESSAGES), [], agent().log());
        const again = repeated(counts);
        part.diagnostic(`${name} sent ${again} messages again`);
        assert.ok(again <= RESENT_MAX, `${again} came more than once`);
      });

      await t.test('killed: what it had read and not stored is lost, no more', async (part) => {
        const last = MESSAGES + KILLED_MESSAGES;
        const sent = sendAtPace(send, MESSAGES + 1, last);
        await taken(KILLED_MESSAGES / 3);
        await restart('SIGKILL');
        await sent;
        const counts = await arrivals(last);
        const lost = missing(counts, MESSAGES + 1, last);
        part.diagnostic(`${name} lost ${lost.length} of ${KILLED_MESSAGES} messages by a kill -9`);
        assert.ok(counts.has(last), 'the daemon goes on with the next agent');
        // Half a second, and what was between them, on a machine that may be slow.
        assert.ok(lost.length < 1.5 * KILLED_PER_SECOND, `${lost.length} lost`);
        assert.equal((await agent().status()).isBalanced, true);
      });
    });
  }
});

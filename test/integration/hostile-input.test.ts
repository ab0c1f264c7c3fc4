/** Nonsense on every socket the agent opens, and that it opens no others. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { askStatus } from '@dcr-agent/agent';
import { type LabAgent, type Laboratory, openLaboratory } from '../support/laboratory.ts';
import { CAN_TELL_LISTENERS, ownListeners } from '../support/own-sockets.ts';
import { pollUntil } from '../support/processes.ts';
import { arrivedNumbers, keptMessages, SYSLOG_RULE, sendSyslog } from '../support/syslog-rule.ts';
import { BOTH, type Row } from '../support/two-workspaces.ts';

const MEGABYTE = 1_000_000;

/** The same bytes every time; a linear congruential generator is random enough for nonsense. */
function randomBytes(count: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(count);
  let state = seed;
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** On a stream: each of it is everything one connection ever sends. */
const STREAMS: readonly Uint8Array[] = [
  ...[1, 2, 3, 4].map((seed) => randomBytes(50_000, seed)),
  Buffer.alloc(4 * MEGABYTE, 'x'),
  Buffer.from(`999999999 <27>${'y'.repeat(200_000)}`),
  Buffer.from(`12345678901234567890 <27>x\n${'7 '.repeat(10_000)}`),
  Buffer.from('\n'.repeat(100_000)),
  Buffer.from('\0'.repeat(100_000)),
  Buffer.from(`<27>1 ${'[a b="'.repeat(20_000)}`),
  Buffer.from(`<${'9'.repeat(50_000)}>x\n`),
  Buffer.from('5 <27>'),
  Buffer.of(),
];

const DATAGRAMS: readonly Uint8Array[] = [
  ...Array.from({ length: 50 }, (_, seed) => randomBytes(1 + seed * 37, seed)),
  Buffer.alloc(65_000, '<'),
  Buffer.from('<27>'),
  Buffer.of(0),
  Buffer.of(),
];

type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** Resolves when all is sent and the other side has closed; a refusal is an answer too. */
async function sendAndEnd(address: Address, bytes: Uint8Array): Promise<void> {
  const socket = createConnection(address);
  socket.on('error', () => {}).resume();
  socket.end(bytes);
  await new Promise((resolve) => socket.on('close', resolve));
}

/** Stays open, half a message sent. */
function leaveHalfOpen(t: TestContext, address: Address): Promise<Socket> {
  const socket = createConnection(address);
  t.after(() => socket.destroy());
  socket.on('error', () => {}).resume();
  return new Promise((resolve) => socket.write('<27>1 2026-', () => resolve(socket)));
}

async function sendDatagrams(port: number, datagrams: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
    });
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}

interface Doors {
  readonly agent: LabAgent;
  readonly tcp: number;
  readonly udp: number;
  readonly unix: string;
  readonly control: string;
}

/** An agent that listens in every way it can. */
async function openAllDoors(lab: Laboratory): Promise<Doors> {
  const unix = join(lab.folder, 'syslog.sock');
  const syslog = { tcp: ['127.0.0.1:0'], udp: ['127.0.0.1:0'], unix: [unix] };
  const agent = await lab.startAgent({ sources: { syslog } });
  type Facts = { readonly tcp: { port: number }[]; readonly udp: { port: number }[] };
  const factsOf = ({ sources }: ReturnType<LabAgent['status']>): Facts | undefined =>
    sources.find(({ key }) => key === 'syslog')?.facts as Facts | undefined;
  const status = await agent.statusWhen((s) => factsOf(s)?.udp.length === 1);
  const { tcp, udp } = factsOf(status)!;
  const control = agent.config.controlSocket!;
  return { agent, tcp: tcp[0]!.port, udp: udp[0]!.port, unix, control };
}

test('nonsense on every socket does not end the agent, and is accounted for', async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const { agent, tcp, udp, unix, control } = await openAllDoors(lab);
  const doors: Address[] = [{ host: '127.0.0.1', port: tcp }, { path: unix }, { path: control }];
  const half: Socket[] = [];
  for (const door of doors) {
    half.push(await leaveHalfOpen(t, door), await leaveHalfOpen(t, door));
    await Promise.all(STREAMS.map((bytes) => sendAndEnd(door, bytes)));
  }
  await sendDatagrams(udp, DATAGRAMS);
  // Half of them break off, the first in the rudest way there is.
  half[0]!.resetAndDestroy();
  half[2]!.destroy();
  half[4]!.destroy();

  await sendSyslog(agent, keptMessages(1, 3));
  const good = ['number 1', 'number 2', 'number 3'];
  for (const workspace of BOTH) {
    const isComplete = (rows: readonly Row[]): boolean =>
      good.every((message) => rows.some((row) => row.SyslogMessage === message));
    const rows = await pollUntil(() => lab.rows('Syslog', workspace), isComplete);
    assert.ok(isComplete(rows), `good messages arrive in ${workspace}`);
  }
  const status = await agent.statusWhen(({ ledger }) => ledger.every((row) => row.buffered === 0));
  assert.equal(status.isBalanced, true);
  assert.deepEqual(
    status.sources.map(({ state }) => state),
    ['reading', 'reading', 'reading'],
  );
  const facts = status.sources.find(({ key }) => key === 'syslog')!.facts as Record<string, number>;
  assert.ok(facts.messages! > 100, `${facts.messages} messages`);
  assert.ok(facts.truncated! > 0, `${facts.truncated} of them cut`);
  const read = status.ledger.filter(({ flow }) => flow.includes('/syslog/')).map((row) => row.read);
  assert.deepEqual(read, [facts.messages, facts.messages], 'every message is in the ledger');
  assert.equal((await askStatus(control)).processId, process.pid);
  const errors = agent.log.filter((line) => line.includes('"level":"error"'));
  assert.deepEqual(errors, []);
});

const skip = !CAN_TELL_LISTENERS && 'only Linux tells a process its sockets';

test('an agent listens where it was told to and nowhere else', { skip }, async (t) => {
  const lab = await openLaboratory(t, SYSLOG_RULE);
  const before = ownListeners();
  assert.ok(before.includes(`tcp 127.0.0.1:${lab.gateway.port}`), 'listeners can be told');
  const { agent, tcp, udp, unix, control } = await openAllDoors(lab);
  await sendSyslog(agent, keptMessages(1, 1));
  await arrivedNumbers(lab, 'one', 1);
  const opened = ownListeners().filter((name) => !before.includes(name));
  const expected = [
    `tcp 127.0.0.1:${tcp}`,
    `udp 127.0.0.1:${udp}`,
    `unix ${control}`,
    // The kernel goes on calling it by the name it had before it was moved to its path.
    `unix ${unix}~`,
  ];
  assert.deepEqual(opened, expected.toSorted());
  await agent.stop();
  assert.deepEqual(ownListeners(), before);
});

test('without a rule for syslog only the control socket is open', { skip }, async (t) => {
  const lab = await openLaboratory(t, { dataSources: {}, dataFlows: [] });
  const before = ownListeners();
  const agent = await lab.startAgent();
  await agent.statusWhen(({ rules }) => (rules.configurations as unknown[]).length === 1);
  const opened = ownListeners().filter((name) => !before.includes(name));
  assert.deepEqual(opened, [`unix ${agent.config.controlSocket}`]);
});

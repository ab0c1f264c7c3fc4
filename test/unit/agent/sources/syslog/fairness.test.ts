/** One sender that floods, and others that say a little now and then. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { PortAddress } from '../../../../../packages/agent/src/sources/syslog/listen.ts';
import { until } from '../../../../support/until.ts';
import { connectTcp, LOOPBACK, type RunningSource, startSyslog } from './running-source.ts';

const FLOOD_CONNECTIONS = 40;
const LINES = `<13>flood ${'x'.repeat(990)}\n`.repeat(200);
/** Waiting, filling, under way, and what one more read brings: see the source's README. */
const BATCHES_MAX = 9;

/** Keeps as much as it can in the kernel, for as long as the test runs. */
async function flood(t: TestContext, place: PortAddress, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const socket = await connectTcp(place);
    t.after(() => socket.destroy());
    const write = (): void => {
      while (!socket.destroyed && socket.write(LINES));
    };
    socket.on('drain', write);
    write();
  }
}

/** A source whose batches are taken one by one. */
async function startByHand(
  t: TestContext,
  tcp: readonly PortAddress[],
): Promise<{ source: RunningSource; takeOne(): Promise<void> }> {
  let release = (): void => {};
  const source = await startSyslog(
    t,
    { tcp },
    () =>
      new Promise((done) => {
        release = done;
      }),
  );
  return {
    source,
    async takeOne() {
      const { length } = source.batches;
      release();
      await until('the next batch comes', () => source.batches.length > length);
    },
  };
}

async function batchesUntil(
  { source, takeOne }: Awaited<ReturnType<typeof startByHand>>,
  socket: Socket,
  text: string,
): Promise<number> {
  await new Promise((sent) => socket.write(`<13>${text}\n`, sent));
  let count = 0;
  for (; count <= BATCHES_MAX && !source.messages().includes(text); count++) await takeOne();
  return count;
}

async function checkThatSlowOneIsHeard(
  t: TestContext,
  running: Awaited<ReturnType<typeof startByHand>>,
  place: PortAddress,
): Promise<void> {
  const slow = await connectTcp(place, '127.0.0.2');
  t.after(() => slow.destroy());
  const { source } = running;
  await until('all are there', () => source.described.connections === FLOOD_CONNECTIONS + 1);
  await until('it is full', () => source.described.waiting > 300);
  const texts = Array.from({ length: 20 }, (_, i) => `slow ${i}`);
  for (const text of texts) {
    const batches = await batchesUntil(running, slow, text);
    assert.ok(batches <= BATCHES_MAX, `${text} has not come within ${BATCHES_MAX} batches`);
  }
  const heard = source.messages().filter((message) => message.startsWith('slow'));
  assert.deepEqual(heard, texts);
}

test('a sender that floods over many connections does not hold up another', async (t) => {
  const running = await startByHand(t, [LOOPBACK]);
  const [place] = running.source.described.tcp;
  await flood(t, place!, FLOOD_CONNECTIONS);
  await checkThatSlowOneIsHeard(t, running, place!);
});

test('a sender that floods one listener does not hold up those of another', async (t) => {
  const running = await startByHand(t, [LOOPBACK, LOOPBACK]);
  const [flooded, other] = running.source.described.tcp;
  await flood(t, flooded!, FLOOD_CONNECTIONS);
  await checkThatSlowOneIsHeard(t, running, other!);
});

test('each of many that flood is read in its turn', async (t) => {
  const running = await startByHand(t, [LOOPBACK]);
  const { source, takeOne } = running;
  const addresses = Array.from({ length: 8 }, (_, i) => `127.0.0.${i + 2}`);
  for (const address of addresses) {
    const socket = await connectTcp(source.described.tcp[0]!, address);
    t.after(() => socket.destroy());
    const write = (): void => {
      while (!socket.destroyed && socket.write(LINES));
    };
    socket.on('drain', write);
    write();
  }
  await until('all are there', () => source.described.connections === addresses.length);
  for (let i = 0; i < 120; i++) await takeOne();
  const counts = addresses.map(
    (address) => source.records.filter(({ senderAddress }) => senderAddress === address).length,
  );
  assert.ok(Math.min(...counts) * 3 > Math.max(...counts), counts.join(' '));
});

test('a sender with all connections of a listener gives one up for another sender', async (t) => {
  const source = await startSyslog(t, { tcp: [LOOPBACK], connectionsMax: 8 });
  const [place] = source.described.tcp;
  const greedy: Socket[] = [];
  for (let i = 1; i <= 8; i++) {
    greedy.push(await connectTcp(place!));
    t.after(() => greedy[i - 1]!.destroy());
    await until('it is accepted', () => source.described.connections === i);
  }
  for (let i = 1; i <= 4; i++) {
    const other = await connectTcp(place!, '127.0.0.2');
    t.after(() => other.destroy());
    other.write(`<13>other ${i}\n`);
    await until('it is heard', () => source.messages().includes(`other ${i}`));
  }
  const fifth = await connectTcp(place!, '127.0.0.2');
  t.after(() => fifth.destroy());
  await until('both have as many', () => source.described.connectionsRefused === 1);
  assert.equal(source.described.connectionsClosedUnfair, 4);
  greedy[7]!.write('<13>still there\n');
  await until('it is heard', () => source.messages().includes('still there'));
  await source.stop();
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameReader } from '../../../../../packages/agent/src/sources/syslog/frame-reader.ts';
import { HeldFrames } from '../../../../../packages/agent/src/sources/syslog/held-frames.ts';
import { settle, until } from '../../../../support/until.ts';
import { connectTcp, LOOPBACK, startSyslog } from './running-source.ts';

const FRAME_BYTES_MAX = 100_000;

interface Holder {
  readonly frames: FrameReader;
  readonly taken: string[];
  push(text: string): void;
  cut(): void;
}

function holders(held: HeldFrames, count: number): Holder[] {
  return Array.from({ length: count }, () => {
    const taken: string[] = [];
    const frames = new FrameReader(FRAME_BYTES_MAX, (bytes, start, end) => {
      taken.push(bytes.toString('utf8', start, end));
    });
    const holder: Holder = {
      ...{ frames, taken },
      push(text) {
        frames.push(Buffer.from(text));
        held.note(holder);
      },
      cut: () => frames.cut(),
    };
    return holder;
  });
}

test('beyond the bound the oldest frame of those that hold much is cut, and kept so far', () => {
  const held = new HeldFrames(14_000);
  const [small, old, young, large] = holders(held, 4) as [Holder, Holder, Holder, Holder];
  small.push('s');
  old.push('o'.repeat(4_000));
  young.push('y'.repeat(4_000));
  old.push('!');
  assert.equal(held.cutCount, 0);
  large.push('l'.repeat(4_000));
  assert.deepEqual(
    [small, old, young, large].map(({ taken }) => taken.length),
    [0, 1, 0, 0],
  );
  assert.equal(old.taken[0], `${'o'.repeat(4_000)}!`);
  assert.equal(held.cutCount, 1);
  assert.ok(held.bytes <= 14_000);
  old.push('the rest of it\nnext\n');
  assert.deepEqual(old.taken.slice(1), ['next']);
  assert.equal(old.frames.truncatedCount, 1);
});

test('the age of a frame is its own, not that of its connection', () => {
  const held = new HeldFrames(10_000);
  const [first, second, third] = holders(held, 3) as [Holder, Holder, Holder];
  first.push('f'.repeat(4_000));
  second.push('s'.repeat(4_000));
  first.push(`\n${'g'.repeat(4_000)}`);
  third.push('t'.repeat(4_000));
  assert.deepEqual(
    [first, second, third].map(({ taken }) => taken.length),
    [1, 1, 0],
  );
});

test('of a counted frame that is cut the rest is left out, and the next one is whole', () => {
  const held = new HeldFrames(10_000);
  const [counted, other] = holders(held, 2) as [Holder, Holder];
  counted.push(`6000 <13>${'é'.repeat(2_800)}${'é'.slice(0, 1)}`);
  other.push('o'.repeat(8_000));
  assert.equal(counted.taken.length, 1);
  counted.push(`${'x'.repeat(6_000 - 4 - 2 * 2_801)}8 <13>next`);
  assert.deepEqual(counted.taken.slice(1), ['<13>next']);
});

test('nothing is counted of connections that are gone or have no unfinished frame', () => {
  const held = new HeldFrames(10_000);
  const [one, two] = holders(held, 2) as [Holder, Holder];
  one.push('a\nb\n');
  assert.equal(held.bytes, 0);
  two.push('half');
  assert.ok(held.bytes > 0);
  held.forget(two);
  held.forget(two);
  assert.equal(held.bytes, 0);
});

test('frames left open on many connections do not keep a message from coming whole', async (t) => {
  const settings = { tcp: [LOOPBACK], frameBytesMax: 65_536, heldBytesMax: 1024 * 1024 };
  const source = await startSyslog(t, settings);
  const tcp = source.described.tcp[0]!;
  for (let i = 1; i <= 100; i++) {
    const socket = await connectTcp(tcp);
    t.after(() => socket.destroy());
    socket.write(`60000 <13>open ${i} ${'x'.repeat(40_000)}`);
    const isRead = (): boolean =>
      source.described.truncatedForMemory > 0 || source.described.unfinishedBytes >= i * 40_000;
    await until('it is read', isRead);
    assert.ok(source.described.unfinishedBytes <= 1024 * 1024);
  }
  const good = await connectTcp(tcp);
  const text = `good ${'y'.repeat(60_000)}`;
  good.write(`<13>${text.slice(0, 30_000)}`);
  await settle();
  good.end(`${text.slice(30_000)}\n`);
  await until('the good one is there', () => source.messages().includes(text));
  const { truncated, truncatedForMemory } = source.described;
  assert.ok(truncatedForMemory >= 70 && truncatedForMemory < 100, String(truncatedForMemory));
  assert.equal(truncated, truncatedForMemory);
  const warnings = source.host.log.entries.filter(({ message }) => /memory/.test(message));
  assert.equal(warnings.length, 1);
  assert.partialDeepStrictEqual(warnings[0]!.facts, { heldBytesMax: 1024 * 1024, cut: 1 });
  await source.stop();
  const opened = source.messages().filter((message) => message.startsWith('open'));
  assert.equal(new Set(opened).size, 100);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageSegments } from '../../../../../packages/agent/src/sources/syslog/message-segments.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';

const HEAD = '<181>Mar  1 10:11:12 ise01 CISE_Passed_Authentications';
const FROM = { receivedAtMs: 7, senderAddress: '192.0.2.7' };

interface Stage {
  readonly clock: ManualClock;
  readonly segments: MessageSegments;
  /** What came out, or passed. */
  readonly out: string[];
  send(text: string, senderAddress?: string): void;
}

function stage(): Stage {
  const clock = new ManualClock();
  const out: string[] = [];
  const segments = new MessageSegments(clock, (bytes, start, end) => {
    out.push(bytes.toString('utf8', start, end));
  });
  return {
    clock,
    segments,
    out,
    send(text, senderAddress = FROM.senderAddress) {
      const bytes = Buffer.from(`..${text}..`);
      const arrival = { ...FROM, senderAddress };
      const end = bytes.length - 2;
      if (!segments.add(bytes, 2, end, arrival)) out.push(bytes.toString('utf8', 2, end));
      // Whoever receives chunks gives their memory back.
      bytes.fill(0);
    },
  };
}

test('the segments of a message become one, whichever comes first', () => {
  const texts = ['2025-03-01 … first,', 'second,', 'third'];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const { segments, out, send } = stage();
    for (const i of order) send(`${HEAD} 0000012345 3 ${i} ${texts[i]}`);
    assert.deepEqual(out, [`${HEAD} 0000012345 3 0 2025-03-01 … first,second,third`]);
    assert.deepEqual([segments.joinedCount, segments.waitingCount], [1, 0]);
  }
});

test('segments of several messages and senders may alternate', () => {
  const { out, send } = stage();
  send(`${HEAD} 1 2 0 a`);
  send(`${HEAD} 2 2 0 b`);
  send(`${HEAD} 1 2 0 c`, '192.0.2.8');
  send(`${HEAD.replace('ise01', 'ise02')} 1 2 1 of another node`);
  send(`${HEAD} 1 2 1 A`, '192.0.2.8');
  send(`${HEAD} 2 2 1 B`);
  send(`${HEAD} 1 2 1 C`);
  assert.deepEqual(out, [`${HEAD} 1 2 0 cA`, `${HEAD} 2 2 0 bB`, `${HEAD} 1 2 0 aC`]);
});

test('what is no segment passes', () => {
  const { segments, out, send } = stage();
  const messages = [
    `${HEAD} 0000012345 1 0 whole`,
    `${HEAD} 0000012345 2 2 a number too high`,
    `${HEAD} 0000012345 200 1 more than any message has`,
    `${HEAD} without numbers`,
    '<13>text that speaks of CISE_Passed_Authentications',
    '<13>text',
  ];
  for (const message of messages) send(message);
  assert.deepEqual(out, messages);
  assert.equal(segments.waitingCount, 0);
});

test('segments that wait too long come out as they were sent, in order', async () => {
  const { clock, segments, out, send } = stage();
  send(`${HEAD} 9 3 2 last`);
  send(`${HEAD} 9 3 0 first`);
  await clock.advance(4_000);
  assert.deepEqual(out, []);
  await clock.advance(2_000);
  assert.deepEqual(out, [`${HEAD} 9 3 0 first`, `${HEAD} 9 3 2 last`]);
  assert.deepEqual([segments.incompleteCount, segments.waitingCount], [2, 0]);
});

test('a number that comes again begins a message anew', () => {
  const { out, send } = stage();
  send(`${HEAD} 1 2 0 old`);
  send(`${HEAD} 1 2 0 new`);
  send(`${HEAD} 1 2 1 end`);
  assert.deepEqual(out, [`${HEAD} 1 2 0 old`, `${HEAD} 1 2 0 newend`]);
});

test('what waits is bounded in number and bytes; the oldest comes out first', () => {
  const { segments, out, send } = stage();
  for (let i = 0; i < 1_001; i++) send(`${HEAD} ${i} 2 0 text`);
  assert.deepEqual(out, [`${HEAD} 0 2 0 text`]);
  assert.equal(segments.waitingCount, 1000);
  segments.flush();
  out.length = 0;
  const long = 'x'.repeat(60_000);
  for (let i = 0; i < 80; i++) send(`${HEAD} ${i} 2 0 ${long}`);
  assert.ok(out.length >= 10 && out.length < 20, String(out.length));
});

test('what would be longer than a row can carry comes out as it was sent', () => {
  const { segments, out, send } = stage();
  const sent = Array.from({ length: 20 }, (_, i) => `${HEAD} 1 20 ${i} ${'x'.repeat(60_000)}`);
  for (const segment of sent) send(segment);
  segments.flush();
  assert.deepEqual(out, sent);
  assert.deepEqual([segments.joinedCount, segments.incompleteCount], [0, 20]);
  for (const segment of [0, 1, 2, 3]) send(`${HEAD} 2 4 ${segment} ${'x'.repeat(60_000)}`);
  assert.deepEqual([segments.joinedCount, out.at(-1)!.length > 240_000], [1, true]);
});

test('a stop lets out all that waits', () => {
  const { segments, out, send } = stage();
  send(`${HEAD} 1 2 0 a`);
  send(`${HEAD} 2 2 1 b`);
  segments.flush();
  assert.deepEqual(out, [`${HEAD} 1 2 0 a`, `${HEAD} 2 2 1 b`]);
  segments.flush();
  assert.equal(out.length, 2);
});

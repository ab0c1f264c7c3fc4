import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RepeatGuard } from '../../../../../packages/agent/src/sources/syslog/repeat-guard.ts';

/** How many of the messages get through; `perRead` of them lie in one piece of memory. */
function kept(
  messages: readonly string[],
  { max = 3, perRead = 1, msApart = 0 }: { max?: number; perRead?: number; msApart?: number } = {},
): number {
  const guard = new RepeatGuard(max);
  let count = 0;
  for (let from = 0; from < messages.length; from += perRead) {
    const texts = messages.slice(from, from + perRead).map((text) => Buffer.from(text));
    const bytes = Buffer.concat(texts);
    let at = 0;
    for (const [i, { length }] of texts.entries()) {
      const arrival = { receivedAtMs: 5_000 + (from + i) * msApart, senderAddress: '192.0.2.7' };
      if (!guard.isExcess(bytes, at, at + length, arrival)) count += 1;
      at += length;
    }
    guard.settle();
    // What the source does once messages are durable.
    bytes.fill(0);
  }
  return count;
}

const same = (count: number, text: string): string[] => Array.from({ length: count }, () => text);

test('of identical messages in a row so many a second get through', () => {
  assert.equal(kept(same(10, '<13>Mar  1 10:11:12 host app: text')), 3);
  assert.equal(kept(same(10, 'x')), 3);
  assert.equal(kept(same(30, '<13>h app: text'), { msApart: 100 }), 9);
});

test('those that came with the first one in a read get through besides', () => {
  for (const perRead of [2, 7, 20]) {
    assert.equal(kept(same(30, 'x'), { perRead }), 3 + perRead - 1);
  }
});

test('another message ends the count, wherever in a read it is', () => {
  const turns = Array.from({ length: 5 }, () => [...same(3, 'x'), 'other']).flat();
  for (const perRead of [1, 2, 3, 4, 5, 7]) {
    assert.equal(kept(turns, { perRead }), turns.length, `${perRead} a read`);
  }
});

test('messages that differ only in the time of their header are the same', () => {
  const at = (i: number): string => String(100_000 + i);
  const forms = [
    (i: number) => `<13>2025-03-01T10:11:12.${at(i)}+01:00 host app: text`,
    (i: number) => `<13>1 2025-03-01T10:11:12.${at(i)}Z host app - - - text`,
    (i: number) => `<13>Mar  1 10:11:${10 + i} host app: text`,
  ];
  for (const form of forms) assert.equal(kept(Array.from({ length: 10 }, (_, i) => form(i))), 3);
});

test('messages that differ in anything else are all kept', () => {
  const forms = [
    (i: number) => `<13>Mar  1 10:11:12 host app: text ${10 + i}`,
    (i: number) => `<13>Mar  1 10:11:12 host${10 + i} app: text`,
    (i: number) => `<${13 + i}>Mar  1 10:11:12 host app: text`,
    (i: number) => `value ${10 + i} of the same thing, told by something without a header`,
    (i: number) => `${10 + i}`,
    (i: number) => `<13>Mar  1 10:11:12 host app: ${10 + i}${'x'.repeat(100)}`,
    (i: number) => `<13>${'y'.repeat(i)}`,
  ];
  for (const form of forms) assert.equal(kept(Array.from({ length: 10 }, (_, i) => form(i))), 10);
  const inTurn = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? 'one text' : 'two text'));
  assert.equal(kept(inTurn), 10);
});

test('a message that is too long to be remembered is kept, as is the one after it', () => {
  assert.equal(kept(same(10, 'x'.repeat(9000)), { perRead: 1 }), 10);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageBatch } from '../../../../../packages/agent/src/sources/syslog/message-batch.ts';
import { fieldsOf } from '../../../../support/syslog-records.ts';

const ARRIVAL = { receivedAtMs: 7, senderAddress: '192.0.2.7' };

interface Shown {
  readonly messages: string[];
  readonly unparsed: readonly string[];
}

function shown(...groups: readonly (readonly [bytes: Buffer, ...places: number[]])[]): Shown {
  const unparsed: string[] = [];
  const batch = new MessageBatch({
    toEpochMs: (wallMs) => wallMs,
    onUnparsed: (defect) => void unparsed.push(defect),
  });
  for (const [bytes, ...places] of groups) {
    for (let i = 0; i < places.length; i += 2)
      batch.add(bytes, places[i]!, places[i + 1]!, ARRIVAL);
  }
  const messages: string[] = [];
  batch.each((record) => void messages.push(fieldsOf(record).message));
  assert.equal(batch.count, messages.length);
  return { messages, unparsed };
}

test('messages are shown in the order they came, from whichever memory', () => {
  const [one, two] = [Buffer.from('<13>- a<13>- b'), Buffer.from('<13>- c')];
  assert.deepEqual(shown([one, 0, 7, 7, 14], [two, 0, 7]).messages, ['- a', '- b', '- c']);
});

test('a record says who sent it and when it came', () => {
  const batch = new MessageBatch({ toEpochMs: (wallMs) => wallMs, onUnparsed() {} });
  batch.add(Buffer.from('<13>x'), 0, 5, ARRIVAL);
  batch.each(({ receivedAtMs, senderAddress }) => {
    assert.deepEqual({ receivedAtMs, senderAddress }, ARRIVAL);
  });
  assert.equal(batch.byteCount, 5);
});

test('invalid UTF-8 is replaced, in its own message only', () => {
  const bytes = Buffer.concat([Buffer.from('<13>é\n<13>'), Buffer.of(0xff, 0x61, 0xc3)]);
  const [first, second] = shown([bytes, 0, 6, 7, bytes.length]).messages;
  assert.deepEqual([first, second], ['é', '\uFFFDa\uFFFD']);
});

test('a character that a wrong count has cut is replaced in both messages', () => {
  const bytes = Buffer.from('<13>aéb');
  assert.deepEqual(shown([bytes, 0, 6, 6, 8]).messages, ['a\uFFFD', '\uFFFDb']);
});

test('what headers lack is counted by what it is, once however often it is looked at', () => {
  const bytes = Buffer.from('plain<13>plain');
  const { unparsed } = shown([bytes, 0, 5, 5, 14]);
  assert.deepEqual(unparsed, ['no priority', 'no time']);
  const batch = new MessageBatch({
    toEpochMs: (wallMs) => wallMs,
    onUnparsed: (defect) => void found.push(defect),
    onRepaired: () => void found.push('repaired'),
  });
  const found: string[] = [];
  batch.add(bytes, 5, 14, ARRIVAL);
  const second = Buffer.from('\xff<13>', 'latin1');
  batch.add(second, 0, 5, ARRIVAL);
  batch.each(() => {});
  assert.deepEqual(found, ['repaired', 'no priority']);
  batch.each((record) => void fieldsOf(record));
  for (const group of batch.groups) batch.show(group, 0, (record) => void fieldsOf(record));
  assert.deepEqual(found, ['repaired', 'no priority', 'no time']);
});

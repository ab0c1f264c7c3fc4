import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryUses } from '../../../../../packages/agent/src/host/memory-uses.ts';
import { FrameReader } from '../../../../../packages/agent/src/sources/syslog/frame-reader.ts';
import { MessageBatch } from '../../../../../packages/agent/src/sources/syslog/message-batch.ts';

const ARRIVAL = { receivedAtMs: 7, senderAddress: '192.0.2.7' };

test('a line that was taken for a count does not part a chunk from its messages', () => {
  const uses = new MemoryUses();
  const [first, second] = [0, 1].map(
    () => new MessageBatch({ toEpochMs: (ms) => ms, onUnparsed() {}, uses }),
  );
  let filling = first!;
  const reader = new FrameReader(1024, (bytes, start, end) => {
    filling.add(bytes, start, end, ARRIVAL);
    filling = second!;
  });
  // The second line is put together in memory of its own, the third lies in the chunk again.
  const text = '<13>one\n12345678 two\n<13>three\n';
  const chunk = Buffer.alloc(Buffer.byteLength(text));
  chunk.write(text);
  reader.push(chunk);
  first!.release();
  const texts: string[] = [];
  second!.each(({ bytes, parts }) => {
    texts.push(bytes.toString('utf8', parts.messageStart, parts.messageEnd));
  });
  assert.deepEqual(texts, ['12345678 two', 'three']);
  second!.release();
  assert.equal(chunk.length, 0);
});

/**
 * Bytes from the network: whatever comes, however it is cut, makes the same messages, and every
 * message makes a record. Runs for `FUZZ_SECONDS` (10 unless said otherwise) per test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../packages/agent/src/sources/syslog/frame-reader.ts';
import { createLocalTime } from '../../packages/agent/src/sources/syslog/message/local-time.ts';
import { parseMessage } from '../support/syslog-records.ts';
import { KNOWN_MESSAGES } from '../unit/agent/sources/syslog/message/known-messages.ts';

const parameters: fc.Parameters<unknown> = {
  numRuns: Number.POSITIVE_INFINITY,
  interruptAfterTimeLimit: Number(process.env.FUZZ_SECONDS ?? 10) * 1000,
};
const FRAME_BYTES_MAX = 480;
const arrival = { receivedAtMs: Date.UTC(2025, 2, 1), senderAddress: '' };
const toEpochMs = createLocalTime(() => 0);

const words = KNOWN_MESSAGES.flatMap(([, text]) => text.split(/(?<=[ :>\]])/));
const piece = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom('\n', '\0', '\r\n', '1 ', '480 ', '481 ', '9999999 ', '12345678 ', '<', '<192>'),
  fc.nat(600).map((count) => `${count} `),
  fc.nat(600).map((count) => 'x'.repeat(count)),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const bytes = fc.oneof(
  fc.array(piece, { maxLength: 60 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 2000 }).map((values) => Buffer.from(values)),
);

test('the same bytes make the same records however they are cut', () => {
  const cuts = fc.array(fc.nat(2000), { maxLength: 50 });
  fc.assert(
    fc.property(bytes, cuts, (stream, places) => {
      const whole = read([stream]);
      assert.deepEqual(read(cut(stream, places)), whole);
      for (const message of whole) {
        assert.ok(message.length > 0 && message.length <= FRAME_BYTES_MAX);
        checkRecord(message);
      }
    }),
    parameters,
  );
});

test('any text makes a record', () => {
  const text = fc.oneof(
    fc.array(piece).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(fc.property(text, checkRecord), parameters);
});

test('the canary is found: a reader that forgets chunk borders', () => {
  const forgetful = (chunks: readonly Buffer[]): string[] =>
    chunks.flatMap((chunk) => read([chunk]));
  const property = fc.property(bytes, fc.nat(2000), (stream, place) => {
    assert.deepEqual(forgetful(cut(stream, [place])), forgetful([stream]));
  });
  assert.ok(fc.check(property, { numRuns: 10_000 }).failed);
});

function checkRecord(text: string): void {
  const record = parseMessage(text, arrival, toEpochMs);
  assert.ok(record.facility >= -1 && record.facility <= 23);
  assert.ok(record.severity >= -1 && record.severity <= 7);
  assert.ok(record.eventTimeMs === null || Number.isInteger(record.eventTimeMs));
  assert.ok(record.host.length <= text.length && !record.host.includes(' '));
  assert.ok(!record.ident.includes(' ') && !record.processId.includes(' '));
  if (record.facility < 0 && record.eventTimeMs === null) assert.equal(record.message, text);
}

function read(chunks: readonly Buffer[]): string[] {
  const messages: string[] = [];
  const reader = new FrameReader(FRAME_BYTES_MAX, (bytes, start, end) => {
    messages.push(bytes.toString('utf8', start, end));
  });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return messages;
}

function cut(stream: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...places.filter((place) => place < stream.length), stream.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, i) => stream.subarray(ends[i - 1] ?? 0, end));
}

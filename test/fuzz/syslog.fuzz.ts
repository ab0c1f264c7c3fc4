/**
 * Bytes from the network: whatever comes, however it is cut, makes the same messages, and every
 * message makes a record. Runs for `FUZZ_SECONDS` (10 unless said otherwise) per test.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../packages/agent/src/sources/syslog/frame-reader.ts';
import { MessageSegments } from '../../packages/agent/src/sources/syslog/message-segments.ts';
import { RepeatGuard } from '../../packages/agent/src/sources/syslog/repeat-guard.ts';
import { createLocalTime } from '../../packages/agent/src/time/local-time.ts';
import { ManualClock } from '../support/manual-clock.ts';
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

test('segments of a message become what was cut, in whichever order they come', () => {
  const parts = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), {
    minLength: 2,
    maxLength: 12,
  });
  const shuffledParts = parts.chain((texts) =>
    fc.record({
      texts: fc.constant(texts),
      order: fc.shuffledSubarray([...texts.keys()], { minLength: texts.length }),
    }),
  );
  fc.assert(
    fc.property(shuffledParts, ({ texts, order }) => {
      const head = `<181>Mar  1 10:11:12 ise01 CISE_Failed_Attempts 77 ${texts.length}`;
      const out: string[] = [];
      const segments = new MessageSegments(new ManualClock(), (bytes, start, end) => {
        out.push(bytes.toString('utf8', start, end));
      });
      for (const i of order) {
        const bytes = Buffer.from(`${head} ${i} ${texts[i]}`);
        assert.ok(segments.add(bytes, 0, bytes.length, arrival));
      }
      assert.deepEqual(out, [`${head} 0 ${texts.join('')}`]);
    }),
  );
});

test('only messages that are the same but for their time are an excess', () => {
  const line = fc
    .tuple(
      fc.constantFrom('<13>Mar  1 10:11:12 h a: ', '<13>Mar  1 10:11:13 h a: ', 'x'),
      fc.string({ minLength: 1, maxLength: 3 }),
    )
    .map(([head, text]) => `${head}${text}`);
  const withoutTime = (text: string): string => text.replace(/10:11:1[23]/, '');
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.constantFrom('a', 'b')), { maxLength: 40 }), (lines) => {
      const guard = new RepeatGuard(1);
      for (const [i, text] of lines.entries()) {
        const bytes = Buffer.from(text);
        const isExcess = guard.isExcess(bytes, 0, bytes.length, arrival);
        const before = lines[i - 1];
        assert.equal(isExcess, before !== undefined && withoutTime(before) === withoutTime(text));
        guard.settle();
      }
    }),
  );
});

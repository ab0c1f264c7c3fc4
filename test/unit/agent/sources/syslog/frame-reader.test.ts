import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader } from '../../../../../packages/agent/src/sources/syslog/frame-reader.ts';

const LIMIT = 64;

function read(chunks: readonly (string | Buffer)[], frameBytesMax = LIMIT): string[] {
  const { reader, messages } = open(frameBytesMax);
  for (const chunk of chunks) reader.push(Buffer.from(chunk as string));
  reader.end();
  return messages;
}

function open(frameBytesMax: number): { reader: FrameReader; messages: string[] } {
  const messages: string[] = [];
  const reader = new FrameReader(frameBytesMax, (bytes, start, end) => {
    messages.push(bytes.toString('utf8', start, end));
  });
  return { reader, messages };
}

test('lines end at a line feed, with or without a carriage return, or at a NUL', () => {
  assert.deepEqual(read(['<1>a\n<2>b\r\n<3>c\0<4>d\n\0']), ['<1>a', '<2>b', '<3>c', '<4>d']);
});

test('empty frames are no messages', () => {
  assert.deepEqual(read(['\n\r\n\0\n<1>a\n\n\n<2>b\n']), ['<1>a', '<2>b']);
});

test('counted frames hold line feeds', () => {
  assert.deepEqual(read(['8 <1>a\nb\nc8 <2>d\n\ne']), ['<1>a\nb\nc', '<2>d\n\ne']);
});

test('both ways of framing may alternate on one connection', () => {
  assert.deepEqual(read(['<1>a\n4 <2>b<3>c\n4 <4>d\n4 <5>e']), [
    '<1>a',
    '<2>b',
    '<3>c',
    '<4>d',
    '<5>e',
  ]);
});

test('a terminator that was counted is not part of the message', () => {
  assert.deepEqual(read(['5 <1>a\n6 <2>b\r\n5 <3>c\0']), ['<1>a', '<2>b', '<3>c']);
});

test('a count before a message without priority is a count when the connection began so', () => {
  assert.deepEqual(read(['5 hello5 world']), ['hello', 'world']);
});

test('a number that begins a line is text when lines came before', () => {
  assert.deepEqual(read(['<1>a\n12 monkeys\n']), ['<1>a', '12 monkeys']);
});

test('digits without a space behind them begin a line', () => {
  assert.deepEqual(read(['2025-03-01 text\n10.0.0.1 GET /\n']), [
    '2025-03-01 text',
    '10.0.0.1 GET /',
  ]);
});

test('more digits than any count has, or a leading zero, begin a line', () => {
  assert.deepEqual(read(['12345678 <1>a\n', '04 <2>b\n']), ['12345678 <1>a', '04 <2>b']);
});

test('however its digits come, a count is no number that nobody has memory for', () => {
  const digits = '9'.repeat(500_000);
  const { reader, messages } = open(LIMIT);
  for (const digit of digits) {
    reader.push(Buffer.from(digit));
    assert.ok(reader.heldBytes <= 256);
  }
  reader.push(Buffer.from(' <1>a\n<2>b\n'));
  assert.deepEqual(messages, ['9'.repeat(LIMIT), '<2>b']);
  assert.equal(reader.truncatedCount, 1);
});

test('the greatest count takes no memory before its bytes come, and no more than a message', () => {
  const { reader, messages } = open(LIMIT);
  reader.push(Buffer.from('9999999 '));
  assert.equal(reader.heldBytes, 0);
  reader.push(Buffer.from(`<1>${'x'.repeat(LIMIT - 4)}`));
  assert.ok(reader.heldBytes <= 256);
  for (let left = 9_999_999 - (LIMIT - 1); left > 0; left -= 99_999) {
    reader.push(Buffer.alloc(Math.min(left, 99_999), 'y'));
    assert.equal(reader.heldBytes, 0);
  }
  reader.push(Buffer.from('4 <2>b'));
  assert.deepEqual(messages, [`<1>${'x'.repeat(LIMIT - 4)}y`, '<2>b']);
});

test('zeros in front, and a count of nothing, begin a line', () => {
  const lines = ['0 ', '0 <1>a', '007 <1>a', '0000000000000000005 <1>ab'];
  for (const line of lines) assert.deepEqual(read([`${line}\n4 <2>b`]), [line, '<2>b']);
});

test('frames of a megabyte are whole where the limit lets them, framed either way', () => {
  const text = `<13>${'é'.repeat((1_048_576 - 4) / 2)}`;
  const bytes = Buffer.concat([Buffer.from(`${text}\n`), Buffer.from(`1048576 ${text}4 <2>b`)]);
  const chunks = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, i) =>
    bytes.subarray(i * 65_536, (i + 1) * 65_536),
  );
  const messages = read(chunks, 1_048_576);
  assert.deepEqual(
    messages.map((message) => message === text || message),
    [true, true, '<2>b'],
  );
});

test('what is left when the connection ends is kept', () => {
  assert.deepEqual(read(['<1>a\n<2>unfinished']), ['<1>a', '<2>unfinished']);
  assert.deepEqual(read(['9 <1>ab']), ['<1>ab']);
  assert.deepEqual(read(['123']), ['123']);
  assert.deepEqual(read(['123 ']), ['123 ']);
});

test('of a line that is too long the beginning is kept, and the next line is whole', () => {
  const { reader, messages } = open(16);
  const text = `<1>${'x'.repeat(40)}\n<2>b\n`;
  reader.push(Buffer.from(text));
  assert.deepEqual(messages, ['<1>xxxxxxxxxxxxx', '<2>b']);
  assert.equal(reader.truncatedCount, 1);
});

test('of a counted frame that is too long the beginning is kept, and the next is whole', () => {
  const { reader, messages } = open(16);
  const text = `43 <1>${'x'.repeat(40)}4 <2>b`;
  reader.push(Buffer.from(text));
  assert.deepEqual(messages, ['<1>xxxxxxxxxxxxx', '<2>b']);
  assert.equal(reader.truncatedCount, 1);
});

test('a frame as long as the limit is not cut', () => {
  const { reader, messages } = open(16);
  const text = `<1>${'x'.repeat(13)}\n16 <2>${'y'.repeat(13)}<3>z\n`;
  reader.push(Buffer.from(text));
  assert.deepEqual(
    messages.map((message) => message.length),
    [16, 16, 4],
  );
  assert.equal(reader.truncatedCount, 0);
});

test('a cut does not go through a character', () => {
  assert.deepEqual(read([`${'x'.repeat(15)}é\n`], 16), ['x'.repeat(15)]);
  assert.deepEqual(read([`${'x'.repeat(13)}🙂\n`], 16), ['x'.repeat(13)]);
  assert.deepEqual(read([`${'x'.repeat(12)}🙂!\n`], 16), [`${'x'.repeat(12)}🙂`]);
});

test('a character cut by a chunk border is whole', () => {
  const bytes = Buffer.from('<1>größer 🙂\n');
  const split = [...bytes].map((byte) => Buffer.from([byte]));
  assert.deepEqual(read(split), ['<1>größer 🙂']);
});

const piece = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    '\0',
    '<34>',
    '<34>1 ',
    '5 ',
    '12 ',
    '70 <1>',
    '1234567 ',
    '0',
    ' ',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ minLength: LIMIT - 2, maxLength: LIMIT + 40 }),
);
const stream = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join(''))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

function splitAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...places, bytes.length].map((end, i) => bytes.subarray(places[i - 1] ?? 0, end));
}

test('the same bytes give the same messages however they are cut into chunks', () => {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 40 }), (bytes, cuts) => {
      assert.deepEqual(read(splitAt(bytes, cuts)), read([bytes]));
    }),
    { numRuns: 1000 },
  );
});

test('byte by byte, nothing held grows beyond the limit', () => {
  fc.assert(
    fc.property(stream, (bytes) => {
      const messages = read([...bytes].map((byte) => Buffer.from([byte])));
      assert.deepEqual(messages, read([bytes]));
      for (const message of messages) assert.ok(message.length <= LIMIT);
    }),
  );
});

test('any messages, framed either way, are read back', () => {
  const message = fc
    .string({ unit: 'grapheme', maxLength: 12 })
    .map((text) => `<13>${text.replaceAll(/[\n\r\0]/g, '')}`);
  const framed = fc.array(fc.tuple(message, fc.boolean()));
  fc.assert(
    fc.property(framed, fc.array(fc.nat()), (frames, cuts) => {
      const bytes = Buffer.from(
        frames
          .map(([text, isCounted]) =>
            isCounted ? `${Buffer.byteLength(text)} ${text}` : `${text}\n`,
          )
          .join(''),
      );
      assert.deepEqual(
        read(splitAt(bytes, cuts), 1024),
        frames.map(([text]) => text),
      );
    }),
  );
});

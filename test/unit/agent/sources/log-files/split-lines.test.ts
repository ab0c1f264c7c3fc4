import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitLines } from '../../../../../packages/agent/src/sources/log-files/split-lines.ts';

function split(bytes: Buffer, offset: number): { texts: string[]; ends: readonly number[] } {
  const { places, ends } = splitLines(bytes, offset);
  const texts = ends.map((_, i) => bytes.toString('utf8', places[2 * i], places[2 * i + 1]));
  return { texts, ends };
}

test('lines are told with the offsets they end at, an unfinished one is not', () => {
  const { texts, ends } = split(Buffer.from('one\ntwö\r\n\nunfinished'), 100);
  assert.deepEqual(texts, ['one', 'twö', '']);
  assert.deepEqual(ends, [104, 110, 111]);
});

test('a byte order mark is left out at the beginning of a file, and only there', () => {
  const bytes = Buffer.from('\uFEFFone\n\uFEFFtwo\n');
  assert.deepEqual(split(bytes, 0).texts, ['one', '\uFEFFtwo']);
  assert.deepEqual(split(bytes, 5).texts, ['\uFEFFone', '\uFEFFtwo']);
});

test('NULs in front of a line are left out, others stay', () => {
  assert.deepEqual(split(Buffer.from('\0\0one\n\0\n\0\r\na\0b\0\n'), 0).texts, [
    'one',
    '',
    '',
    'a\0b\0',
  ]);
});

test('joined again, lines and line feeds are what was split', () => {
  const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\n\r\0\uFEFF]/.test(text));
  fc.assert(
    fc.property(fc.array(line), line, fc.nat(), (lines, unfinished, offset) => {
      const text = lines.map((each) => `${each}\n`).join('');
      const { texts, ends } = split(Buffer.from(text + unfinished), offset);
      assert.deepEqual(texts, lines);
      assert.equal(ends.at(-1) ?? offset, offset + Buffer.byteLength(text));
    }),
  );
});

test('any bytes are split, and the ends grow', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const { texts, ends } = split(Buffer.from(bytes), 0);
      assert.equal(texts.length, bytes.filter((byte) => byte === 0x0a).length);
      assert.equal(ends.length, texts.length);
      ends.forEach((end, i) => {
        assert.ok(end > (ends[i - 1] ?? 0) && bytes[end - 1] === 0x0a);
      });
    }),
  );
});

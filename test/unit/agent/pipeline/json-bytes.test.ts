import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { scalarText } from '../../../../packages/agent/src/eventlog/value.ts';
import { IsoTimes } from '../../../../packages/agent/src/pipeline/iso-times.ts';
import { JsonBytes } from '../../../../packages/agent/src/pipeline/json-bytes.ts';
import { JsonLiteral } from '../../../../packages/agent/src/pipeline/json-literal.ts';
import { writeScalar } from '../../../../packages/agent/src/pipeline/windows-event/stored/scalar-json.ts';

test('whatever is stored, a scalar is the JSON of its text', () => {
  const units = fc.array(fc.oneof(fc.integer({ min: 0, max: 0x7f }), fc.nat(0xffff)));
  const texts = units.map((u) => Buffer.from(Uint16Array.from(u).buffer));
  const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
  const sid = fc
    .tuple(fc.nat(5), fc.uint8Array({ minLength: 26, maxLength: 26 }))
    .map(([count, rest]) => Buffer.from([1, count, 0, 0, 0, 0, 0, 5, ...rest.subarray(2)]));
  const stored = fc.oneof(texts, texts, bytes, sid);
  fc.assert(
    fc.property(stored, fc.integer({ min: 0, max: 0x22 }), (value, type) => {
      const out = new JsonBytes(1);
      writeScalar(out, value, type, 0, value.length);
      const expected = JSON.stringify(scalarText(value, type, 0, value.length)).slice(1, -1);
      assert.equal(out.content().toString(), expected);
    }),
    { numRuns: 3000 },
  );
});

test('numbers are their decimal digits', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.nat(99_999)), (number) => {
      const out = new JsonBytes(1);
      out.digits(number);
      assert.equal(out.content().toString(), String(number));
    }),
  );
});

test('what was written can be taken back, and literals of any length follow each other', () => {
  const out = new JsonBytes(1);
  for (const json of ['{', '"a"', ':1', ',"längere":', '"x"}', '']) out.raw(new JsonLiteral(json));
  assert.equal(out.content().toString(), '{"a":1,"längere":"x"}');
  out.truncate(6);
  out.text('é\n"');
  assert.equal(out.content().toString(), '{"a":1é\\n\\"');
});

test('whatever the UTF-8, wherever it lies, it is the JSON of its text', () => {
  const character = fc.oneof(
    fc.constantFrom('"', '\\', '\n', '\t', '\u0001', '\u001f', '\u007f', ' ', '\u2028'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
  );
  const text = fc.array(character, { maxLength: 40 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.nat(5), fc.nat(3), (value, before, capacity) => {
      const bytes = Buffer.from(`${'"'.repeat(before)}${value}"`);
      const out = new JsonBytes(capacity);
      out.byte(0x22);
      out.utf8(bytes, before, bytes.length - 1);
      out.byte(0x22);
      assert.equal(out.content().toString(), JSON.stringify(value));
    }),
    { numRuns: 2_000 },
  );
});

test('a time is what a Date makes of it', () => {
  const times = new IsoTimes();
  const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
  const moment = fc.integer({ min: -62_167_219_200_000, max: latest });
  fc.assert(
    fc.property(moment, fc.nat(86_400_000), (first, later) => {
      for (const ms of [first, Math.min(first + later, latest)]) {
        const out = new JsonBytes(1);
        times.write(ms, out);
        assert.equal(out.content().toString(), new Date(ms).toISOString());
      }
    }),
  );
});

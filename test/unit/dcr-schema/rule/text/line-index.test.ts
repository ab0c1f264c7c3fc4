import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineIndex } from '../../../../../packages/dcr-schema/src/rule/text/line-index.ts';

function places(text: string): string[] {
  const index = new LineIndex(text);
  return Array.from({ length: text.length + 1 }, (_, offset) => {
    const { line, column } = index.position(offset);
    return `${line}:${column}`;
  });
}

test('lines end at LF, CR LF and CR', () => {
  assert.deepEqual(places('a\nb'), ['1:1', '1:2', '2:1', '2:2']);
  assert.deepEqual(places('a\r\nb'), ['1:1', '1:2', '1:3', '2:1', '2:2']);
  assert.deepEqual(places('a\rb'), ['1:1', '1:2', '2:1', '2:2']);
  assert.deepEqual(places('\n\n'), ['1:1', '2:1', '3:1']);
});

test('a byte order mark takes no column', () => {
  assert.deepEqual(places('\uFEFFa\nb'), ['1:1', '1:1', '1:2', '2:1', '2:2']);
});

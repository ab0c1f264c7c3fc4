import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable } from '../../../../packages/agent/src/host/printable.ts';

test('nothing ends the line, moves the cursor or turns the direction', () => {
  const evil = 'a\nb\r\tc\u001b[2J\u0000\u007f\u0085\u009b\u2028\u202e\u2066d';
  assert.equal(
    printable(evil),
    'a\\u000ab\\u000d\\u0009c\\u001b[2J\\u0000\\u007f\\u0085\\u009b\\u2028\\u202e\\u2066d',
  );
});

test('text of any language stays as it is', () => {
  const text = 'Größe — 日本語 😀 "x" \\ …';
  assert.equal(printable(text), text);
});

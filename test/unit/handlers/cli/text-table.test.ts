import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textTable } from '../../../../packages/handlers/src/cli/text-table.ts';

test('columns are as wide as their widest cell', () => {
  assert.equal(
    textTable(
      ['A', 'LONGER', 'C'],
      [
        ['text', 1, null],
        ['é', { a: [1] }, true],
      ],
    ),
    'A     LONGER     C\ntext  1\né     {"a":[1]}  true',
  );
});

test('what would steer the terminal is shown as a blank', () => {
  const text = textTable(['A'], [['\u001b[31mred\u0007\r\n\u009bx']]);
  assert.equal(text, 'A\n [31mred x');
});

test('on a terminal a cell and a line end where the eye does', () => {
  const lines = textTable(['A', 'B'], [['x'.repeat(100), 'y'.repeat(100)]], { width: 80 }).split(
    '\n',
  );
  assert.equal(lines[1], `${'x'.repeat(59)}…  ${'y'.repeat(17)}…`);
  assert.equal(textTable(['A'], [['x'.repeat(500)]]).length, 'A\n'.length + 500);
});

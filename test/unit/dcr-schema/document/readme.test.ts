import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DOCUMENT_CODES } from '../../../../packages/dcr-schema/src/document/codes.ts';

const README = new URL('../../../../packages/dcr-schema/src/document/README.md', import.meta.url);

test('the table of codes in the README is the catalogue', () => {
  const rows = readFileSync(README, 'utf8')
    .split('\n')
    .filter((line) => /^\| `(DCRA|DCR|JSON)_/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, code, severity, meaning]) => [code, severity, meaning]);
  const catalogue = Object.entries(DOCUMENT_CODES).map(([code, { severity, meaning }]) => {
    return [code, severity, meaning];
  });
  assert.deepEqual(rows, catalogue);
});

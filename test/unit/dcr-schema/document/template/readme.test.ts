import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TEMPLATE_CODES } from '../../../../../packages/dcr-schema/src/document/template/codes.ts';
import { functionNames } from '../../../../../packages/dcr-schema/src/document/template/functions/table.ts';

const FOLDER = new URL(
  '../../../../../packages/dcr-schema/src/document/template/',
  import.meta.url,
);
const text = readFileSync(new URL('README.md', FOLDER), 'utf8');

test('the table of codes in the README is the catalogue', () => {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `ARM_'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, code, severity, meaning]) => [code, severity, meaning]);
  const catalogue = Object.entries(TEMPLATE_CODES).map(([code, { severity, meaning }]) => {
    return [code, severity, meaning];
  });
  assert.deepEqual(rows, catalogue);
});

test('the README names every function', () => {
  const named = new Set(Array.from(text.matchAll(/`(\w+)`/g), ([, name]) => name));
  assert.deepEqual(
    functionNames().filter((name) => !named.has(name)),
    [],
  );
});

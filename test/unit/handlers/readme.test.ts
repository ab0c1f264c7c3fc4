import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ERROR_CODES, START_ERROR_CODES } from '@dcr-agent/handlers';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const readme = await readFile(`${ROOT}packages/handlers/README.md`, 'utf8');

/** Rows of the table under a heading, as arrays of cells. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('the table of errors is the catalogue', () => {
  const catalogue = Object.entries(ERROR_CODES).map(([code, { status, meaning }]) => [
    code,
    String(status),
    meaning.replaceAll('`', ''),
  ]);
  assert.deepEqual(tableUnder('Errors'), catalogue);
});

test('the table of start-up errors is the catalogue', () => {
  const codes = tableUnder('Starting').map(([code]) => code);
  assert.deepEqual(codes, Object.keys(START_ERROR_CODES));
});

test('the example runs and prints what it says', async () => {
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const printed = /```text\n(.*?)```/s.exec(readme)?.[1];
  const options = [
    '--conditions=dcr-agent-source',
    '--input-type=module-typescript',
    '-e',
    example,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: ROOT });
  assert.equal(stdout, printed);
});

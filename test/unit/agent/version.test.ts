import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { VERSION } from '../../../packages/agent/src/version.ts';

test('the version is that of the package', () => {
  const file = new URL('../../../packages/agent/package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  assert.equal(VERSION, version);
});

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { guidOf, loadKeyFiles } from '../../../../packages/handlers/src/identity/key-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('keys are made once and kept', async () => {
  const directory = join(await temporaryFolder(), 'a', 'b');
  const first = await loadKeyFiles(directory);
  assert.match(first.machineKeyPem, /BEGIN PRIVATE KEY/);
  assert.equal(first.ingestionKey.length, 32);
  assert.deepEqual(await loadKeyFiles(directory), first);
  assert.deepEqual((await readdir(directory)).sort(), [
    'admin.token',
    'ingestion-token.key',
    'machine-token-key.pem',
  ]);
});

test('the key of ingestion tokens may be kept elsewhere, for servers to share', async () => {
  const directory = await temporaryFolder();
  const shared = join(directory, 'shared.key');
  const first = await loadKeyFiles(join(directory, '1'), shared);
  const second = await loadKeyFiles(join(directory, '2'), shared);
  assert.deepEqual(second.ingestionKey, first.ingestionKey);
  assert.notEqual(second.adminToken, first.adminToken);
  await writeFile(shared, 'c2hvcnQ');
  await assert.rejects(loadKeyFiles(directory, shared), {
    code: 'KEY_INVALID',
    message: /shared.key holds 5 bytes/,
  });
});

test('an empty file is not taken for a key, nor replaced', async () => {
  const directory = await temporaryFolder();
  await writeFile(join(directory, 'admin.token'), ' \n');
  await assert.rejects(loadKeyFiles(directory), { code: 'KEY_INVALID' });
  assert.equal(await readFile(join(directory, 'admin.token'), 'utf8'), ' \n');
});

test('a folder that cannot be made is named', async () => {
  const file = join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  await assert.rejects(loadKeyFiles(join(file, 'data')), { code: 'DATA_UNUSABLE' });
  await assert.rejects(loadKeyFiles('/proc/none/data'), { code: 'DATA_UNUSABLE' });
});

test('a GUID made of a text is always the same', () => {
  assert.equal(guidOf('a'), guidOf('a'));
  assert.notEqual(guidOf('a'), guidOf('b'));
  assert.match(guidOf('a'), /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
});

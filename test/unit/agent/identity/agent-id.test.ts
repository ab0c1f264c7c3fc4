import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readAgentId } from '../../../../packages/agent/src/identity/agent-id.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

suite('the id of the installation', () => {
  test('is made once, stays, and is for its owner only', async () => {
    const folder = await temporaryFolder();
    const host = createFakeHost();
    const id = await readAgentId(host, folder);
    assert.equal(id, '00000000-0000-4000-8000-000000000001');
    assert.equal(await readAgentId(host, folder), id);
    assert.equal((await stat(join(folder, 'agent-id'))).mode & 0o777, 0o600);
  });

  test('is made again, with a word, when the file is damaged', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'agent-id'), '\0\0\0\0');
    const host = createFakeHost();
    const id = await readAgentId(host, folder);
    assert.equal(host.log.entries[0]?.message, 'the agent id was damaged; there is a new one');
    assert.equal(await readFile(join(folder, 'agent-id'), 'utf8'), `${id}\n`);
  });

  test('lasts for one run where it cannot be kept', async () => {
    const folder = join(await temporaryFolder(), 'missing');
    const host = createFakeHost();
    assert.match(await readAgentId(host, folder), /^[\da-f-]{36}$/);
    assert.equal(host.log.entries[0]?.message, 'the agent id cannot be kept');
  });
});

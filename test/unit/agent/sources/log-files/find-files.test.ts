import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  filesIn,
  findFiles,
} from '../../../../../packages/agent/src/sources/log-files/find-files.ts';
import { statusOf } from '../../../../../packages/agent/src/sources/log-files/open-file.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

async function folderWith(files: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  for (const file of files) {
    await mkdir(join(root, file, '..'), { recursive: true });
    await writeFile(join(root, file), '');
  }
  return root;
}

test('wildcards in several segments are followed in order', async () => {
  const root = await folderWith(['b1/x/2.log', 'b1/x/1.log', 'a1/x/3.log', 'a1/y/4.log', 'c']);
  const { paths, directories, unreadable } = await findFiles(join(root, '*1/x/*.log'));
  assert.deepEqual(
    paths,
    ['a1/x/3.log', 'b1/x/1.log', 'b1/x/2.log'].map((path) => join(root, path)),
  );
  assert.deepEqual(
    directories,
    ['', 'a1/x', 'b1/x'].map((path) => join(root, path).replace(/\/$/, '')),
  );
  assert.deepEqual(unreadable, []);
});

test('a name without wildcards is named whether it exists or not', async () => {
  const root = await folderWith([]);
  const { paths, directories } = await findFiles(join(root, 'no/such.log'));
  assert.deepEqual(paths, [join(root, 'no/such.log')]);
  assert.deepEqual(directories, [join(root, 'no')]);
});

test('a directory that is missing holds nothing, one that cannot be listed is told', async () => {
  const root = await folderWith([]);
  await symlink(join(root, 'loop'), join(root, 'loop'));
  assert.deepEqual((await findFiles(join(root, 'missing/*.log'))).unreadable, []);
  const { paths, unreadable } = await findFiles(join(root, 'loop/*.log'));
  assert.deepEqual(paths, []);
  assert.deepEqual(
    unreadable.map(({ path }) => path),
    [join(root, 'loop')],
  );
});

test('a link to a directory is followed', async () => {
  const root = await folderWith(['real/a.log']);
  await symlink(join(root, 'real'), join(root, 'link'));
  const { paths } = await findFiles(join(root, 'l*/*.log'));
  assert.deepEqual(paths, [join(root, 'link/a.log')]);
});

test('which files a directory holds is told by what they are', async () => {
  const root = await folderWith(['a.log', 'b.log', 'below/c.log']);
  const files = await filesIn(root);
  assert.deepEqual([...files!.values()].sort(), [join(root, 'a.log'), join(root, 'b.log')]);
  const status = await statusOf(join(root, 'b.log'));
  assert.equal(files?.get(status!.identity), join(root, 'b.log'));
});

test('of a directory that is missing it cannot be told what it holds', async () => {
  const root = await folderWith([]);
  assert.equal(await filesIn(join(root, 'missing')), undefined);
});

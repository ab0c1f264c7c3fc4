import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const FOLDER = new URL('../../../../packages/agent/src/buffer/', import.meta.url);
const README = readFileSync(new URL('README.md', FOLDER), 'utf8');

test('the example of the README runs and says what became of three records', async () => {
  const folder = await temporaryFolder();
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(README) ?? [];
  const module = join(folder, 'example.ts');
  const parent = new URL('..', FOLDER).href;
  const absolute = code
    .replaceAll("from '../", `from '${parent}`)
    .replaceAll("from './", `from '${FOLDER.href}`);
  await writeFile(module, absolute);
  const { deliverOnce } = (await import(pathToFileURL(module).href)) as {
    deliverOnce: (path: string) => Promise<string>;
  };
  assert.equal(await deliverOnce(join(folder, 'state')), '3 read, 1 filtered, 2 delivered');
});

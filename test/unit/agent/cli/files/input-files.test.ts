import assert from 'node:assert/strict';
import { mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  EVENT_LOGS,
  findInputFiles,
} from '../../../../../packages/agent/src/cli/files/input-files.ts';
import { temporaryFolder } from '../../../../support/temporary-folder.ts';

function namesBelow(folder: string): string[] {
  return findInputFiles([folder], EVENT_LOGS).files.map(({ name }) =>
    name.slice(folder.length + 1),
  );
}

test('the logs below a folder come in the order of their paths', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'b'));
  for (const name of ['c.evtx', 'b/z.xml', 'b.EVTX', 'a.XML', 'a.txt']) {
    writeFileSync(join(folder, name), 'x');
  }
  assert.deepEqual(namesBelow(folder), ['a.XML', 'b.EVTX', 'b/z.xml', 'c.evtx']);
  assert.deepEqual(findInputFiles([folder], EVENT_LOGS).errors, []);
});

test('links to files are followed, links to folders are not', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'sub', 't.xml'), 'x');
  symlinkSync('..', join(folder, 'sub', 'loop'));
  symlinkSync('.', join(folder, 'sub', 'self.xml'));
  symlinkSync('t.xml', join(folder, 'sub', 'link.xml'));
  assert.deepEqual(namesBelow(folder), ['sub/link.xml', 'sub/t.xml']);
  const link = join(await temporaryFolder(), 'top');
  symlinkSync(folder, link);
  assert.deepEqual(namesBelow(link), ['sub/link.xml', 'sub/t.xml'], 'the argument itself is');
});

test('a link that leads nowhere is told', async () => {
  const folder = await temporaryFolder();
  symlinkSync('gone.evtx', join(folder, 'log.evtx'));
  const { files, errors } = findInputFiles([folder], EVENT_LOGS);
  assert.deepEqual(files, []);
  assert.equal(errors.length, 1);
  assert.match(errors[0]!, /log\.evtx: ENOENT/);
});

test('a name that is no text is told, and the others are read', async () => {
  const folder = await temporaryFolder();
  const named = (name: string): Buffer => Buffer.from(`${folder}/${name}`, 'latin1');
  for (const name of ['\xff\xfe.xml', '\xff.txt', 'good.xml']) writeFileSync(named(name), 'x');
  mkdirSync(named('\xe9'));
  const { files, errors } = findInputFiles([folder], EVENT_LOGS);
  assert.deepEqual(
    files.map(({ name }) => name),
    [join(folder, 'good.xml')],
  );
  assert.deepEqual(errors.toSorted(), [
    `${join(folder, '\\xe9')}: the name is not UTF-8; rename it`,
    `${join(folder, '\\xff\\xfe.xml')}: the name is not UTF-8; rename it`,
  ]);
});

test('a folder that cannot be read costs itself only', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'good.xml'), 'x');
  const deep = makeTooDeep(folder);
  try {
    const { files, errors } = findInputFiles([folder], EVENT_LOGS);
    assert.deepEqual(
      files.map(({ name }) => name),
      [join(folder, 'good.xml')],
    );
    assert.equal(errors.length, 1);
    assert.match(errors[0]!, /d\/d+: ENAMETOOLONG/);
  } finally {
    deep.remove();
  }
});

/** Folders whose path is longer than the system takes, which even root cannot read. */
function makeTooDeep(folder: string): { remove(): void } {
  const name = 'd'.repeat(250);
  const before = process.cwd();
  process.chdir(folder);
  for (let depth = 0; depth < 17; depth++) {
    mkdirSync(name);
    process.chdir(name);
  }
  process.chdir(before);
  return {
    remove() {
      process.chdir(folder);
      for (let depth = 0; depth < 17; depth++) process.chdir(name);
      for (let depth = 0; depth < 17; depth++) {
        process.chdir('..');
        rmdirSync(name);
      }
      process.chdir(before);
    },
  };
}

test('a folder without logs is told', async () => {
  const folder = await temporaryFolder();
  assert.deepEqual(findInputFiles([folder], EVENT_LOGS), {
    files: [],
    errors: [`${folder}: there is no .evtx or .xml file in this folder`],
  });
});

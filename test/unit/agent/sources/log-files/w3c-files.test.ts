/** Logs in W3C format as files: what their lines with `#` say is known wherever reading goes on. */
import assert from 'node:assert/strict';
import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { iisPatterns } from '../../../../../packages/agent/src/sources/w3c-files.ts';
import { FollowedFolder } from './followed-folder.ts';

const W3C = { records: { kind: 'w3c' } } as const;
const HEAD = '#Software: IIS\r\n#Version: 1.0\r\n#Date: 2026-03-01 10:00:00\r\n';

function rows(folder: FollowedFolder): unknown[] {
  return folder.records.map(({ line, header }) => [line, header?.fields, header?.date]);
}

test('each row knows the fields in front of it', async (t) => {
  const folder = await FollowedFolder.create(t);
  const first = `${HEAD}#Fields: time c-ip\r\n10:11:12 a\r\n\r\n# a remark\r\n`;
  const second = '#Date: 2026-03-02\r\n#Fields: c-ip time\r\nb 10:11:13\r\n#Fields: x\r\n';
  await writeFile(folder.file('a.log'), first + second);
  folder.start('a.log', W3C);
  await folder.settle();
  assert.deepEqual(rows(folder), [
    ['10:11:12 a', 'time c-ip', '2026-03-01'],
    ['b 10:11:13', 'c-ip time', '2026-03-02'],
  ]);
  await appendFile(folder.file('a.log'), 'c\r\n');
  await folder.settle();
  assert.deepEqual(rows(folder).slice(2), [['c', 'x', '2026-03-02']]);
});

test('after a restart in the middle of a file the fields are known', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), `${HEAD}#Fields: c-ip\n`);
  folder.start('a.log', W3C);
  await folder.settle();
  for (const row of ['a', 'b']) {
    await folder.stop();
    await appendFile(folder.file('a.log'), `${row}\n`);
    folder.start('a.log', W3C);
    await folder.settle();
  }
  assert.deepEqual(rows(folder), [
    ['a', 'c-ip', '2026-03-01'],
    ['b', 'c-ip', '2026-03-01'],
  ]);
});

test('a file that is read from its end has its fields from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  const old = `${HEAD}#Fields: c-ip\n${'old\n'.repeat(200_000)}`;
  await writeFile(folder.file('a.log'), old);
  folder.start('a.log', { ...W3C, startAt: 'end' });
  await folder.settle();
  await appendFile(folder.file('a.log'), 'new\n');
  await folder.settle();
  assert.deepEqual(rows(folder), [['new', 'c-ip', '2026-03-01']]);
});

test('a truncated file has other fields, or none', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), '#Fields: c-ip\na\n');
  folder.start('a.log', W3C);
  await folder.settle();
  await truncate(folder.file('a.log'));
  await folder.settle();
  await appendFile(folder.file('a.log'), 'b\n');
  await folder.settle();
  assert.deepEqual(rows(folder), [
    ['a', 'c-ip', undefined],
    ['b', '', undefined],
  ]);
});

test('many lines that are no rows are passed over', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), `${'# nothing\n'.repeat(100_000)}#Fields: c-ip\na\n`);
  folder.start('a.log', W3C);
  await folder.settle();
  assert.deepEqual(rows(folder), [['a', 'c-ip', undefined]]);
});

test('web server logs are those of a directory and of its sites', () => {
  assert.deepEqual(iisPatterns(['/logs']), ['/logs/*.log', '/logs/W3SVC*/*.log']);
  if (process.platform !== 'win32') {
    assert.throws(() => iisPatterns([]), /the rule names no logDirectories/);
  }
});

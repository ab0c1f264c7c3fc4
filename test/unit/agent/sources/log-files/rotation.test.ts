import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  mkdir,
  open,
  rename,
  rm,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { test } from 'node:test';
import { FollowedFolder } from './followed-folder.ts';

test('a file renamed out of the pattern is read to its end, the new one from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  const writer = await open(folder.file('app.log'), 'a');
  await rename(folder.file('app.log'), folder.file('old'));
  await writeFile(folder.file('app.log'), 'new\n');
  await writer.write('still written to the old one\n');
  await folder.settle();
  await writer.write('and once more\n');
  await writer.close();
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), [
    'and once more',
    'new',
    'one',
    'still written to the old one',
  ]);
  assert.ok(folder.records.every(({ filePath }) => filePath === folder.file('app.log')));
});

test('a file renamed within the pattern is neither read again nor lost', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log*');
  await folder.settle();
  await rename(folder.file('app.log'), folder.file('app.log.1'));
  await appendFile(folder.file('app.log.1'), 'late\n');
  await writeFile(folder.file('app.log'), 'new\n');
  await folder.settle();
  await rename(folder.file('app.log.1'), folder.file('app.log.2'));
  await rename(folder.file('app.log'), folder.file('app.log.1'));
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['late', 'new', 'one']);
});

test('a file that is truncated after it was copied is read from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\ntwo\n');
  folder.start('app.log');
  await folder.settle();
  await copyFile(folder.file('app.log'), folder.file('old'));
  await truncate(folder.file('app.log'));
  await appendFile(folder.file('app.log'), 'new\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two', 'new']);
});

test('that a file was truncated is known after a restart', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  await truncate(folder.file('app.log'));
  await folder.settle();
  await folder.stop();
  await rename(folder.file('app.log'), folder.file('old'));
  await writeFile(folder.file('old'), 'two\n');
  folder.start('app.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
});

// What is done in one go below cannot be looked at half done.

test('a file truncated and filled beyond its old size between two looks is read again', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  writeFileSync(folder.file('app.log'), 'a longer line than before\nnew\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'a longer line than before', 'new']);
});

test('a file truncated and filled to exactly its old size is read again', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  writeFileSync(folder.file('app.log'), 'two\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
});

test('a file with a heading that is truncated and filled again is told by where lines end', async (t) => {
  const folder = await FollowedFolder.create(t);
  const heading = `# ${'heading '.repeat(60)}.\n`;
  await writeFile(folder.file('app.log'), `${heading}one\n`);
  folder.start('app.log');
  await folder.settle();
  writeFileSync(folder.file('app.log'), `${heading}another\n`);
  await folder.settle();
  assert.deepEqual(folder.lines.slice(-2), [heading.trimEnd(), 'another']);
});

test('a file truncated and filled again while emit waited is read from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  const numbered = (word: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${word} line ${i}`);
  await writeFile(folder.file('app.log'), `${numbered('old', 50_000).join('\n')}\n`);
  const gate = Promise.withResolvers<void>();
  const handed = Promise.withResolvers<void>();
  folder.start('app.log', {}, () => {
    handed.resolve();
    return gate.promise;
  });
  await handed.promise;
  const lines = numbered('another', 100_000);
  await writeFile(folder.file('app.log'), `${lines.join('\n')}\n`);
  folder.pass(2_000);
  gate.resolve();
  await folder.settle();
  const old = folder.lines.indexOf('another line 0');
  assert.ok(old > 0 && old < 50_000);
  assert.deepEqual(folder.lines.slice(0, old), numbered('old', old));
  assert.deepEqual(folder.lines.slice(old), lines);
});

for (const [size, holeBytes] of [
  ['a small', 5_000],
  ['a large', 5_000_000],
] as const) {
  test(`a writer that does not append leaves ${size} hole, which is no part of a line`, async (t) => {
    const folder = await FollowedFolder.create(t);
    const writer = await open(folder.file('app.log'), 'w');
    const text = `${'x'.repeat(999)}\n`.repeat(holeBytes / 1000);
    await writer.write(text);
    folder.start('app.log');
    await folder.settle();
    await truncate(folder.file('app.log'));
    await writer.write('after the hole\n');
    await folder.settle();
    await writer.write('and on\n');
    await writer.close();
    await folder.settle();
    assert.deepEqual(folder.lines.slice(-2), ['after the hole', 'and on']);
    assert.equal(folder.lines.length, holeBytes / 1000 + 2);
    assert.deepEqual(
      folder.batches.flatMap(({ rejects }) => rejects ?? []),
      [],
    );
  });
}

test('a file that is deleted and created again is read from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  for (let i = 0; i < 5; i++) {
    await writeFile(folder.file('app.log'), `line ${i}\n`);
    if (i === 0) folder.start('app.log');
    await folder.settle();
    await unlink(folder.file('app.log'));
    if (i % 2 === 0) await folder.settle();
  }
  await folder.settle();
  assert.deepEqual(folder.lines, ['line 0', 'line 1', 'line 2', 'line 3', 'line 4']);
});

test('what a deleted file still held is read, its unfinished line too, then it is forgotten', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  await appendFile(folder.file('app.log'), 'two\nunfinished');
  await unlink(folder.file('app.log'));
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two', 'unfinished']);
  assert.deepEqual(folder.fileCursors, []);
  assert.equal(folder.source?.describe?.().files, 0);
});

test('renamed within the pattern while the agent was down: read on where it was left', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log*');
  await folder.settle();
  await folder.stop();
  await appendFile(folder.file('app.log'), 'two\n');
  await rename(folder.file('app.log'), folder.file('app.log.1'));
  await writeFile(folder.file('app.log'), 'three\n');
  folder.start('app.log*');
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['one', 'three', 'two']);
  assert.equal(
    folder.records.find(({ line }) => line === 'two')?.filePath,
    folder.file('app.log.1'),
  );
});

test('renamed out of the pattern while the agent was down: found in its directory', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  await folder.stop();
  await appendFile(folder.file('app.log'), 'two\n');
  await rename(folder.file('app.log'), folder.file('old'));
  await writeFile(folder.file('app.log'), 'three\n');
  folder.start('app.log');
  await folder.settle();
  await appendFile(folder.file('old'), 'late\n');
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['late', 'one', 'three', 'two']);
  assert.equal(folder.source?.describe?.().rotatedAway, 1);
});

test('deleted while the agent was down: its cursor is forgotten', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  await writeFile(folder.file('app2.log'), 'two\n');
  folder.start('app*.log');
  await folder.settle();
  await folder.stop();
  assert.equal(folder.fileCursors.length, 2);
  await unlink(folder.file('app.log'));
  folder.start('app*.log');
  await folder.settle();
  assert.equal(folder.fileCursors.length, 1);
  assert.deepEqual(folder.lines, ['one', 'two']);
});

test('replaced while the agent was down, the inode perhaps being the same: read from its beginning', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  folder.start('app.log');
  await folder.settle();
  await folder.stop();
  await writeFile(folder.file('app.log'), 'in place of one\ntwo\n');
  folder.start('app.log');
  await folder.settle();
  await folder.stop();
  await unlink(folder.file('app.log'));
  await writeFile(folder.file('app.log'), 'in place of both, and longer than them\n');
  folder.start('app.log');
  await folder.settle();
  assert.deepEqual(folder.lines, [
    'one',
    'in place of one',
    'two',
    'in place of both, and longer than them',
  ]);
});

test('a directory that was away, as a disk not mounted, does not cost the cursors', async (t) => {
  const folder = await FollowedFolder.create(t);
  await mkdir(folder.file('disk'));
  await writeFile(folder.file('disk/app.log'), 'one\n');
  folder.start('disk/*.log');
  await folder.settle();
  await folder.stop();
  await rename(folder.file('disk'), folder.file('away'));
  folder.start('disk/*.log');
  await folder.settle();
  await appendFile(folder.file('away/app.log'), 'two\n');
  await rename(folder.file('away'), folder.file('disk'));
  await folder.settle();
  await rm(folder.file('disk'), { recursive: true });
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
});

test('an unfinished line survives a restart and a rotation', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\ntw');
  folder.start('app.log*');
  await folder.settle();
  await folder.stop();
  await rename(folder.file('app.log'), folder.file('app.log.1'));
  folder.start('app.log*');
  await folder.settle();
  await appendFile(folder.file('app.log.1'), 'o\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
});

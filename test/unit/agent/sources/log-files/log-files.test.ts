import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFile, link, mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { isAgentError } from '../../../../../packages/agent/src/errors.ts';
import { openLogFiles } from '../../../../../packages/agent/src/sources/log-files/log-files.ts';
import { createFakeHost } from '../../../../support/fake-host.ts';
import { settle, until } from '../../../../support/until.ts';
import { FollowedFolder, KEY } from './followed-folder.ts';

const MIB = 1024 * 1024;

test('each line of each file is a record with its path and the time of reading', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\ntwo\n');
  await writeFile(folder.file('b.log'), 'three\n');
  await writeFile(folder.file('b.txt'), 'not this\n');
  folder.start('*.log');
  await folder.settle();
  const { timeMs } = folder.records[0]!;
  assert.deepEqual(folder.records, [
    { line: 'one', filePath: folder.file('a.log'), timeMs },
    { line: 'two', filePath: folder.file('a.log'), timeMs },
    { line: 'three', filePath: folder.file('b.log'), timeMs },
  ]);
  assert.ok(timeMs >= Date.UTC(2025, 2, 1));
});

test('lines written later, and files created later, are read', async (t) => {
  const folder = await FollowedFolder.create(t);
  folder.start('*.log');
  await folder.settle();
  await writeFile(folder.file('a.log'), 'one\n');
  await folder.settle();
  await appendFile(folder.file('a.log'), 'two\n');
  await writeFile(folder.file('b.log'), 'three\n');
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['one', 'three', 'two']);
});

test('wildcards stand in directories too, and a directory may come later', async (t) => {
  const folder = await FollowedFolder.create(t);
  await mkdir(folder.file('app-1/logs'), { recursive: true });
  await mkdir(folder.file('other/logs'), { recursive: true });
  await writeFile(folder.file('app-1/logs/x1.log'), 'one\n');
  await writeFile(folder.file('app-1/logs/x12.log'), 'not this\n');
  await writeFile(folder.file('other/logs/x1.log'), 'nor this\n');
  await writeFile(folder.file('app-file'), 'no directory\n');
  folder.start('app-*/logs/x?.log');
  await folder.settle();
  await mkdir(folder.file('app-2/logs'), { recursive: true });
  await writeFile(folder.file('app-2/logs/x2.log'), 'two\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
  assert.deepEqual(folder.log?.entries, []);
});

test('a file named outright needs no wildcard and need not exist yet', async (t) => {
  const folder = await FollowedFolder.create(t);
  folder.start('logs/app.log');
  await folder.settle();
  await mkdir(folder.file('logs'));
  await writeFile(folder.file('logs/app.log'), 'one\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
});

test('an unfinished line waits until it is complete', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\ntw');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  await appendFile(folder.file('a.log'), Buffer.from([0xc3]));
  await folder.settle();
  await appendFile(folder.file('a.log'), Buffer.from([0xb6, 0x0d]));
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  await appendFile(folder.file('a.log'), '\nthree\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'twö', 'three']);
});

test('carriage returns and a byte order mark are no part of lines, empty lines are lines', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), '\uFEFFone\r\n\r\n\ntwo\rthree\n\uFEFFfour\n');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', '', '', 'two\rthree', '\uFEFFfour']);
});

test('bytes that are not UTF-8 are replaced', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82, 0x0a]));
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['a\uFFFDb', '\uFFFD']);
});

test('what is there at the first start is left out when asked, what comes later is not', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'old\nbegun');
  await writeFile(folder.file('b.log'), 'old\n');
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  await appendFile(folder.file('a.log'), ' earlier\n');
  await writeFile(folder.file('c.log'), 'new file\n');
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['begun earlier', 'new file']);
});

test('what was left out at the first start is left out after a restart, new files are not', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'old\n');
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  await folder.stop();
  await appendFile(folder.file('a.log'), 'while down\n');
  await writeFile(folder.file('b.log'), 'created while down\n');
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  assert.deepEqual(folder.lines.sort(), ['created while down', 'while down']);
});

test('a source that found no file at its first start takes all of them for new later', async (t) => {
  const folder = await FollowedFolder.create(t);
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  await folder.stop();
  await writeFile(folder.file('a.log'), 'created while down\n');
  folder.start('*.log', { startAt: 'end' });
  await folder.settle();
  assert.deepEqual(folder.lines, ['created while down']);
});

test('a line of 1 MiB is read, a longer one is left out and counted, and reading goes on', async (t) => {
  const folder = await FollowedFolder.create(t);
  const longest = 'x'.repeat(MIB);
  const text = `one\n${longest}\n${longest}y\ntwo\n${'z'.repeat(3 * MIB)}\nthree\n`;
  await writeFile(folder.file('a.log'), text);
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(
    folder.lines.map((line) => (line.length > 10 ? line.length : line)),
    ['one', MIB, 'two', 'three'],
  );
  const rejects = folder.batches.flatMap((batch) => batch.rejects ?? []);
  assert.ok(rejects.every(({ reason }) => reason === 'line over 1 MB'));
  assert.equal(
    rejects.reduce((sum, { count }) => sum + count, 0),
    2,
  );
});

test('a line that grows beyond 1 MiB in many pieces is left out', async (t) => {
  const folder = await FollowedFolder.create(t);
  folder.start('*.log');
  for (let i = 0; i < 20; i++) {
    await appendFile(folder.file('a.log'), 'x'.repeat(70_000));
    await settle();
  }
  await appendFile(folder.file('a.log'), '\nnext\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['next']);
  await folder.stop();
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['next']);
  const rejects = folder.batches.flatMap((batch) => batch.rejects ?? []);
  assert.deepEqual(rejects, [{ reason: 'line over 1 MB', count: 1 }]);
});

test('a batch has at most 2000 lines, and ends where its cursor says', async (t) => {
  const folder = await FollowedFolder.create(t);
  const lines = Array.from({ length: 4500 }, (_, i) => `line ${i}`);
  await writeFile(folder.file('a.log'), `${lines.join('\n')}\n`);
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, lines);
  let bytes = 0;
  for (const { lines: batch, cursors } of folder.batches) {
    assert.ok(batch.length <= 2000);
    for (const { line } of batch) bytes += line.length + 1;
    assert.equal(JSON.parse(cursors.at(-1)!.value!).offset, bytes);
  }
});

test('a batch of long lines holds as many as are read at once', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), `${'x'.repeat(200_000)}\n`.repeat(10));
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(
    folder.batches.map(({ lines }) => lines.length),
    Array(10).fill(1),
  );
});

test('a small file does not wait for a large one to be read', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), `${'x'.repeat(999)}\n`.repeat(20_000));
  await writeFile(folder.file('z.log'), 'small\n');
  folder.start('*.log');
  await until('the small one is read', () => folder.lines.includes('small'));
  assert.ok(folder.lines.length < 2000, `${folder.lines.length} lines came first`);
});

test('nothing is read ahead while emit waits', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'x\n'.repeat(1_000_000));
  const gate = Promise.withResolvers<void>();
  let waiting = 0;
  folder.start('*.log', {}, async () => {
    waiting += 1;
    await gate.promise;
  });
  await until('a batch is handed over', () => waiting === 1);
  const heapBytes = process.memoryUsage().heapUsed;
  await settle();
  assert.equal(waiting, 1);
  assert.ok(process.memoryUsage().heapUsed - heapBytes < 50 * MIB);
  gate.resolve();
  await until('all are there', () => folder.lines.length === 1_000_000);
});

test('a file with two names is read once', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\n');
  await link(folder.file('a.log'), folder.file('b.log'));
  await symlink(folder.file('a.log'), folder.file('c.log'));
  folder.start('*.log');
  await folder.settle();
  await unlink(folder.file('a.log'));
  await appendFile(folder.file('b.log'), 'two\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
  assert.deepEqual(folder.records[1]?.filePath, folder.file('b.log'));
});

test('compressed files and UTF-32 are not read, and the log says so once', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  await writeFile(folder.file('app.log.1.gz'), gzipSync('old\n'));
  await writeFile(folder.file('app.log.2'), Buffer.from('\uFEFF\0w\0', 'utf16le'));
  folder.start('app.log*');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  const said = folder.log!.entries.map(({ level, facts }) => ({ level, ...facts }));
  assert.deepEqual(said, [
    { level: 'info', path: folder.file('app.log.1.gz'), format: 'gzip' },
    { level: 'info', path: folder.file('app.log.2'), format: 'UTF-32' },
  ]);
  assert.equal(folder.source?.describe?.().notText, 2);
});

test('what is not a file is not opened: a directory, a pipe', async (t) => {
  const folder = await FollowedFolder.create(t);
  await mkdir(folder.file('directory.log'));
  execFileSync('mkfifo', [folder.file('pipe.log')]);
  await writeFile(folder.file('a.log'), 'one\n');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  assert.deepEqual(folder.log?.entries, []);
});

test('what cannot be read is complained of once, tried again, and read when it can be', async (t) => {
  const folder = await FollowedFolder.create(t);
  await symlink(folder.file('a.log'), folder.file('a.log'));
  await writeFile(folder.file('b.log'), 'one\n');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  await rm(folder.file('a.log'));
  await writeFile(folder.file('a.log'), 'two\n');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one', 'two']);
  assert.deepEqual(
    folder.log?.entries.map(({ level, message }) => `${level}: ${message}`),
    ['warn: Cannot be read; tried again from now on.', 'info: Can be read again.'],
  );
});

test('what emit rejects with ends the source, and the batch is read again', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\n');
  folder.start('*.log', {}, () => Promise.reject(new Error('full')));
  await assert.rejects(folder.ended, /full/);
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['one']);
  await folder.stop();
});

test('cursors that cannot be read, or are of another source, are not used', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\n');
  folder.start('*.log');
  await folder.settle();
  await folder.stop();
  const [key] = folder.fileCursors;
  const identity = key!.slice(key!.indexOf('#'));
  for (const value of ['', '{}', '{"path":1}', '{"path":"x","offset":-1,"fingerprint":""}', '[]']) {
    folder.cursors.set(key!, value);
    folder.cursors.set(`${KEY}.other${identity}`, '{"path":"x","offset":0,"fingerprint":"0:"}');
    folder.start('*.log');
    await folder.settle();
    await folder.stop();
  }
  assert.deepEqual(folder.lines, Array(6).fill('one'));
});

test('a file that several patterns name is read once', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\ntwo\n');
  await writeFile(folder.file('b.log'), 'three\n');
  folder.start('*.log a.* a.log');
  await folder.settle();
  assert.deepEqual(folder.lines.toSorted(), ['one', 'three', 'two']);
  await folder.stop();
});

test('other patterns over the same files go on where those stand', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'one\n');
  await writeFile(folder.file('web.log'), 'web one\n');
  folder.start('*.log');
  await folder.settle();
  await folder.stop();
  await appendFile(folder.file('app.log'), 'two\n');
  await appendFile(folder.file('web.log'), 'web two\n');
  folder.start('app*');
  await folder.settle();
  assert.deepEqual(folder.lines.toSorted(), ['one', 'two', 'web one'], 'no pattern names web.log');
  await folder.stop();
  folder.start('app* web.log');
  await folder.settle();
  assert.deepEqual(folder.lines.toSorted(), ['one', 'two', 'web one', 'web two']);
  await folder.stop();
});

test('what a pattern names when it is new is read from the end where that is asked for', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('app.log'), 'old\n');
  await writeFile(folder.file('web.log'), 'old\n');
  folder.start('app.log', { startAt: 'end' });
  await folder.settle();
  await folder.stop();
  await appendFile(folder.file('app.log'), 'app new\n');
  folder.start('app.log web.log', { startAt: 'end' });
  await folder.settle();
  await appendFile(folder.file('web.log'), 'web new\n');
  await folder.settle();
  assert.deepEqual(folder.lines.toSorted(), ['app new', 'web new']);
  await folder.stop();
});

test('a pattern that is not absolute is refused', () => {
  assert.throws(
    () =>
      openLogFiles(
        { key: KEY, patterns: ['logs/*.log'], startAt: 'end' },
        new Map(),
        createFakeHost(),
      ),
    (error) => isAgentError(error, 'SOURCE_UNAVAILABLE'),
  );
});

test('what there is to know about the files can be asked for', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(folder.file('a.log'), 'one\ntwo');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.source?.describe?.(), {
    patterns: [folder.file('*.log')],
    files: 1,
    rotatedAway: 0,
    notText: 0,
    unreadable: 0,
    lines: 1,
    overLong: 0,
    damagedText: 0,
    lagBytes: 3,
  });
});

test('a file whose name is no text is told of', async (t) => {
  const folder = await FollowedFolder.create(t);
  await writeFile(Buffer.from(`${folder.file('caf')}\xe9.log`, 'latin1'), 'not read\n');
  await writeFile(folder.file('other.log'), 'read\n');
  folder.start('*.log');
  await folder.settle();
  assert.deepEqual(folder.lines, ['read']);
  assert.equal(folder.source?.describe?.().unreadable, 1);
  const told = folder.log?.entries.filter(({ facts }) =>
    JSON.stringify(facts).includes('not UTF-8'),
  );
  assert.equal(told?.length, 1);
});

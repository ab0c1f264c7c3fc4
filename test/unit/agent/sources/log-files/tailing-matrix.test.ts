/**
 * What is done to log files, one by one: every line carries an id, and each arrives exactly once.
 * `rotation-matrix.test.ts` does such things one behind the other; here is each alone, to its end.
 */
import assert from 'node:assert/strict';
import {
  appendFile,
  chmod,
  copyFile,
  link,
  mkdir,
  open,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { FollowedFolder } from './followed-folder.ts';

/** Behind each number: characters of two, three and four bytes. */
const TAIL = '\u00e9\u6f22\u{1f600}';

/** Writes numbered lines into the folder, and knows them all. */
class Writer {
  readonly folder: FollowedFolder;
  #written = 0;

  constructor(folder: FollowedFolder) {
    this.folder = folder;
  }

  get path(): string {
    return this.folder.file('app.log');
  }

  /** Text of lines nobody has written yet. */
  lines(count: number, end = '\n'): string {
    return Array.from({ length: count }, () => `line ${this.#written++} ${TAIL}${end}`).join('');
  }

  async write(count = 3, path = this.path): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, this.lines(count));
  }

  async settled(): Promise<void> {
    await this.folder.settle();
    this.check();
  }

  /** Waits for as many lines as were written, and no longer: with very many files a rest is long. */
  async arrived(): Promise<void> {
    while (this.folder.lineCount < this.#written && !this.folder.hasEnded) await nextTurn();
    await this.folder.rest(1);
    this.check();
  }

  check(): void {
    const expected = Array.from({ length: this.#written }, (_, i) => `line ${i} ${TAIL}`);
    const numberOf = (line: string): number => Number.parseInt(line.slice(5), 10);
    const arrived = this.folder.lines.toSorted((a, b) => numberOf(a) - numberOf(b));
    assert.deepEqual(arrived, expected);
  }
}

/** A user without rights, on any Linux. */
const NOBODY = 65_534;

type Scenario = (writer: Writer, t: TestContext) => Promise<void>;

/** The files of `pattern` are followed from the beginning of the scenario on. */
function follows(what: string, pattern: string, scenario: Scenario): void {
  test(`no line is lost or repeated: ${what}`, async (t) => {
    const folder = await FollowedFolder.create(t);
    const writer = new Writer(folder);
    folder.start(pattern);
    await scenario(writer, t);
    await writer.settled();
    // Not in the memory of this run only.
    await folder.stop();
    folder.start(pattern);
    await writer.settled();
  });
}

follows('new files and directories of a wildcard', '*/log?/app*.log', async (writer) => {
  for (const name of ['a/log1/app.log', 'a/log2/app-1.log', 'b/log1/app.log']) {
    await writer.write(3, writer.folder.file(name));
    await writer.settled();
    await writer.write(3, writer.folder.file(name));
  }
  await writeFile(writer.folder.file('a/other.log'), 'not asked for\n');
});

follows('renamed, a new one in its place', 'app.log', async (writer) => {
  for (const turn of [1, 2, 3]) {
    await writer.write();
    await writer.settled();
    await writer.write();
    await rename(writer.path, writer.folder.file(`app.log.${turn}`));
    await writer.write(3, writer.folder.file(`app.log.${turn}`));
    await writer.write();
  }
});

follows('renamed within the pattern', 'app.log*', async (writer) => {
  await writer.write();
  await writer.settled();
  await rename(writer.path, writer.folder.file('app.log.1'));
  await writer.write();
});

follows('copied and truncated once it is read', 'app.log', async (writer) => {
  for (const turn of [1, 2, 3]) {
    await writer.write(100 * (4 - turn));
    await writer.settled();
    await copyFile(writer.path, writer.folder.file(`app.log.${turn}`));
    await truncate(writer.path);
  }
  await writer.write();
});

follows('truncated and filled to the same size', 'app.log', async (writer) => {
  for (const _ of [1, 2]) {
    await writeFile(writer.path, writer.lines(5));
    await writer.settled();
  }
  const { size } = await stat(writer.path);
  assert.equal(size, 5 * Buffer.byteLength(`line 5 ${TAIL}\n`));
});

follows('deleted and created with the same inode', 'app.log', async (writer) => {
  await writer.write();
  await writer.settled();
  const { ino } = await stat(writer.path);
  await unlink(writer.path);
  await writer.folder.settle();
  for (let tries = 0; tries < 200; tries++) {
    await writeFile(writer.path, '');
    if ((await stat(writer.path)).ino === ino) break;
    await unlink(writer.path);
  }
  await writer.write(5);
});

follows('a link that is turned to the next file', 'current.log', async (writer) => {
  const { folder } = writer;
  for (const name of ['day-1.txt', 'day-2.txt']) {
    await writer.write(3, folder.file(name));
    await symlink(folder.file(name), folder.file('next'));
    await rename(folder.file('next'), folder.file('current.log'));
    await writer.settled();
    await writer.write(3, folder.file(name));
    await writer.settled();
  }
});

follows('two names for one file', '*.log', async (writer) => {
  await writer.write();
  await link(writer.path, writer.folder.file('too.log'));
  await writer.settled();
  await writer.write();
});

follows('compressed after it was rotated', 'app.log*', async (writer) => {
  const { folder } = writer;
  const text = writer.lines(20);
  await writeFile(writer.path, text);
  await writer.settled();
  await rename(writer.path, folder.file('app.log.1'));
  await writeFile(folder.file('app.log.1.gz'), gzipSync(text));
  await unlink(folder.file('app.log.1'));
  await writer.write();
});

follows('written byte by byte, with both kinds of line ends', 'app.log', async (writer) => {
  const text = Buffer.from(writer.lines(4, '\r\n') + writer.lines(4));
  for (const byte of text) {
    await appendFile(writer.path, Buffer.of(byte));
    await writer.folder.rest(1);
  }
});

follows('characters of several bytes, cut anywhere', 'app.log', async (writer) => {
  const handle = await open(writer.path, 'a');
  for (let fromEnd = 1; fromEnd < 12; fromEnd++) {
    const bytes = Buffer.from(writer.lines(1));
    await handle.appendFile(bytes.subarray(0, -fromEnd));
    await writer.folder.rest(2);
    await handle.appendFile(bytes.subarray(-fromEnd));
  }
  await handle.close();
});

follows('in UTF-16, renamed and truncated', 'app.log*', async (writer) => {
  const wide = (count: number): Buffer => Buffer.from(`\uFEFF${writer.lines(count)}`, 'utf16le');
  await writeFile(writer.path, wide(3));
  await writer.settled();
  await rename(writer.path, writer.folder.file('app.log.1'));
  await writeFile(writer.path, wide(9));
  await writer.settled();
  await truncate(writer.path);
  await writer.folder.settle();
  await writeFile(writer.path, wide(3));
});

follows('growing while it is read', 'app.log', async (writer) => {
  const { folder } = writer;
  for (let turn = 0; turn < 40; turn++) {
    await writer.write(5_000);
    if (turn % 8 === 7) await folder.rest(1);
    if (turn % 20 !== 19) continue;
    await folder.stop();
    folder.start('app.log');
  }
});

follows('between lines that are too long', 'app.log', async (writer) => {
  await writer.write();
  await appendFile(writer.path, `${'x'.repeat(1_500_000)}\n`);
  await writer.write();
  await writer.settled();
  await appendFile(writer.path, 'x'.repeat(1_500_000));
  await writer.settled();
  await appendFile(writer.path, 'x\n');
  await writer.write();
});

follows('a hole in a sparse file', 'app.log', async (writer) => {
  const handle = await open(writer.path, 'w');
  const first = Buffer.from(writer.lines(3));
  await handle.write(first, 0, first.length, 0);
  await writer.settled();
  const rest = Buffer.from(writer.lines(3));
  await handle.write(rest, 0, rest.length, 3_000_000);
  await handle.close();
});

follows('removed with its directory, and back', '*/app.log', async (writer) => {
  const { folder } = writer;
  await writer.write(3, folder.file('a/app.log'));
  await writer.settled();
  await rm(folder.file('a'), { recursive: true });
  await folder.settle();
  await writer.write(5, folder.file('a/app.log'));
});

test('no line is lost or repeated: permission lost and regained', async (t) => {
  // Permissions do not bind root.
  if (process.geteuid?.() === 0) {
    process.seteuid?.(NOBODY);
    t.after(() => process.seteuid?.(0));
  }
  const folder = await FollowedFolder.create(t);
  const writer = new Writer(folder);
  await writer.write();
  await chmod(writer.path, 0o000);
  folder.start('app.log');
  await folder.settle();
  assert.deepEqual(folder.lines, []);
  assert.equal(folder.source?.describe?.().unreadable, 1);
  await chmod(writer.path, 0o600);
  await writer.settled();
  await chmod(writer.path, 0o000);
  await folder.settle();
  await chmod(writer.path, 0o600);
  await writer.write();
  await writer.settled();
});

test('no line is lost or repeated: what cannot be opened for a while', async (t) => {
  const folder = await FollowedFolder.create(t);
  const writer = new Writer(folder);
  // Also root cannot follow a link that leads to itself.
  await symlink(writer.path, writer.path);
  folder.start('app.log');
  await folder.settle();
  assert.equal(folder.source?.describe?.().unreadable, 1);
  await unlink(writer.path);
  await writer.write();
  await writer.settled();
  await rename(writer.path, folder.file('away'));
  await symlink(writer.path, writer.path);
  await folder.settle();
  await unlink(writer.path);
  await rename(folder.file('away'), writer.path);
  await writer.write();
  await writer.settled();
});

/** Ten thousand of them are in `test/e2e/many-files.test.ts`. */
const MANY_FILES = 400;

test(`no line is lost or repeated: ${MANY_FILES} files`, async (t) => {
  const folder = await FollowedFolder.create(t);
  const writer = new Writer(folder);
  const paths = Array.from({ length: MANY_FILES }, (_, i) => folder.file(`${i % 10}/app-${i}.log`));
  for (const path of paths) await writer.write(1, path);
  folder.start('*/app-*.log', { openFilesMax: 60 });
  await writer.arrived();
  for (const path of paths.filter((_, i) => i % 7 === 0)) await writer.write(1, path);
  await writer.arrived();
  await folder.stop();
  folder.start('*/app-*.log', { openFilesMax: 60 });
  for (const path of paths.filter((_, i) => i % 70 === 0)) await writer.write(1, path);
  await writer.arrived();
});

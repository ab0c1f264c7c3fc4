/** State directories as they are found: whatever they hold, the buffer opens or says why not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { allPending, bufferOnDisk } from '../support/buffer-on-disk.ts';
import { appendRecords, fillBuffer, numbered } from '../support/fill-buffer.ts';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const OPENER = fileURLToPath(new URL('../support/open-state-process.ts', import.meta.url));

interface Opened {
  /** What `dcr-agent run` would end with. */
  readonly code: number;
  /** What it would say on stderr. */
  readonly words: string;
}

/** In a process that is not root: root may do anything. */
function openAsUser(path: string): Opened {
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  const args = ['--conditions=dcr-agent-source', '--no-warnings', OPENER, path];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', ...user });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout) as Opened;
}

/** A closed buffer in a directory that the user of `openAsUser` owns. */
async function userState(t: TestContext): Promise<string> {
  const { path, open } = await bufferOnDisk(t);
  const buffer = open();
  await fillBuffer(buffer, numbered(3), { destinations: ['a'] });
  await buffer.close();
  chmodSync(dirname(path), 0o755);
  if (isRoot) for (const name of ['.', ...readdirSync(path)]) own(join(path, name));
  return path;
}

function own(path: string): void {
  chownSync(path, NOBODY, NOBODY);
}

interface Case {
  prepare(path: string): void;
  readonly code: number;
  readonly words?: RegExp;
  readonly needsRoot?: boolean;
}

const CASES: Record<string, Case> = {
  'as it was left': { prepare: () => {}, code: 0 },
  'files nobody may read': {
    prepare: (path) => {
      for (const name of readdirSync(path)) chmodSync(join(path, name), 0);
    },
    code: 0,
  },
  'a directory nobody may read': { prepare: (path) => chmodSync(path, 0), code: 0 },
  nothing: {
    prepare: (path) => {
      for (const name of readdirSync(path)) rmSync(join(path, name));
    },
    code: 0,
  },
  'links that lead to themselves': {
    prepare: (path) => {
      for (const name of ['buffer.db', 'buffer.db-wal', 'lock', 'agent.pid', 'reserve']) {
        rmSync(join(path, name), { force: true });
        symlinkSync(name, join(path, name));
      }
    },
    code: 0,
  },
  'a directory of somebody else': {
    prepare: (path) => chownSync(path, 0, 0),
    code: 77,
    words: /\/state cannot be used: EACCES: permission denied.*\nRun it as a user who may/,
    needsRoot: true,
  },
  'a database of somebody else': {
    prepare: (path) => chownSync(join(path, 'buffer.db'), 0, 0),
    code: 77,
    words: /buffer\.db cannot be used: EACCES: permission denied/,
    needsRoot: true,
  },
  'a lock of somebody else': {
    prepare: (path) => chownSync(join(path, 'lock'), 0, 0),
    code: 77,
    words: /lock cannot be used: EACCES: permission denied/,
    needsRoot: true,
  },
  'a file in its place': {
    prepare: (path) => {
      rmSync(path, { recursive: true });
      writeFileSync(path, 'x');
    },
    code: 74,
    words: /\/state is not a directory$/,
  },
  'a link in its place': {
    prepare: (path) => {
      rmSync(path, { recursive: true });
      symlinkSync('/tmp', path);
    },
    code: 74,
    words: /\/state is a symbolic link; name the directory it points to/,
  },
  'a link to itself in its place': {
    prepare: (path) => {
      rmSync(path, { recursive: true });
      symlinkSync(path, path);
    },
    code: 74,
    words: /\/state is a symbolic link/,
  },
  'a file where its parent should be': {
    prepare: (path) => {
      rmSync(dirname(path), { recursive: true });
      writeFileSync(dirname(path), 'x');
    },
    code: 74,
    words: /\/state cannot be used: ENOTDIR/,
  },
};

for (const [what, { prepare, code, words = /^$/, needsRoot = false }] of Object.entries(CASES)) {
  const skip = needsRoot && !isRoot ? 'needs root to give files to somebody else' : false;
  const outcome = code === 0 ? 'opens' : 'is refused with the reason';
  test(`a state directory with ${what} ${outcome}`, { skip }, async (t) => {
    const path = await userState(t);
    prepare(path);
    const opened = openAsUser(path);
    assert.equal(opened.code, code, opened.words);
    assert.match(opened.words, words);
  });
}

/** Whether files here can be made unchangeable, as on a file system that can only be read. */
function canFreeze(folder: string): boolean {
  const file = join(folder, 'probe');
  writeFileSync(file, '');
  const can = freeze('+i', [file]);
  if (can) freeze('-i', [file]);
  return can;
}

function freeze(flag: '+i' | '-i', paths: readonly string[]): boolean {
  return spawnSync('chattr', [flag, ...paths]).status === 0;
}

test('a file system that becomes read-only stops nothing, is told, and goes on when it can', async (t) => {
  const disk = await bufferOnDisk(t);
  if (!canFreeze(dirname(disk.path))) {
    t.skip('needs root, and a file system with unchangeable files');
    return;
  }
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(3), { destinations: ['a'] });
  await fillBuffer(buffer, numbered(3, 3), { destinations: ['a'] });
  const all = [disk.path, ...readdirSync(disk.path).map((name) => join(disk.path, name))];
  t.after(() => freeze('-i', all));
  assert.ok(freeze('+i', all));
  const [first, second] = allPending(buffer, 'a');
  for (let attempt = 0; attempt < 3; attempt++) {
    const append = appendRecords(buffer, numbered(3, 6), { destinations: ['a'] });
    await assert.rejects(append, { code: 'BUFFER_IO' });
    buffer.acknowledge('a', first!);
    buffer.seal(0);
    assert.deepEqual(allPending(buffer, 'a'), [second]);
    assert.equal(buffer.read(second!)?.recordCount, 3);
  }
  assert.deepEqual(disk.logged('warn'), ['The disk takes no change to the buffer.']);

  assert.ok(freeze('-i', all));
  await fillBuffer(buffer, numbered(3, 6), { destinations: ['a'] });
  assert.equal(allPending(buffer, 'a').length, 2);
  const [row] = buffer.ledger();
  assert.deepEqual([row?.delivered, row?.buffered, row?.read], [3, 6, 9]);
  const { message } = disk.host.log.entries.at(-1)!;
  assert.equal(message, 'The disk takes changes to the buffer again.');
});

test('a state directory that is deleted again and again loses nothing that was stored', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  for (let round = 0; round < 5; round++) {
    await fillBuffer(buffer, numbered(3, round * 3), { destinations: ['a', 'b'] });
    rmSync(disk.path, { recursive: true });
    buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
  }
  await buffer.close();
  assert.equal(disk.logged('error').length, 5);
  const again = disk.open();
  assert.equal(allPending(again, 'b').length, 5);
  const delivered = again.ledger().map((row) => [row.destination, row.delivered, row.buffered]);
  assert.deepEqual(delivered, [
    ['a', 15, 0],
    ['b', 0, 15],
  ]);
});

test('the log of another database is not mistaken for the one that is missing', async (t) => {
  const [disk, other] = [await bufferOnDisk(t), await bufferOnDisk(t)];
  const guid = () => crypto.randomUUID();
  const first = disk.open({ host: { ...disk.host, guid } });
  for (let i = 0; i < 30; i++) await fillBuffer(first, numbered(3, i * 3), { destinations: ['a'] });
  await first.close();
  const foreign = other.open({ host: { ...other.host, guid } });
  for (let i = 0; i < 60; i++) {
    await fillBuffer(foreign, numbered(1, 1_000 + i), { destinations: ['x', 'y'] });
  }
  copyFileSync(`${other.database}-wal`, `${disk.database}-wal`);
  const buffer = disk.open({ host: { ...disk.host, guid } });
  await fillBuffer(buffer, numbered(1), { destinations: ['new'] });
  assert.equal(allPending(buffer, 'new').length, 1);
  for (const row of buffer.ledger()) assert.ok(isBalanced(row), JSON.stringify(row));
  for (const name of ['a', 'x', 'y']) {
    for (const id of allPending(buffer, name)) buffer.read(id);
  }
});

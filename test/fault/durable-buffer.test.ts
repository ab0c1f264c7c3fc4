/** What is left of a buffer when the process, the power or the disk goes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type DurableBuffer, isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  copyState,
} from '../support/buffer-on-disk.ts';
import { decodeFragment, encodeFragment } from '../support/fragments.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const NODE_ARGS = ['--conditions=dcr-agent-source', '--no-warnings'];

function script(name: string): string {
  return fileURLToPath(new URL(`../support/${name}`, import.meta.url));
}

/** All records waiting for a destination, in order. */
function idsFor(buffer: DurableBuffer, destination: string): number[] {
  const batches = allPending(buffer, destination).map((id) => buffer.read(id));
  return batches.flatMap((batch) => batch?.fragments.flatMap(decodeFragment) ?? []) as number[];
}

/** Records and cursor belong together: everything up to the cursor, once, and nothing beyond. */
function assertWholeUpToCursor(buffer: DurableBuffer, key: string, destination: string): number {
  buffer.seal(0);
  const cursor = Number(buffer.cursors(key).get(key) ?? 0);
  assert.deepEqual(
    idsFor(buffer, destination),
    Array.from({ length: cursor }, (_, id) => id),
  );
  for (const row of buffer.ledger()) {
    assert.ok(isBalanced(row), JSON.stringify(row));
    assert.equal(row.read, cursor);
  }
  return cursor;
}

/** Starts the process, lets it make `lines` commits durable, kills it; returns the last one. */
async function appendAndKill(path: string, lines: number): Promise<number> {
  const child = spawn(process.execPath, [...NODE_ARGS, script('appending-process.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let last = -1;
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    if (++seen === lines) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
  return last;
}

test('what was appended survives kill -9 at any moment, with its cursor, exactly once', async (t) => {
  const disk = await bufferOnDisk(t);
  for (const lines of [1, 3, 10, 37, 61, 120]) {
    const last = await appendAndKill(disk.path, lines);
    const buffer = disk.open();
    const cursor = assertWholeUpToCursor(buffer, 'numbers', 'kept');
    assert.ok(cursor > last, `acknowledged up to ${last}, stored up to ${cursor}`);
    await buffer.close();
  }
  assert.deepEqual(disk.logged('error'), []);
});

test('another process is refused while the first lives, and let in when it was killed', async (t) => {
  const disk = await bufferOnDisk(t);
  const child = spawn(process.execPath, [...NODE_ARGS, script('appending-process.ts'), disk.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.stdout.resume();
  assert.throws(() => disk.open(), {
    code: 'BUFFER_LOCKED',
    message: new RegExp(`process ${child.pid}\\)`),
  });
  child.kill('SIGKILL');
  await once(child, 'exit');
  disk.open();
});

/** A running buffer whose log holds many commits, numbered as above. */
async function runningBuffer(t: TestContext): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ batchRecordsMax: 10 });
  const destinations = ['kept', 'delivered'];
  const outlet = { flow: 'f', stream: 'Custom-Text', protocol: 'gig' as const, destinations };
  for (let id = 0; id < 60; id++) {
    await buffer.append({
      entries: [{ outlet, fragment: encodeFragment([id]) }],
      cursors: [{ key: 'k', value: String(id + 1) }],
      counts: [{ flow: 'f', destinations, read: 1, filtered: 0, rejected: [] }],
    });
    for (const batch of allPending(buffer, 'delivered')) buffer.acknowledge('delivered', batch);
  }
  return disk;
}

function overwritten(bytes: Buffer, at: number): Buffer {
  bytes.subarray(at, at + 512).fill(0xa5);
  return bytes;
}

test('a log cut off or overwritten anywhere leaves an earlier whole state', async (t) => {
  const disk = await runningBuffer(t);
  const size = statSync(`${disk.database}-wal`).size;
  const seen = new Set<number>();
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(size), fc.boolean(), async (at, isCut) => {
      const copy = copyState(t, disk, `${disk.path}-${runs++}`);
      const log = `${copy.database}-wal`;
      if (isCut) truncateSync(log, at);
      else writeFileSync(log, overwritten(readFileSync(log), at));
      const buffer = copy.open();
      seen.add(assertWholeUpToCursor(buffer, 'k', 'kept'));
      await buffer.close();
    }),
    { numRuns: 30 },
  );
  assert.ok(seen.size > 10, `${seen.size} different states`);
});

function canMount(): boolean {
  const probe = ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'];
  return process.platform === 'linux' && spawnSync('unshare', probe).status === 0;
}

test('a full disk loses nothing, stops nothing, and is forgotten once there is room', {
  skip: canMount() ? false : 'needs a Linux that lets its users mount a small file system',
}, async () => {
  const folder = await temporaryFolder();
  const mount = join(folder, 'small');
  mkdirSync(mount);
  const child = spawnSync(
    'unshare',
    [
      '-rm',
      'sh',
      '-c',
      'mount -t tmpfs -o size=4m tmpfs "$0" && exec "$@"',
      mount,
      process.execPath,
      ...NODE_ARGS,
      script('full-disk-process.ts'),
      mount,
      folder,
    ],
    { encoding: 'utf8' },
  );
  assert.equal(child.status, 0, child.stderr);
});

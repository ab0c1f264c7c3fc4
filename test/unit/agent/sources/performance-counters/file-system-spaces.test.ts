import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  FileSystemSpaces,
  type StatFs,
} from '../../../../../packages/agent/src/sources/performance-counters/file-system-spaces.ts';
import type { Mount } from '../../../../../packages/agent/src/sources/performance-counters/proc/mounts.ts';
import { ManualClock } from '../../../../support/manual-clock.ts';
import { settle } from '../../../../support/until.ts';

const STAT: StatFs = { bsize: 4096, blocks: 100, bfree: 40, bavail: 30, files: 10, ffree: 4 };

const mount = (mountPoint: string, source = '/dev/vda'): Mount => {
  return { device: '1:1', mountPoint, type: 'ext4', source, root: '/' };
};
const server = (mountPoint: string): Mount => mount(mountPoint, 'server:/export');

/** Answers come when they are let out. */
class SlowFileSystems {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, PromiseWithResolvers<StatFs>>();

  readonly statfs = (path: string): Promise<StatFs> => {
    this.asked.push(path);
    const answer = this.#answers.get(path);
    return answer?.promise ?? Promise.resolve(STAT);
  };

  hang(...paths: string[]): void {
    for (const path of paths) this.#answers.set(path, Promise.withResolvers());
  }

  async answer(path: string): Promise<void> {
    const answer = this.#answers.get(path)!;
    this.#answers.delete(path);
    answer.resolve(STAT);
    await settle();
  }
}

test('a file system is as large as it says, in its own unit', async () => {
  const stats: Record<string, Partial<StatFs>> = {
    '/': {},
    '/fuse': { frsize: 512 },
    '/empty': { blocks: 0 },
    '/odd': { bfree: 101, bavail: -1 },
  };
  const spaces = new FileSystemSpaces(async (path) => ({ ...STAT, ...stats[path] }));
  const read = await spaces.read(
    Object.keys(stats).map((path) => mount(path)),
    new ManualClock(),
  );
  assert.deepEqual([...read.spaces.keys()], ['/', '/fuse', '/odd']);
  assert.deepEqual(read.spaces.get('/'), {
    sizeBytes: 409_600,
    usedBytes: 245_760,
    availableBytes: 122_880,
    files: 10,
    freeFiles: 4,
  });
  assert.equal(read.spaces.get('/fuse')?.sizeBytes, 51_200);
  const odd = read.spaces.get('/odd');
  assert.deepEqual([odd?.usedBytes, odd?.availableBytes], [0, 0]);
  assert.equal(read.leftOut.size, 0);
});

test('a file system that refuses is left out with the reason', async () => {
  const spaces = new FileSystemSpaces(async (path) => {
    if (path === '/secret') throw new Error('EACCES: permission denied');
    return STAT;
  });
  const read = await spaces.read([mount('/secret'), mount('/')], new ManualClock());
  assert.deepEqual([...read.spaces.keys()], ['/']);
  assert.deepEqual([...read.leftOut], [['/secret', 'EACCES: permission denied']]);
});

test('one that does not answer is left out, and asked again once it has answered', async () => {
  const clock = new ManualClock();
  const slow = new SlowFileSystems();
  const spaces = new FileSystemSpaces(slow.statfs);
  const mounts = [server('/net'), mount('/')];
  slow.hang('/net');
  const first = spaces.read(mounts, clock);
  await clock.advance(500);
  const { spaces: found, leftOut } = await first;
  assert.deepEqual([...found.keys()], ['/']);
  assert.deepEqual([...leftOut], [['/net', 'the file system does not answer']]);
  assert.equal(clock.sleeping, 0);

  // It is not asked while the first question is open, and makes nobody wait.
  assert.deepEqual([...(await spaces.read(mounts, clock)).spaces.keys()], ['/']);
  assert.deepEqual(slow.asked, ['/net', '/', '/']);
  await slow.answer('/net');
  assert.deepEqual([...(await spaces.read(mounts, clock)).spaces.keys()], ['/net', '/']);
});

test('while one does not answer no other server is asked, while two do not nobody is', async () => {
  const clock = new ManualClock();
  const slow = new SlowFileSystems();
  const spaces = new FileSystemSpaces(slow.statfs);
  const mounts = [server('/net'), server('/other'), mount('/bad'), mount('/')];
  slow.hang('/net', '/bad');
  const read = spaces.read(mounts, clock);
  await clock.advance(500);
  await settle();
  await clock.advance(500);
  const { spaces: found, leftOut } = await read;
  assert.deepEqual([...found.keys()], []);
  assert.deepEqual(
    [...leftOut.values()],
    [
      'the file system does not answer',
      'not asked while /net does not answer',
      'the file system does not answer',
      'not asked while /net, /bad does not answer',
    ],
  );
  assert.deepEqual(slow.asked, ['/net', '/bad']);
  await slow.answer('/net');
  await slow.answer('/bad');
  assert.equal((await spaces.read(mounts, clock)).spaces.size, 4);
});

test('two that ask at once share the answer', async () => {
  const clock = new ManualClock();
  const slow = new SlowFileSystems();
  const spaces = new FileSystemSpaces(slow.statfs);
  slow.hang('/');
  const both = [spaces.read([mount('/')], clock), spaces.read([mount('/')], clock)];
  await slow.answer('/');
  for (const { spaces: found } of await Promise.all(both)) assert.equal(found.size, 1);
  assert.deepEqual(slow.asked, ['/']);
});

/**
 * What a buffer does while the disk is full and after, on the small file system it is given.
 * Exits with 0 when all of it is right.
 * `full-disk-process.ts <directory on that file system> <directory on another>`
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, cpSync, existsSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { allPending } from './buffer-on-disk.ts';
import { createFakeHost } from './fake-host.ts';
import { appendRecords, fillBuffer } from './fill-buffer.ts';
import { decodeFragment } from './fragments.ts';

const [mount, elsewhere] = process.argv.slice(2) as [string, string];
const path = join(mount, 'state');
const ballast = join(mount, 'ballast');
const host = createFakeHost();

function fillDisk(): void {
  const file = openSync(ballast, 'a');
  for (const size of [64 * 1024, 512]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'ENOSPC');
    }
  }
  closeSync(file);
}

let stored = 0;
function record(): unknown[] {
  return [{ id: stored, noise: randomBytes(20_000).toString('base64') }];
}

const buffer = openSqliteBuffer({ path, host });
for (; stored < 20; stored++) await fillBuffer(buffer, record(), { destinations: ['a'] });
await appendRecords(buffer, record(), { destinations: ['a'] });
stored++;

fillDisk();
// What is allocated already may still take some.
const appendUntilFull = async () => {
  for (; stored < 1_000; stored++) await appendRecords(buffer, record(), { destinations: ['a'] });
};
await assert.rejects(appendUntilFull(), { code: 'BUFFER_FULL' });
fillDisk();

// Every one of them is on the disk, as if the process were killed now: a reserve was kept for it.
const settled = 15;
const [refused, ...acknowledged] = allPending(buffer, 'a').slice(0, settled);
for (const id of acknowledged) buffer.acknowledge('a', id);
buffer.reject('a', refused!, 'no');
buffer.seal(0);
buffer.rememberDestinations([{ id: 'a', protocol: 'gig', endpoint: 'https://a.example' }]);
assert.equal(existsSync(join(path, 'reserve')), false, 'it is used');
cpSync(path, join(elsewhere, 'killed'), { recursive: true });
const killed = openSqliteBuffer({ path: join(elsewhere, 'killed'), host: createFakeHost() });
assert.equal(killed.ledger()[0]?.delivered, settled - 1);
assert.equal(killed.ledger()[0]?.quarantined, 1);
await killed.close();

// The pages they have left take new records, and no more than that.
for (const row of buffer.ledger()) assert.ok(isBalanced(row), JSON.stringify(row));
const before = stored;
await assert.rejects(appendUntilFull(), { code: 'BUFFER_FULL' });
assert.ok(stored > before + 5, `${stored - before} more were stored`);
const facts = JSON.stringify(host.log.entries);
assert.ok(host.log.entries.length <= 2, facts);
assert.match(facts, /uses its reserve/);

// Somebody else's records find room in the end, at the cost of the one that takes nothing.
const other = () => appendRecords(buffer, [{ noise: record() }], { destinations: ['b'] });
await assert.rejects(other(), { code: 'BUFFER_FULL' });
await host.clock.advance(60_000);
await other();
const dropped = buffer.ledger().find(({ destination }) => destination === 'a')?.dropped ?? 0;
assert.ok(dropped > 0 && dropped < 10, `${dropped} were dropped`);

// Whoever made the disk full lets go of it.
rmSync(ballast);
await host.clock.advance(1_000);
await fillBuffer(buffer, record(), { destinations: ['a'] });
stored++;
assert.ok(existsSync(join(path, 'reserve')), 'it is there again');
assert.match(JSON.stringify(host.log.entries), /room on the disk again/);
await buffer.close();

const again = openSqliteBuffer({ path, host });
const ids = allPending(again, 'a').flatMap((id) => {
  const records = again.read(id)?.fragments.flatMap(decodeFragment) ?? [];
  return (records as { id: number }[]).map((r) => r.id);
});
assert.deepEqual(
  ids,
  Array.from({ length: stored - settled - dropped }, (_, i) => i + settled + dropped),
);
const [row] = again.ledger();
assert.deepEqual(
  [row?.delivered, row?.quarantined, row?.dropped, row?.buffered, row?.read],
  [settled - 1, 1, dropped, stored - settled - dropped, stored],
);
assert.deepEqual(
  again.destinationsWithBacklog().map(({ id }) => id),
  ['a'],
);
await again.close();

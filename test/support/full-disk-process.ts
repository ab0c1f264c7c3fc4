/**
 * What a buffer does while the disk is full and after, on the small file system it is given.
 * Exits with 0 when all of it is right. `full-disk-process.ts <directory on that file system>`
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import { openSqliteBuffer } from '../../packages/agent/src/buffer/sqlite-buffer.ts';
import { allPending } from './buffer-on-disk.ts';
import { createFakeHost } from './fake-host.ts';
import { appendRecords, fillBuffer } from './fill-buffer.ts';
import { decodeFragment } from './fragments.ts';

const mount = process.argv[2]!;
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

const [first, second] = allPending(buffer, 'a');
buffer.acknowledge('a', first!);
buffer.acknowledge('a', second!);
buffer.seal(0);
buffer.rememberDestinations([{ id: 'a', protocol: 'gig', endpoint: 'https://a.example' }]);
assert.ok(!allPending(buffer, 'a').includes(first!), 'what is acknowledged is not sent again');
for (const row of buffer.ledger()) assert.ok(isBalanced(row), JSON.stringify(row));
await assert.rejects(appendRecords(buffer, record(), { destinations: ['a'] }), {
  code: 'BUFFER_FULL',
});
assert.ok(host.log.entries.length <= 2, JSON.stringify(host.log.entries));

rmSync(ballast);
await fillBuffer(buffer, record(), { destinations: ['a'] });
stored++;
await buffer.close();

const again = openSqliteBuffer({ path, host });
const ids = allPending(again, 'a').flatMap((id) => {
  const records = again.read(id)?.fragments.flatMap(decodeFragment) ?? [];
  return (records as { id: number }[]).map((r) => r.id);
});
assert.deepEqual(
  ids,
  Array.from({ length: stored - 2 }, (_, i) => i + 2),
);
const [row] = again.ledger();
assert.deepEqual([row?.delivered, row?.buffered, row?.read], [2, stored - 2, stored]);
assert.deepEqual(
  again.destinationsWithBacklog().map(({ id }) => id),
  ['a'],
);
await again.close();

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isBalanced } from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import {
  type QuarantineRow,
  quarantinedFragment,
} from '../../../../packages/agent/src/buffer/quarantine.ts';
import { allPending, bufferOnDisk, query } from '../../../support/buffer-on-disk.ts';
import { appendRecords, fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { decodeFragment, encodeFragment } from '../../../support/fragments.ts';

const OUTLET = {
  flow: 'f',
  stream: 'Custom-Text',
  protocol: 'gig' as const,
  destinations: ['a'],
};

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

/** A record that does not compress, of about `bytes` bytes. */
function noise(bytes: number): string {
  return randomBytes(Math.ceil(bytes * 0.75)).toString('base64');
}

test('everything is there again after closing and opening', async (t) => {
  const disk = await bufferOnDisk(t);
  const first = disk.open();
  first.rememberDestinations([{ id: 'a', protocol: 'ods', endpoint: 'https://a.example' }]);
  await fillBuffer(first, numbered(3), { destinations: ['a', 'b'] });
  await appendRecords(first, numbered(2, 3), { destinations: ['a', 'b'] });
  await first.append({ entries: [], cursors: [{ key: 'k', value: 'v' }], counts: [] });
  const [id] = allPending(first, 'a');
  first.acknowledge('b', id!);
  const before = { ledger: first.ledger(), usage: first.usage().destinations };
  await first.close();

  const second = disk.open();
  assert.deepEqual({ ledger: second.ledger(), usage: second.usage().destinations }, before);
  assert.deepEqual(allPending(second, 'a'), [id]);
  assert.equal(second.cursors('k').get('k'), 'v');
  assert.deepEqual(
    second.destinationsWithBacklog().map((planned) => planned.id),
    ['a'],
  );
  await appendRecords(second, numbered(1, 5), { destinations: ['a', 'b'] });
  second.seal(0);
  const [open] = allPending(second, 'b');
  assert.deepEqual(second.read(open!)?.fragments.flatMap(decodeFragment), numbered(3, 3));
});

test('an open batch keeps its age over a restart, and a clock set back does not hold it', async (t) => {
  const disk = await bufferOnDisk(t);
  const first = disk.open();
  await appendRecords(first, numbered(1), { destinations: ['a'] });
  await disk.host.clock.advance(8_000);
  await first.close();
  const second = disk.open();
  disk.host.clock.jumpTo(0);
  second.seal(10_000);
  assert.equal(allPending(second, 'a').length, 0);
  await disk.host.clock.advance(2_000);
  second.seal(10_000);
  assert.equal(allPending(second, 'a').length, 1);
});

test('a fragment that does not fit in seals the batch and starts the next', async (t) => {
  const disk = await bufferOnDisk(t);
  const fragment = encodeFragment(['12345678']);
  const buffer = disk.open({ batchRawBytesMax: 3 * fragment.rawBytes + 2 });
  for (let i = 0; i < 7; i++) {
    await buffer.append({ entries: [{ outlet: OUTLET, fragment }], cursors: [], counts: [] });
  }
  buffer.seal(0);
  const counts = allPending(buffer, 'a').map((id) => buffer.read(id)?.recordCount);
  assert.deepEqual(counts, [3, 3, 1]);
});

test('the commas between fragments take room in a batch too', async (t) => {
  const disk = await bufferOnDisk(t);
  const fragment = encodeFragment(['12345678']);
  const buffer = disk.open({ batchRawBytesMax: 3 * fragment.rawBytes + 1 });
  for (let i = 0; i < 4; i++) {
    await buffer.append({ entries: [{ outlet: OUTLET, fragment }], cursors: [], counts: [] });
  }
  buffer.seal(0);
  const counts = allPending(buffer, 'a').map((id) => buffer.read(id)?.recordCount);
  assert.deepEqual(counts, [2, 2]);
});

test('a batch with as many records as it may have is sealed without waiting for more', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ batchRecordsMax: 4 });
  await appendRecords(buffer, numbered(3), { destinations: ['a'] });
  assert.equal(allPending(buffer, 'a').length, 0);
  await appendRecords(buffer, numbered(1), { destinations: ['a'] });
  assert.equal(allPending(buffer, 'a').length, 1);
});

test('a fragment larger than a batch may be is a batch of its own, sealed at once', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ batchRawBytesMax: 100 });
  await appendRecords(buffer, [1], { destinations: ['a'] });
  await appendRecords(buffer, ['x'.repeat(500)], { destinations: ['a'] });
  const sizes = allPending(buffer, 'a').map((id) => buffer.read(id)?.rawBytes);
  assert.deepEqual(sizes, [1, 502]);
});

test('records for nobody, and fragments of no records, are not kept', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  const nobody = { ...OUTLET, destinations: [] };
  await buffer.append({
    entries: [
      { outlet: nobody, fragment: encodeFragment([1]) },
      { outlet: OUTLET, fragment: encodeFragment([]) },
    ],
    cursors: [],
    counts: [],
  });
  buffer.seal(0);
  assert.deepEqual(buffer.usage().destinations, []);
});

test('a source whose key begins like another’s sees its own cursors only', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  const keys = ['logFiles:/a', 'logFiles:/a#1', 'logFiles:/ab', 'logFiles:/ab#1', 'logFiles:/A#1'];
  const cursors = keys.map((key) => ({ key, value: '1' }));
  await buffer.append({ entries: [], cursors, counts: [] });
  assert.deepEqual([...buffer.cursors('logFiles:/a').keys()], keys.slice(0, 2));
});

test('a destination named twice receives a batch once', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  await fillBuffer(buffer, numbered(1), { destinations: ['a', 'a'] });
  const [id, ...others] = allPending(buffer, 'a');
  assert.deepEqual(others, []);
  buffer.acknowledge('a', id!);
  assert.equal(buffer.read(id!), undefined);
  assert.ok(buffer.ledger().every(isBalanced));
});

test('a batch that a destination has let go of is not split for it', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  await fillBuffer(buffer, numbered(2), { destinations: ['a', 'b'] });
  const [id] = allPending(buffer, 'a');
  buffer.acknowledge('a', id!);
  assert.equal(buffer.split('a', id!), undefined);
  assert.deepEqual(allPending(buffer, 'b'), [id]);
});

test('the halves of a split batch are meant for its destination only', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  await fillBuffer(buffer, numbered(4), { destinations: ['a', 'b'] });
  const [id] = allPending(buffer, 'a');
  const { release: _, ...whole } = buffer.read(id!)!;
  for (const half of buffer.split('a', id!) ?? []) {
    const batch = buffer.read(half.id)!;
    assert.deepEqual(batch.outlet, { ...whole.outlet, destinations: ['a'] });
    assert.equal(batch.createdAtMs, whole.createdAtMs);
  }
  assert.partialDeepStrictEqual(buffer.read(id!), whole);
});

test('a full buffer can still split what a service finds too large', async (t) => {
  const buffer = (await bufferOnDisk(t)).open({ quotaBytes: 6_000_000 });
  const full = async (bytes: number) => {
    for (;;) {
      await fillBuffer(buffer, [noise(bytes), noise(bytes)], { destinations: ['a', 'b'] });
    }
  };
  await assert.rejects(full(80_000), { code: 'BUFFER_FULL' });
  await assert.rejects(full(10), { code: 'BUFFER_FULL' });
  const [id] = allPending(buffer, 'a');
  assert.equal(buffer.split('a', id!)?.length, 2);
  assert.ok(buffer.usage().diskBytes <= 6_000_000);
});

test('a body is stored once, however many destinations wait for it', async (t) => {
  const sizes: number[] = [];
  for (const destinations of [['a'], ['a', 'b', 'c', 'd', 'e']]) {
    const disk = await bufferOnDisk(t);
    const buffer = disk.open();
    for (let i = 0; i < 20; i++) await fillBuffer(buffer, [noise(50_000)], { destinations });
    await buffer.close();
    sizes.push(statSync(disk.database).size);
  }
  assert.ok(sizes[1]! < sizes[0]! * 1.05, `${sizes}`);
});

test('one bad commit fails its own caller and no one else', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  const good = (id: number) => ({
    entries: [{ outlet: OUTLET, fragment: encodeFragment([id]) }],
    cursors: [{ key: 'k', value: String(id) }],
    counts: [{ flow: 'f', destinations: ['a'], read: 1, filtered: 0, rejected: [] }],
  });
  const bad = { ...good(1), cursors: [{ key: 'k', value: {} as string }] };
  const results = await Promise.allSettled([good(0), bad, good(2)].map((c) => buffer.append(c)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  buffer.seal(0);
  const stored = allPending(buffer, 'a').flatMap(
    (id) => buffer.read(id)?.fragments.flatMap(decodeFragment) ?? [],
  );
  assert.deepEqual(stored, [0, 2]);
  assert.equal(buffer.cursors('k').get('k'), '2');
  assert.ok(buffer.ledger().every(isBalanced));
});

test('a refused batch lies in the quarantine byte for byte, with what the service said', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  const outlet = { ...OUTLET, solution: 'Security', destinations: ['a', 'b'] };
  for (const record of ['{x', 'Grüße', '\\"']) {
    const entries = [{ outlet, fragment: encodeFragment([{ record }]) }];
    await buffer.append({ entries, cursors: [], counts: [] });
  }
  buffer.seal(0);
  const [id] = allPending(buffer, 'a');
  const sent = buffer.read(id!)!.fragments.map(decodeFragment);
  buffer.reject('a', id!, 'HTTP 400 BadColumn', { status: 400, detail: 'x'.repeat(5_000) });
  buffer.reject('b', id!, 'gone');
  await buffer.close();
  const [a, b] = query(disk.database, 'SELECT * FROM quarantine ORDER BY id');
  assert.deepEqual([a?.destination, a?.reason, a?.status], ['a', 'HTTP 400 BadColumn', 400]);
  assert.equal(a?.detail, 'x'.repeat(2_000));
  assert.deepEqual([b?.destination, b?.reason, b?.status, b?.detail], ['b', 'gone', null, null]);
  assert.deepEqual([a?.flow, a?.stream, a?.batch], ['f', 'Custom-Text', id]);
  assert.deepEqual([a?.solution, a?.protocol, a?.record_count], ['Security', 'gig', 3]);
  assert.equal(a?.at_ms, disk.host.clock.now());
  const fragment = quarantinedFragment(a as unknown as QuarantineRow);
  assert.deepEqual(decodeFragment(fragment!), sent.flat());
});

test('the quarantine drops its oldest entries, counted, rather than a tenth of the quota', async (t) => {
  const disk = await bufferOnDisk(t);
  const quotaBytes = 5_000_000;
  const buffer = disk.open({ quotaBytes });
  for (let i = 0; i < 30; i++) {
    await fillBuffer(buffer, [i, noise(60_000)], { destinations: ['a'] });
    buffer.reject('a', allPending(buffer, 'a')[0]!, 'no');
  }
  const [row] = buffer.ledger();
  assert.equal(row!.quarantined + row!.dropped, 60);
  assert.ok(row!.reasons.some(({ reason }) => reason === 'no room in the quarantine'));
  assert.ok(isBalanced(row!));
  await buffer.close();
  const rows = query(disk.database, 'SELECT * FROM quarantine ORDER BY id');
  assert.equal(rows.length * 2, row!.quarantined);
  const bytes = rows.reduce((sum, { deflated }) => sum + (deflated as Uint8Array).length, 0);
  assert.ok(bytes > quotaBytes / 20 && bytes <= quotaBytes / 10, `${bytes}`);
  const kept = rows.map((entry) => {
    return decodeFragment(quarantinedFragment(entry as unknown as QuarantineRow)!)[0];
  });
  const newest = Array.from(rows, (_, i) => 30 - rows.length + i);
  assert.deepEqual(kept, newest);
});

test('a refused batch too large for the quarantine is dropped, and counted so', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ quotaBytes: 5_000_000 });
  await fillBuffer(buffer, [noise(700_000)], { destinations: ['a'] });
  buffer.reject('a', allPending(buffer, 'a')[0]!, 'no');
  const [row] = buffer.ledger();
  assert.deepEqual([row?.quarantined, row?.dropped], [0, 1]);
  assert.deepEqual(row?.reasons, [{ reason: 'no room in the quarantine', count: 1 }]);
});

test('a quarantined batch that is damaged is dropped when it is to be sent again', async (t) => {
  const disk = await bufferOnDisk(t);
  const first = disk.open();
  await fillBuffer(first, numbered(3), { destinations: ['a'] });
  first.reject('a', allPending(first, 'a')[0]!, 'no');
  await first.close();
  query(disk.database, "UPDATE quarantine SET deflated = x'00'");
  const buffer = disk.open();
  assert.equal(buffer.replayQuarantined(1), 'damaged');
  assert.deepEqual(allPending(buffer, 'a'), []);
  const [row] = buffer.ledger();
  assert.deepEqual([row?.dropped, row?.quarantined], [3, 0]);
  assert.ok(isBalanced(row!));
});

test('many reasons of a service are bounded, too', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  for (let i = 0; i < 60; i++) {
    await fillBuffer(buffer, [i], { destinations: ['a'] });
    buffer.reject('a', allPending(buffer, 'a')[0]!, `HTTP 400 Code${i}`);
  }
  const reasons = buffer.ledger()[0]!.reasons;
  assert.equal(reasons.length, 51);
  assert.deepEqual(reasons.at(-1), { reason: 'other reasons', count: 10 });
});

test('reasons are bounded in length and number, and still add up', async (t) => {
  const buffer = (await bufferOnDisk(t)).open();
  const rejected = Array.from({ length: 200 }, (_, i) => ({
    reason: `reason ${i} ${'x'.repeat(1_000)}`,
    count: 1,
  }));
  const counts = [{ flow: 'f', destinations: ['a'], read: 200, filtered: 0, rejected }];
  await buffer.append({ entries: [], cursors: [], counts });
  const [row] = buffer.ledger();
  assert.equal(row?.rejected, 200);
  assert.ok(row.reasons.length <= 51);
  assert.equal(
    row.reasons.reduce((sum, { count }) => sum + count, 0),
    200,
  );
  assert.ok(row.reasons.every(({ reason }) => reason.length <= 200));
});

test('disk use falls back after a backlog was delivered', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ quotaBytes: 200_000_000 });
  for (let i = 0; i < 60; i++) await fillBuffer(buffer, [noise(900_000)], { destinations: ['a'] });
  const full = buffer.usage().diskBytes;
  for (const id of allPending(buffer, 'a')) buffer.acknowledge('a', id);
  for (let turn = 0; turn < 40; turn++) buffer.seal(0);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  const empty = buffer.usage().diskBytes;
  assert.ok(full > 40_000_000, `${full}`);
  assert.ok(empty < full / 3, `${empty} of ${full}`);
  await buffer.close();
  assert.ok(statSync(disk.database).size < 9_000_000);
});

test('the state directory never outgrows its quota, whatever is done in it', async (t) => {
  const disk = await bufferOnDisk(t);
  const quotaBytes = 3_000_000;
  const buffer = disk.open({ quotaBytes });
  writeFileSync(join(disk.path, 'agent.log'), 'x'.repeat(100_000));
  let refused = 0;
  let largest = 0;
  for (let i = 0; i < 400; i++) {
    const records = [noise(5_000 + ((i * 7_919) % 60_000)), noise(100), i];
    try {
      await fillBuffer(buffer, records, { destinations: ['a', 'b'] });
    } catch (error) {
      refused++;
      assert.equal((error as { code?: string }).code, 'BUFFER_FULL');
      const [a] = allPending(buffer, 'a');
      const [b] = allPending(buffer, 'b');
      if (i % 3 === 0) buffer.reject('a', a!, 'no');
      else if (i % 3 === 1) buffer.split('a', a!);
      else buffer.acknowledge('a', a!);
      if (i % 4 > 0) buffer.acknowledge('b', b!);
    }
    largest = Math.max(largest, buffer.usage().diskBytes);
  }
  assert.ok(refused > 100, `${refused} refusals`);
  assert.ok(largest > quotaBytes / 2 && largest <= quotaBytes, `${largest}`);
  assert.ok(buffer.ledger().every(isBalanced));
});

test('files of others in the state directory count', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ quotaBytes: 3_000_000 });
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  mkdirSync(join(disk.path, 'logs'));
  writeFileSync(join(disk.path, 'logs', 'agent.log'), 'x'.repeat(2_900_000));
  await assert.rejects(fillBuffer(buffer, numbered(1), { destinations: ['a'] }), {
    code: 'BUFFER_FULL',
  });
  assert.ok(buffer.usage().diskBytes > 2_900_000);
});

test('a full buffer still takes commits that only filter, so their cursors go on', async (t) => {
  const buffer = (await bufferOnDisk(t)).open({ quotaBytes: 2_000_000 });
  const full = async () => {
    for (;;) await fillBuffer(buffer, [noise(20_000)], { destinations: ['a'] });
  };
  await assert.rejects(full(), { code: 'BUFFER_FULL' });
  await buffer.append({
    entries: [],
    cursors: [{ key: 'k', value: '1' }],
    counts: [{ flow: 'f', destinations: ['a'], read: 5, filtered: 5, rejected: [] }],
  });
  assert.equal(buffer.cursors('k').get('k'), '1');
});

test('the state directory and everything in it belong to its owner only', async (t) => {
  const disk = await bufferOnDisk(t);
  await disk.open().close();
  chmodSync(disk.path, 0o755);
  chmodSync(disk.database, 0o644);
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  assert.equal(modeOf(disk.path), 0o700);
  const names = readdirSync(disk.path);
  assert.ok(names.includes('buffer.db-wal'));
  for (const name of names) assert.equal(modeOf(join(disk.path, name)), 0o600, name);
});

test('a state directory that is a link or a file is refused', async (t) => {
  const disk = await bufferOnDisk(t);
  await disk.open().close();
  const link = `${disk.path}-link`;
  symlinkSync(disk.path, link);
  assert.throws(() => disk.open({ path: link }), { code: 'BUFFER_IO', message: /symbolic link/ });
  assert.throws(() => disk.open({ path: disk.database }), {
    code: 'BUFFER_IO',
    message: /not a directory/,
  });
});

test('a state directory that cannot be made is told, not tried for ever', async (t) => {
  if (process.platform !== 'linux') return t.skip('needs /proc');
  const disk = await bufferOnDisk(t);
  assert.throws(() => disk.open({ path: '/proc/none/of/it' }), {
    code: 'BUFFER_IO',
    message: /\/proc\/none cannot be used|\/proc\/none\/of\/it cannot be used/,
  });
});

test('the oldest batches are listed without reading the whole backlog', async (t) => {
  const disk = await bufferOnDisk(t);
  await disk.open().close();
  const plan = query(
    disk.database,
    `EXPLAIN QUERY PLAN SELECT batches.id FROM deliveries
     JOIN batches ON batches.seq = deliveries.batch
     WHERE deliveries.destination = 'a' AND deliveries.position > '1' AND batches.is_sealed = 1
     AND batches.flow = 'f' ORDER BY deliveries.position LIMIT 1`,
  );
  assert.ok(
    plan.every(({ detail }) => /^SEARCH /.test(String(detail))),
    JSON.stringify(plan),
  );
});

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { openReadOnly } from '../../../../packages/agent/src/buffer/read-only-buffer.ts';
import { repairDirectory } from '../../../../packages/agent/src/buffer/recovery.ts';
import {
  batchRecords,
  listBatches,
  listDestinations,
  listRefusals,
  refusedRecords,
} from '../../../../packages/agent/src/buffer/stored-lists.ts';
import { auditOf, verifyBuffer } from '../../../../packages/agent/src/buffer/verify.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  query,
} from '../../../support/buffer-on-disk.ts';
import { appendRecords, fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { writeVersion1 } from '../../../support/version-1-buffer.ts';

/** Two sealed batches for `a` and `b`, an open one for `a`, and one that `a` refused. */
async function runningBuffer(t: TestContext): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(3), { destinations: ['a', 'b'] });
  buffer.reject('a', allPending(buffer, 'a')[0]!, 'HTTP 400', { status: 400, detail: 'why' });
  await disk.host.clock.advance(1_000);
  await fillBuffer(buffer, numbered(2, 3), { destinations: ['a', 'b'] });
  await appendRecords(buffer, numbered(1, 5), { destinations: ['a'] });
  return disk;
}

async function closedBuffer(t: TestContext): Promise<BufferOnDisk> {
  const disk = await runningBuffer(t);
  const copy = await bufferOnDisk(t);
  mkdirSync(copy.path);
  query(disk.database, `VACUUM INTO '${copy.database}'`);
  return copy;
}

function textsOf(records: readonly Uint8Array[] | 'damaged' | undefined): string[] {
  assert.ok(Array.isArray(records));
  return records.map((record) => Buffer.from(record).toString());
}

test('a buffer is looked into while its agent runs, and the agent goes on', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(3), { destinations: ['a'] });
  const reader = openReadOnly(disk.path);
  t.after(() => reader.close());
  assert.equal(reader.ask(listDestinations)[0]?.records, 3);
  await fillBuffer(buffer, numbered(2, 3), { destinations: ['a'] });
  assert.equal(reader.ask(listDestinations)[0]?.records, 5);
  assert.throws(() => reader.ask((db) => db.exec('DELETE FROM cursors')), { code: 'BUFFER_IO' });
});

test('a reader holds up neither writing nor folding the log into the file', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open({ quotaBytes: 40_000_000 });
  const reader = openReadOnly(disk.path);
  t.after(() => reader.close());
  for (let id = 0; id < 30; id++) {
    await fillBuffer(buffer, [crypto.randomUUID().repeat(20_000)], { destinations: ['a'] });
    for (const batch of allPending(buffer, 'a')) buffer.acknowledge('a', batch);
    reader.ask(listDestinations);
  }
  assert.ok(statSync(`${disk.database}-wal`).size < 3_000_000);
});

test('lists tell who waits for what, and what was refused', async (t) => {
  const { path, host } = await runningBuffer(t);
  const reader = openReadOnly(path);
  t.after(() => reader.close());
  const now = host.clock.now();
  const [a, b, ...others] = reader.ask(listDestinations);
  assert.deepEqual(others, []);
  assert.deepEqual([a?.destination, a?.batches, a?.records, a?.oldestAtMs], ['a', 2, 3, now]);
  assert.deepEqual([b?.batches, b?.records, b?.oldestAtMs], [2, 5, now - 1_000]);
  assert.ok(b!.storedBytes > 0 && b!.rawBytes > 0);

  const { items, count } = reader.ask((db) => listBatches(db, { limit: 2 }));
  assert.deepEqual([items.length, count], [2, 3]);
  assert.deepEqual(
    items.map(({ records, waiting, isSealed }) => [records, [...waiting].sort(), isSealed]),
    [
      [3, ['b'], true],
      [2, ['a', 'b'], true],
    ],
  );
  const ofA = reader.ask((db) => listBatches(db, { destination: 'a', limit: 100 }));
  assert.deepEqual(
    ofA.items.map(({ records, isSealed }) => [records, isSealed]),
    [
      [2, true],
      [1, false],
    ],
  );
  assert.deepEqual(textsOf(reader.ask((db) => batchRecords(db, items[1]!.id))), [
    '{"id":3}',
    '{"id":4}',
  ]);
  assert.equal(
    reader.ask((db) => batchRecords(db, 'no such batch')),
    undefined,
  );

  const refusals = reader.ask((db) => listRefusals(db, { destination: 'a', limit: 5 }));
  const { id, reason, status, detail, records } = refusals.items[0]!;
  assert.deepEqual([id, reason, status, detail, records], [1, 'HTTP 400', 400, 'why', 3]);
  assert.equal(reader.ask((db) => listRefusals(db, { destination: 'b', limit: 5 })).count, 0);
  assert.equal(textsOf(reader.ask((db) => refusedRecords(db, 1))).length, 3);
  assert.equal(
    reader.ask((db) => refusedRecords(db, 2)),
    undefined,
  );
});

test('a sound buffer has no findings, with its agent running and without', async (t) => {
  for (const disk of [await runningBuffer(t), await closedBuffer(t)]) {
    const { findings, batches, records, quarantined } = verifyBuffer(disk.path);
    assert.deepEqual([findings, batches, records, quarantined], [[], 3, 6, 3]);
  }
});

const DAMAGE: readonly [string, string, RegExp][] = [
  [
    'a body that is not what was written',
    "UPDATE fragments SET deflated = x'00' WHERE batch = 2",
    /^fragment 0 of batch .* is not what was written: 2 records$/,
  ],
  [
    'a quarantined body that is not what was written',
    "UPDATE quarantine SET deflated = x'00'",
    /^entry 1 of the quarantine .* is not what was written: 3 records$/,
  ],
  [
    'a count that is wrong',
    'UPDATE batches SET record_count = 9 WHERE seq = 1',
    /^batch .* counts 9 records and holds 3$/,
  ],
  [
    'a ledger that does not add up',
    "UPDATE ledger SET delivered = delivered + 1 WHERE destination = 'b'",
    /^the ledger of .* for b does not add up$/,
  ],
  [
    'a batch that nobody waits for',
    'DELETE FROM deliveries WHERE batch = 3',
    /^nobody waits for batch .* with 1 records$/,
  ],
  [
    'a delivery of nothing',
    "INSERT INTO deliveries VALUES ('c', 'x', 99)",
    /^c waits for 1 batches that are not there$/,
  ],
  [
    'an outlet that is no JSON',
    "UPDATE batches SET destinations = 'x' WHERE seq = 1",
    /^row 1 of batches cannot be read: A stored text is damaged/,
  ],
];

for (const [what, sql, words] of DAMAGE) {
  test(`${what} is found, and nothing else is`, async (t) => {
    const disk = await closedBuffer(t);
    const db = new DatabaseSync(disk.database, { enableForeignKeyConstraints: false });
    db.exec(sql);
    db.close();
    const { findings } = verifyBuffer(disk.path);
    assert.ok(
      findings.some((finding) => words.test(finding)),
      findings.join('\n'),
    );
    const others = findings.filter((finding) => !words.test(finding));
    assert.ok(
      others.every((finding) => /does not add up|foreign key/.test(finding)),
      others.join('\n'),
    );
  });
}

test('what cannot be opened as a database is a finding, too', async (t) => {
  const disk = await closedBuffer(t);
  writeFileSync(disk.database, 'not a database, whatever its name says'.repeat(200));
  const { findings } = verifyBuffer(disk.path);
  assert.equal(findings.length, 1);
  assert.match(findings[0]!, /buffer\.db is damaged: file is not a database/);
});

test('half a file has findings, and a repair leaves a sound one with an exact report', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  for (let id = 0; id < 40; id++) {
    await fillBuffer(buffer, [{ id, noise: crypto.randomUUID().repeat(500) }], {
      destinations: ['a'],
    });
  }
  await buffer.close();
  truncateSync(disk.database, Math.floor(statSync(disk.database).size / 2));
  assert.ok(verifyBuffer(disk.path).findings.length > 0);
  const { lost, setAside, batches } = repairDirectory(disk.path, disk.host, 1e9);
  const records = lost.reduce((sum, loss) => sum + loss.records, 0);
  assert.ok(records > 0);
  assert.equal(records + batches, 40);
  assert.ok(statSync(setAside!).size > 0);
  const after = verifyBuffer(disk.path);
  assert.deepEqual([after.findings, after.batches], [[], batches]);
});

test('an agent that is asked to repair goes on with what was salvaged', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(2), { destinations: ['a'] });
  await fillBuffer(buffer, numbered(1, 2), { destinations: ['a'] });
  query(disk.database, "UPDATE fragments SET deflated = x'00' WHERE batch = 1");
  const { lost, batches } = buffer.repair();
  assert.deepEqual([lost.length, lost[0]?.records, batches], [1, 2, 1]);
  assert.equal(allPending(buffer, 'a').length, 1);
  await fillBuffer(buffer, numbered(1), { destinations: ['a'] });
  assert.throws(() => repairDirectory(disk.path, disk.host, 1e9), { code: 'BUFFER_LOCKED' });
});

test('a directory in which no agent ever ran has no buffer, and gets none', async (t) => {
  const { path } = await bufferOnDisk(t);
  assert.throws(() => openReadOnly(path), { code: 'BUFFER_ABSENT', message: /there is no folder/ });
  mkdirSync(path);
  assert.throws(() => openReadOnly(path), { code: 'BUFFER_ABSENT', message: /holds no buffer/ });
  symlinkSync('/nonexistent', join(path, 'buffer.db'));
  assert.throws(() => openReadOnly(path), { code: 'BUFFER_CORRUPT', message: /is not a file/ });
  rmSync(join(path, 'buffer.db'));
});

test('the buffer of another version is not read, but named', async (t) => {
  const disk = await closedBuffer(t);
  query(disk.database, 'CREATE TABLE since_3 (x)');
  query(disk.database, 'PRAGMA user_version = 3');
  assert.throws(() => openReadOnly(disk.path), { code: 'BUFFER_TOO_NEW' });
  rmSync(disk.database);
  writeVersion1(disk.database);
  assert.throws(() => openReadOnly(disk.path), {
    code: 'BUFFER_TOO_OLD',
    message: /schema 1\); `dcr-agent run` migrates it/,
  });
});

test('an audit of a sound buffer shows the ledger and finds nothing', async (t) => {
  const { path } = await runningBuffer(t);
  const reader = openReadOnly(path);
  t.after(() => reader.close());
  const { rows, findings } = reader.ask(auditOf);
  assert.deepEqual(findings, []);
  assert.deepEqual(
    rows.map(({ destination, read, quarantined, buffered }) => [
      destination,
      read,
      quarantined,
      buffered,
    ]),
    [
      ['a', 6, 3, 3],
      ['b', 5, 0, 5],
    ],
  );
});

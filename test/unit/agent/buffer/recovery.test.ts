import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import {
  type DurableBuffer,
  isBalanced,
} from '../../../../packages/agent/src/buffer/durable-buffer.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  query,
} from '../../../support/buffer-on-disk.ts';
import { appendRecords, fillBuffer, numbered } from '../../../support/fill-buffer.ts';
import { decodeFragment } from '../../../support/fragments.ts';

const BATCHES = 12;

/** Large enough that a body has pages of its own. */
function records(batch: number): unknown[] {
  return [0, 1].map((i) => ({ id: batch * 2 + i, noise: randomBytes(4_000).toString('hex') }));
}

/** A closed buffer with sealed batches for `a` and `b`, an open one, and a cursor. */
async function filledBuffer(t: TestContext, batches: number = BATCHES): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  for (let batch = 0; batch < batches; batch++) {
    await fillBuffer(buffer, records(batch), { destinations: ['a', 'b'] });
  }
  await appendRecords(buffer, records(batches), { destinations: ['a', 'b'] });
  await buffer.append({ entries: [], cursors: [{ key: 'k', value: 'v' }], counts: [] });
  buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
  await buffer.close();
  return disk;
}

function write(file: string, bytes: Uint8Array, at: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, bytes, 0, bytes.length, at);
  closeSync(handle);
}

function damageRoot({ database }: BufferOnDisk, table: string): void {
  const [row] = query(database, `SELECT rootpage FROM sqlite_schema WHERE name = '${table}'`);
  write(database, new Uint8Array(4_096).fill(0x55), (Number(row?.rootpage) - 1) * 4_096);
}

function setAside({ path }: BufferOnDisk): string[] {
  return readdirSync(path).filter((name) => name.includes('.damaged-'));
}

function idsFor(buffer: DurableBuffer, destination: string): number[] {
  const batches = allPending(buffer, destination).map((id) => buffer.read(id));
  const all = batches.flatMap((batch) => batch?.fragments.flatMap(decodeFragment) ?? []);
  return (all as { id: number }[]).map(({ id }) => id);
}

/** It takes, keeps and hands out records, and its ledger balances. */
async function assertWorks(buffer: DurableBuffer): Promise<void> {
  await fillBuffer(buffer, [{ id: -1 }], { destinations: ['new'] });
  assert.deepEqual(idsFor(buffer, 'new'), [-1]);
  buffer.acknowledge('new', allPending(buffer, 'new')[0]!);
  for (const row of buffer.ledger()) assert.ok(isBalanced(row), JSON.stringify(row));
}

/** What the ledger says was lost. */
function droppedFor(buffer: DurableBuffer, destination: string): number {
  return buffer
    .ledger()
    .filter((row) => row.destination === destination)
    .reduce((sum, { dropped }) => sum + dropped, 0);
}

const REPLACEMENTS: Record<string, (file: string) => void> = {
  'an empty file': (file) => writeFileSync(file, ''),
  'random bytes': (file) => writeFileSync(file, randomBytes(20_000)),
  'a text': (file) => writeFileSync(file, 'SQLite format 3, or so it says\n'),
  'a directory with files': (file) => {
    mkdirSync(file);
    writeFileSync(join(file, 'x'), 'x');
  },
  'a link to nowhere': (file) => symlinkSync('/nonexistent/nowhere', file),
  'a link to itself': (file) => symlinkSync(file, file),
  'a database of something else': (file) => {
    const db = new DatabaseSync(file);
    db.exec('CREATE TABLE batches (x); INSERT INTO batches VALUES (1)');
    db.close();
  },
};

for (const [what, replace] of Object.entries(REPLACEMENTS)) {
  test(`${what} in place of the database is set aside, reported and replaced`, async (t) => {
    const disk = await filledBuffer(t);
    rmSync(disk.database);
    replace(disk.database);
    const buffer = disk.open();
    await assertWorks(buffer);
    assert.equal(setAside(disk).length, 1);
    assert.equal(disk.logged('error').length, 1);
    await buffer.close();
    disk.open();
    assert.equal(setAside(disk).length, 1, 'what was repaired once stays repaired');
  });
}

for (const name of [
  'buffer.db-wal',
  'buffer.db-shm',
  'buffer.db-journal',
  'buffer.db.new',
  'buffer.db.rebuilt',
  'reserve',
  'lock',
  'lock-journal',
  'agent.pid',
]) {
  for (const [what, replace] of Object.entries(REPLACEMENTS)) {
    test(`${what} as ${name} does not keep the buffer from opening with all it has`, async (t) => {
      const disk = await filledBuffer(t);
      rmSync(join(disk.path, name), { force: true, recursive: true });
      replace(join(disk.path, name));
      const buffer = disk.open();
      assert.equal(idsFor(buffer, 'b').length, BATCHES * 2);
      await assertWorks(buffer);
    });
  }
}

test('a link in place of the database is not followed', async (t) => {
  const disk = await bufferOnDisk(t);
  await disk.open().close();
  const target = `${disk.path}-target`;
  writeFileSync(target, 'precious');
  rmSync(disk.database);
  symlinkSync(target, disk.database);
  await assertWorks(disk.open());
  assert.equal(readFileSync(target, 'utf8'), 'precious');
});

test('a truncated database gives back what is left of it, and its ledger tells the rest', async (t) => {
  const disk = await filledBuffer(t, 80);
  truncateSync(disk.database, Math.floor(statSync(disk.database).size / 2));
  const buffer = disk.open();
  buffer.seal(0);
  const kept = idsFor(buffer, 'b').length;
  assert.ok(kept > 40 && kept < 120, `${kept} records kept`);
  assert.equal(kept + droppedFor(buffer, 'b'), 162);
  await assertWorks(buffer);
  assert.equal(setAside(disk).length, 1);
});

test('a flipped bit in a body costs the records of that fragment only', async (t) => {
  const disk = await filledBuffer(t);
  const [row] = query(
    disk.database,
    'SELECT id, deflated FROM fragments JOIN batches ON seq = batch WHERE batch = 5',
  );
  const body = Buffer.from(row?.deflated as Uint8Array);
  const file = readFileSync(disk.database);
  const at = file.indexOf(body.subarray(-200));
  assert.ok(at > 0);
  write(disk.database, Uint8Array.of(file[at]! ^ 1), at);

  const buffer = disk.open();
  const ids = idsFor(buffer, 'b');
  assert.deepEqual(
    ids,
    Array.from({ length: BATCHES * 2 }, (_, id) => id).filter((id) => id !== 8 && id !== 9),
  );
  assert.equal(droppedFor(buffer, 'a'), 2);
  assert.equal(droppedFor(buffer, 'b'), 2);
  assert.equal(buffer.read(String(row?.id)), undefined);
  assert.deepEqual(disk.logged('error'), [
    'Records in the buffer were damaged and had to be dropped.',
  ]);
  assert.deepEqual(setAside(disk), []);
  assert.deepEqual(
    buffer.usage().losses.map(({ destination, records: lost }) => [destination, lost]),
    [
      ['b', 2],
      ['a', 2],
    ],
  );
  await assertWorks(buffer);
});

/** Overwrites pages in the middle of a database that is open, but not in memory any more. */
function damageMiddle({ database }: BufferOnDisk): void {
  const pages = Math.floor(statSync(database).size / 4_096);
  const first = Math.floor(pages / 10);
  write(
    database,
    new Uint8Array((Math.floor(pages / 3) - first) * 4_096).fill(0x55),
    first * 4_096,
  );
}

test('no byte of the file’s header that is damaged costs a record', async (t) => {
  const disk = await filledBuffer(t);
  const sound = readFileSync(disk.database);
  const aside = (): string | undefined => setAside(disk).find((name) => !name.endsWith('-wal'));
  for (let at = 0; at < 100; at++) {
    rmSync(disk.path, { recursive: true });
    mkdirSync(disk.path);
    const damaged = Buffer.from(sound);
    damaged[at] = damaged[at]! ^ 0xff;
    writeFileSync(disk.database, damaged);
    const buffer = disk.open();
    buffer.seal(0);
    assert.equal(idsFor(buffer, 'b').length, (BATCHES + 1) * 2, `byte ${at}`);
    assert.equal(buffer.cursors('k').get('k'), 'v', `byte ${at}`);
    const kept = aside();
    if (kept !== undefined) assert.deepEqual(readFileSync(join(disk.path, kept)), damaged);
    await assertWorks(buffer);
    await buffer.close();
  }
});

test('what damage has cost is told by destination and time, in the log and later', async (t) => {
  const disk = await bufferOnDisk(t);
  const beganAtMs = disk.host.clock.now();
  const first = disk.open();
  for (let batch = 0; batch < 80; batch++) {
    await fillBuffer(first, records(batch), { destinations: ['a', 'b'] });
    await disk.host.clock.advance(1_000);
  }
  await first.close();
  truncateSync(disk.database, Math.floor(statSync(disk.database).size / 2));
  const buffer = disk.open();
  const { losses, setAside: files } = buffer.usage();
  const sum = (of: typeof losses) => of.reduce((total, loss) => total + loss.records, 0);
  const dated = losses.filter(({ fromMs }) => fromMs !== null);
  assert.ok(sum(dated) > 0);
  for (const { fromMs, toMs } of dated) {
    assert.ok(fromMs! > beganAtMs && fromMs! < toMs && toMs <= beganAtMs + 79_000, `${fromMs}`);
  }
  const writtenAtMs = Math.round(statSync(join(disk.path, setAside(disk)[0]!)).mtimeMs);
  for (const { fromMs, toMs } of losses) if (fromMs === null) assert.equal(toMs, writtenAtMs);
  for (const name of ['a', 'b']) {
    const own = losses.filter(({ destination }) => destination === name);
    assert.equal(sum(own), droppedFor(buffer, name));
  }
  assert.deepEqual(
    files.map(({ path }) => path),
    setAside(disk).map((name) => join(disk.path, name)),
  );
  const told = disk.host.log.entries.find(({ level }) => level === 'error');
  assert.deepEqual((told!.facts as { lost: unknown[] }).lost, losses.toReversed());
  await buffer.close();
  assert.deepEqual(disk.open().usage().losses, losses);
});

test('damage that comes while running is repaired without a restart', async (t) => {
  const batches = 700;
  const disk = await filledBuffer(t, batches);
  const buffer = disk.open();
  damageMiddle(disk);
  const kept = idsFor(buffer, 'b').length;
  assert.ok(kept > batches && kept < batches * 2, `${kept} records kept`);
  buffer.seal(0);
  assert.equal(idsFor(buffer, 'b').length + droppedFor(buffer, 'b'), (batches + 1) * 2);
  assert.match(disk.logged('error').join(), /damaged/);
  assert.equal(buffer.cursors('k').get('k'), 'v');
  await assertWorks(buffer);
});

test('damage met while acknowledging or appending is repaired, and the calls succeed', async (t) => {
  const disk = await filledBuffer(t, 700);
  const buffer = disk.open();
  damageMiddle(disk);
  for (const id of allPending(buffer, 'b')) buffer.acknowledge('b', id);
  for (const id of allPending(buffer, 'a')) buffer.acknowledge('a', id);
  for (let id = 0; id < 100; id++) {
    await fillBuffer(buffer, [{ id, noise: randomBytes(4_000).toString('hex') }], {
      destinations: ['c'],
    });
  }
  assert.equal(idsFor(buffer, 'c').length, 100);
  await assertWorks(buffer);
});

test('a write-ahead log without its database is set aside, not applied to a fresh one', async (t) => {
  const disk = await bufferOnDisk(t);
  const running = disk.open();
  await fillBuffer(running, numbered(3), { destinations: ['a'] });
  const log = readFileSync(`${disk.database}-wal`);
  await running.close();
  rmSync(disk.database);
  writeFileSync(`${disk.database}-wal`, log);
  const buffer = disk.open();
  assert.deepEqual(idsFor(buffer, 'a'), []);
  await assertWorks(buffer);
  assert.equal(setAside(disk).length, 1);
  assert.equal(disk.logged('error').length, 1);
});

test('an empty database is set aside together with its write-ahead log', async (t) => {
  const disk = await filledBuffer(t);
  truncateSync(disk.database);
  writeFileSync(`${disk.database}-wal`, randomBytes(5_000));
  await assertWorks(disk.open());
  const [file, log] = setAside(disk).sort();
  assert.equal(log, `${file}-wal`);
});

test('when it is not known who still waits for a batch, everyone receives it', async (t) => {
  const disk = await filledBuffer(t);
  damageRoot(disk, 'deliveries');
  const buffer = disk.open();
  buffer.seal(0);
  assert.equal(idsFor(buffer, 'a').length, (BATCHES + 1) * 2);
  assert.equal(idsFor(buffer, 'b').length, (BATCHES + 1) * 2);
  await assertWorks(buffer);
});

test('what lies in the quarantine is carried over, unless it is damaged itself', async (t) => {
  const disk = await bufferOnDisk(t);
  const first = disk.open();
  for (const id of [1, 2]) {
    await fillBuffer(first, [{ id }], { destinations: ['a'] });
    first.reject('a', allPending(first, 'a')[0]!, 'no', { status: 400, detail: 'why' });
  }
  await first.close();
  query(disk.database, "UPDATE quarantine SET deflated = x'00' WHERE id = 1");
  damageRoot(disk, 'ledger');
  const buffer = disk.open();
  assert.equal(buffer.replayQuarantined(1), 'missing');
  assert.equal(buffer.replayQuarantined(2), 'done');
  assert.deepEqual(idsFor(buffer, 'a'), [2]);
  await assertWorks(buffer);
});

test('a lost ledger begins again with what is stored', async (t) => {
  const disk = await filledBuffer(t);
  damageRoot(disk, 'ledger');
  const buffer = disk.open();
  assert.equal(idsFor(buffer, 'b').length, BATCHES * 2);
  assert.equal(droppedFor(buffer, 'b'), 0);
  await assertWorks(buffer);
});

test('a rebuild that was cut off before the end is finished or begun again', async (t) => {
  const disk = await filledBuffer(t);
  const { database } = disk;
  writeFileSync(`${database}.new`, 'half written');
  writeFileSync(`${database}.rebuilt`, 'complete, but the old file is still there');
  let buffer = disk.open();
  assert.equal(idsFor(buffer, 'b').length, BATCHES * 2);
  await buffer.close();
  assert.equal(existsSync(`${database}.rebuilt`), false);

  renameSync(database, `${database}.rebuilt`);
  buffer = disk.open();
  assert.equal(idsFor(buffer, 'b').length, BATCHES * 2);
  assert.deepEqual(disk.logged('error'), []);
});

test('what was set aside makes room before new records are refused', async (t) => {
  const disk = await bufferOnDisk(t);
  await disk.open().close();
  writeFileSync(disk.database, randomBytes(2_500_000));
  const buffer = disk.open({ quotaBytes: 3_000_000 });
  assert.equal(setAside(disk).length, 1);
  await fillBuffer(buffer, [randomBytes(300_000).toString('hex')], { destinations: ['a'] });
  assert.equal(setAside(disk).length, 0);
  assert.match(disk.logged('warn').join(), /deleted to make room/);
});

test('a file removed while the agent runs is put back with all that was in it', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  await fillBuffer(buffer, [{ id: 1 }], { destinations: ['a'] });
  rmSync(disk.path, { recursive: true });
  await fillBuffer(buffer, [{ id: 2 }], { destinations: ['a'] });
  assert.match(disk.logged('error').join(), /put back/);
  assert.throws(() => disk.open(), { code: 'BUFFER_LOCKED' });
  assert.equal(statSync(disk.path).mode & 0o777, 0o700);
  assert.equal(statSync(disk.database).mode & 0o777, 0o600);
  await buffer.close();
  assert.deepEqual(idsFor(disk.open(), 'a'), [1, 2]);
});

test('a file removed while nothing is committed is missed within a second', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  for (const id of [1, 2]) await fillBuffer(buffer, [{ id }], { destinations: ['a'] });
  rmSync(disk.path, { recursive: true });
  buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
  assert.deepEqual(disk.logged('error'), []);
  await disk.host.clock.advance(1_000);
  buffer.seal(0);
  assert.match(disk.logged('error').join(), /put back/);
  await buffer.close();
  assert.deepEqual(idsFor(disk.open(), 'a'), [2]);
});

test('a state directory replaced by a link while the agent runs is not written to', async (t) => {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  await fillBuffer(buffer, [{ id: 1 }], { destinations: ['a'] });
  const moved = `${disk.path}-moved`;
  const elsewhere = `${disk.path}-elsewhere`;
  mkdirSync(elsewhere);
  renameSync(disk.path, moved);
  symlinkSync(elsewhere, disk.path);
  await assert.rejects(appendRecords(buffer, [{ id: 2 }], { destinations: ['a'] }), {
    code: 'BUFFER_IO',
    message: /symbolic link/,
  });
  assert.deepEqual(readdirSync(elsewhere), []);
  rmSync(disk.path);
  renameSync(moved, disk.path);
  await fillBuffer(buffer, [{ id: 3 }], { destinations: ['a'] });
  assert.deepEqual(idsFor(buffer, 'a'), [1, 3]);
});

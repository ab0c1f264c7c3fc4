/** Upgrade, downgrade, upgrade: the schema's number stands for the agent that knows it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

const BOTH = { destinations: ['a', 'b'] };

function newerFiles({ path }: BufferOnDisk): string[] {
  return readdirSync(path)
    .filter((name) => name.includes('.newer-'))
    .map((name) => join(path, name));
}

/** From now on only an agent of this schema knows the file. */
function setSchema(file: string, version: number): void {
  const table = version > 2 ? 'CREATE TABLE since_3 (x)' : 'DROP TABLE IF EXISTS since_3';
  query(file, table);
  query(file, `PRAGMA user_version = ${version}`);
}

function idsFor(buffer: DurableBuffer, destination: string): number[] {
  const batches = allPending(buffer, destination).map((id) => buffer.read(id));
  const all = batches.flatMap((batch) => batch?.fragments.flatMap(decodeFragment) ?? []);
  return (all as { id: number }[]).map(({ id }) => id);
}

function totals(buffer: DurableBuffer, destination: string): Record<string, number> {
  const rows = buffer.ledger().filter((row) => row.destination === destination);
  for (const row of rows) assert.ok(isBalanced(row), JSON.stringify(row));
  const sum = (column: 'read' | 'delivered' | 'quarantined' | 'buffered' | 'dropped') =>
    rows.reduce((total, row) => total + row[column], 0);
  const [read, delivered, quarantined] = [sum('read'), sum('delivered'), sum('quarantined')];
  return { read, delivered, quarantined, buffered: sum('buffered'), dropped: sum('dropped') };
}

/**
 * A newer agent has read 0 to 9: 0 and 1 are delivered to `a`, 2 is quarantined for it, 3 to 7
 * wait in sealed batches, 8 and 9 in an open one; all wait for `b`.
 */
async function afterUpgrade(t: TestContext): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  const buffer = disk.open();
  buffer.rememberDestinations([{ id: 'a', protocol: 'ods', endpoint: 'https://a.example' }]);
  await fillBuffer(buffer, numbered(2), BOTH);
  buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
  await fillBuffer(buffer, numbered(1, 2), BOTH);
  buffer.reject('a', allPending(buffer, 'a')[0]!, 'no', { status: 400, detail: 'why' });
  await fillBuffer(buffer, numbered(2, 3), BOTH);
  await fillBuffer(buffer, numbered(3, 5), BOTH);
  buffer.split('a', allPending(buffer, 'a')[1]!);
  await appendRecords(buffer, numbered(2, 8), BOTH);
  await buffer.append({ entries: [], cursors: [{ key: 'k', value: 'newer' }], counts: [] });
  await buffer.close();
  setSchema(disk.database, 3);
  return disk;
}

/** The older agent starts anew and reads 10 to 12; 10 is delivered to `a`. */
async function afterDowngrade(t: TestContext): Promise<BufferOnDisk> {
  const disk = await afterUpgrade(t);
  const buffer = disk.open();
  await fillBuffer(buffer, numbered(1, 10), BOTH);
  buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
  await appendRecords(buffer, numbered(2, 11), BOTH);
  await buffer.append({ entries: [], cursors: [{ key: 'k', value: 'older' }], counts: [] });
  await buffer.close();
  return disk;
}

test('a version that is damaged makes nobody a newer agent: all records stay', async (t) => {
  const disk = await afterUpgrade(t);
  query(disk.database, 'DROP TABLE since_3');
  const buffer = disk.open();
  buffer.seal(0);
  assert.deepEqual(newerFiles(disk), []);
  assert.deepEqual(idsFor(buffer, 'a'), [3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(
    buffer.usage().losses.map(({ records }) => records),
    [],
  );
});

test('an older agent sets a newer buffer aside whole, says so, and collects', async (t) => {
  const disk = await afterUpgrade(t);
  const before = readFileSync(disk.database);
  const buffer = disk.open();
  const [file, ...others] = newerFiles(disk);
  assert.deepEqual(others, []);
  assert.deepEqual(readFileSync(file!), before);
  const told = disk.host.log.entries.find(({ level }) => level === 'warn');
  assert.match(told!.message, /newer agent’s buffer was set aside whole/);
  const facts = told!.facts as Record<string, unknown>;
  assert.deepEqual([facts.setAside, facts.bytes], [file, before.length]);
  assert.match(String(facts.reason), /its schema is 3, this agent knows 2/);
  assert.deepEqual(buffer.usage().setAside, [{ path: file, bytes: before.length }]);
  await fillBuffer(buffer, numbered(1), BOTH);
  assert.deepEqual(idsFor(buffer, 'a'), [0]);
});

test('upgrade, downgrade, upgrade: nothing is lost, and what came first is delivered first', async (t) => {
  const disk = await afterDowngrade(t);
  setSchema(newerFiles(disk)[0]!, 2);
  const buffer = disk.open();
  assert.deepEqual(newerFiles(disk), []);
  buffer.seal(0);
  assert.deepEqual(idsFor(buffer, 'a'), [3, 4, 5, 6, 7, 8, 9, 11, 12]);
  assert.deepEqual(
    idsFor(buffer, 'b'),
    numbered(13).map(({ id }) => id),
  );
  assert.deepEqual(totals(buffer, 'a'), {
    ...{ read: 13, delivered: 3, quarantined: 1, buffered: 9, dropped: 0 },
  });
  assert.deepEqual(totals(buffer, 'b'), {
    ...{ read: 13, delivered: 0, quarantined: 0, buffered: 13, dropped: 0 },
  });
  assert.equal(buffer.cursors('k').get('k'), 'older', 'cursors in force stay');
  assert.deepEqual(
    buffer.destinationsWithBacklog().map(({ id }) => id),
    ['a'],
  );
  assert.equal(buffer.replayQuarantined(1), 'done');
  assert.deepEqual(idsFor(buffer, 'a').at(-1), 2);
});

test('a buffer that is too new for this agent, too, keeps waiting', async (t) => {
  const disk = await afterDowngrade(t);
  await disk.open().close();
  assert.equal(newerFiles(disk).length, 1);
  assert.equal(disk.logged('warn').length, 3);
  setSchema(newerFiles(disk)[0]!, 2);
  assert.equal(totals(disk.open(), 'b').buffered, 13);
});

test('two downgrades leave two files, and both are taken back', async (t) => {
  const disk = await afterDowngrade(t);
  await disk.host.clock.advance(60_000);
  setSchema(disk.database, 4);
  const between = disk.open();
  await fillBuffer(between, numbered(1, 13), BOTH);
  await between.close();
  assert.equal(newerFiles(disk).length, 2);
  for (const file of newerFiles(disk)) setSchema(file, 2);
  const buffer = disk.open();
  assert.deepEqual(
    idsFor(buffer, 'b'),
    numbered(14).map(({ id }) => id),
  );
});

test('taking back that was cut off after its counts is finished, and counts nothing twice', async (t) => {
  const disk = await afterDowngrade(t);
  const [file] = newerFiles(disk);
  setSchema(file!, 2);
  const whole = readFileSync(file!);
  const first = disk.open();
  await first.close();
  // As if the file had not been deleted yet, nor anything in it.
  writeFileSync(file!, whole);
  query(disk.database, `INSERT INTO taken_back VALUES ('${file!.slice(disk.path.length + 1)}')`);
  const buffer = disk.open();
  buffer.seal(0);
  assert.equal(idsFor(buffer, 'b').length, 13);
  assert.deepEqual(totals(buffer, 'a'), {
    ...{ read: 13, delivered: 3, quarantined: 1, buffered: 9, dropped: 0 },
  });
  await buffer.close();
  assert.deepEqual(query(disk.database, 'SELECT * FROM taken_back'), []);
});

test('damage in a file that was set aside costs what is damaged, counted', async (t) => {
  const disk = await afterDowngrade(t);
  const [file] = newerFiles(disk);
  setSchema(file!, 2);
  query(
    file!,
    "UPDATE fragments SET deflated = x'00' WHERE batch = (SELECT min(seq) FROM batches)",
  );
  const buffer = disk.open();
  assert.deepEqual(totals(buffer, 'b'), {
    ...{ read: 13, delivered: 0, quarantined: 0, buffered: 11, dropped: 2 },
  });
});

test('a file that is no buffer any more stays where it is, and the agent starts', async (t) => {
  const disk = await afterDowngrade(t);
  const [file] = newerFiles(disk);
  writeFileSync(file!, randomBytes(9_000));
  const buffer = disk.open();
  assert.deepEqual(newerFiles(disk), [file]);
  assert.match(disk.logged('error').join(), /set aside cannot be read/);
  assert.deepEqual(totals(buffer, 'b').read, 3);
});

test('what there is no room for waits for a later start', async (t) => {
  const disk = await bufferOnDisk(t);
  const newer = disk.open();
  for (let id = 0; id < 60; id++) {
    await fillBuffer(newer, [{ id, noise: randomBytes(40_000).toString('hex') }], BOTH);
  }
  await newer.close();
  setSchema(disk.database, 3);
  await disk.open().close();
  setSchema(newerFiles(disk)[0]!, 2);
  const quotaBytes = 4_000_000;
  const full = disk.open({ quotaBytes });
  const some = idsFor(full, 'b');
  assert.ok(some.length < 60, `${some.length} taken back`);
  assert.match(disk.logged('warn').join(), /not room yet for all/);
  totals(full, 'b');
  await full.close();
  const buffer = disk.open();
  assert.deepEqual(
    idsFor(buffer, 'b'),
    numbered(60).map(({ id }) => id),
  );
  assert.equal(totals(buffer, 'b').read, 60);
  assert.deepEqual(newerFiles(disk), []);
});

test('only when nothing else makes room is a newer buffer given up', async (t) => {
  const disk = await bufferOnDisk(t);
  const newer = disk.open();
  await fillBuffer(newer, [{ id: 1, noise: randomBytes(1_200_000).toString('hex') }], BOTH);
  await newer.close();
  setSchema(disk.database, 3);
  await disk.open().close();
  renameSync(newerFiles(disk)[0]!, join(disk.path, 'x'));
  writeFileSync(disk.database, randomBytes(500_000));
  renameSync(join(disk.path, 'x'), join(disk.path, 'buffer.db.newer-2026-01-01T00-00-00'));
  const buffer = disk.open({ quotaBytes: 3_000_000 });
  assert.equal(buffer.usage().setAside.length, 2);
  await fillBuffer(buffer, [{ noise: randomBytes(100_000).toString('hex') }], BOTH);
  await fillBuffer(buffer, [{ noise: randomBytes(300_000).toString('hex') }], BOTH);
  assert.equal(newerFiles(disk).length, 1, 'what was damaged goes first');
  await fillBuffer(buffer, [{ noise: randomBytes(600_000).toString('hex') }], BOTH);
  assert.match(disk.logged('error').join(), /newer agent’s buffer was deleted to make room/);
});

/** Reading a log that is being written: growth, wrapping, clearing, and what is half on disk. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DamageReason } from '../../../../packages/agent/src/eventlog/damage.ts';
import { type EvtxBatch, EvtxFile } from '../../../../packages/agent/src/eventlog/evtx-file.ts';
import {
  type EvtxPosition,
  positionAfter,
} from '../../../../packages/agent/src/eventlog/evtx-position.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { EvtxAppender } from '../../../support/evtx-writer/evtx-appender.ts';
import { chunkOffset } from '../../../support/evtx-writer/evtx-writer.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const EVENT = eventXml({ data: { Filler: 'x'.repeat(500) } });

/** About as many events as fill a chunk. */
const PER_CHUNK = 46;

function events(
  count: number,
  time = '2025-06-08T07:00:00.0000000Z',
): { xml: string; writtenTime: string }[] {
  return Array.from({ length: count }, () => ({ xml: EVENT, writtenTime: time }));
}

/** A follower as a source would be one: keeps the position of the last batch. */
class Follower {
  readonly path: string;
  position: EvtxPosition | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** The identifiers and the damage of everything new. */
  async look(): Promise<{ ids: number[]; damage: DamageReason[] }> {
    const log = await EvtxFile.open(this.path);
    const batches = await all(log.read(this.position));
    await log.close();
    const last = batches.at(-1);
    if (last) this.position = JSON.parse(JSON.stringify(last.position)) as EvtxPosition;
    return summary(batches);
  }
}

async function all(batches: AsyncIterable<EvtxBatch>): Promise<EvtxBatch[]> {
  const found: EvtxBatch[] = [];
  for await (const batch of batches) found.push(batch);
  return found;
}

function summary(batches: readonly EvtxBatch[]): { ids: number[]; damage: DamageReason[] } {
  return {
    ids: batches.flatMap((batch) => batch.events.map(({ recordId }) => recordId)),
    damage: batches.flatMap((batch) => batch.damage.map(({ reason }) => reason)),
  };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

async function logPath(): Promise<string> {
  return join(await temporaryFolder(), 'live.evtx');
}

/** Changes bytes of the file as it is on disk. */
function patch(path: string, change: (file: Buffer) => void): void {
  const file = readFileSync(path);
  change(file);
  writeFileSync(path, file);
}

/** Where the n-th record of the first chunk begins in the file. */
function recordOffset(file: Buffer, n: number): number {
  let offset = chunkOffset(0) + 512;
  for (let i = 0; i < n; i++) offset += file.readUInt32LE(offset + 4);
  return offset;
}

test('what is appended is read once, whether in the same chunk or in new ones', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path);
  const follower = new Follower(path);
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
  log.append(...events(3));
  assert.deepEqual((await follower.look()).ids, [1, 2, 3]);
  assert.deepEqual((await follower.look()).ids, []);
  log.append(...events(1));
  assert.deepEqual((await follower.look()).ids, [4]);
  log.append(...events(200));
  assert.deepEqual(await follower.look(), { ids: range(5, 204), damage: [] });
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
});

test('a log that wraps is read in the order of time', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path, { chunksMax: 4 });
  log.append(...events(5 * PER_CHUNK));
  const { ids, damage } = await new Follower(path).look();
  assert.equal(ids.at(-1), 5 * PER_CHUNK);
  assert.deepEqual(ids, range(ids[0]!, ids.at(-1)!));
  assert.deepEqual(damage, []);
});

test('a follower goes on over the wrap', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path, { chunksMax: 3 });
  const follower = new Follower(path);
  const seen: number[] = [];
  for (let round = 0; round < 20; round++) {
    log.append(...events(20));
    const { ids, damage } = await follower.look();
    assert.deepEqual(damage, []);
    seen.push(...ids);
  }
  assert.deepEqual(seen, range(1, 400));
});

test('records overwritten before they were read are told, and the rest is read', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path, { chunksMax: 3 });
  const follower = new Follower(path);
  log.append(...events(2));
  await follower.look();
  log.append(...events(6 * PER_CHUNK));
  const { ids, damage } = await follower.look();
  assert.deepEqual(damage, ['overwritten records']);
  assert.deepEqual(ids, range(ids[0]!, 6 * PER_CHUNK + 2));
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
});

test('a log cleared and counting on is followed', async () => {
  const path = await logPath();
  const follower = new Follower(path);
  new EvtxAppender(path).append(...events(100));
  await follower.look();
  const fresh = `${path}.new`;
  new EvtxAppender(fresh, { startRecordId: 101 }).append(...events(2));
  writeFileSync(path, readFileSync(fresh));
  assert.deepEqual(await follower.look(), { ids: [101, 102], damage: [] });
});

test('a log cleared and counting from one again is read from its beginning', async () => {
  const path = await logPath();
  const follower = new Follower(path);
  new EvtxAppender(path).append(...events(100));
  await follower.look();
  const later = '2025-06-09T00:00:00.0000000Z';
  const fresh = new EvtxAppender(`${path}.new`);
  fresh.append(...events(5, later));
  writeFileSync(path, readFileSync(`${path}.new`));
  assert.deepEqual(await follower.look(), { ids: range(1, 5), damage: ['restarted log'] });
  fresh.append(...events(1, later));
  writeFileSync(path, readFileSync(`${path}.new`));
  assert.deepEqual(await follower.look(), { ids: [6], damage: [] });
});

test('a cleared log that has passed the old position is read from its beginning', async () => {
  const path = await logPath();
  const follower = new Follower(path);
  new EvtxAppender(path).append(...events(5));
  await follower.look();
  new EvtxAppender(`${path}.new`).append(...events(8, '2025-06-09T00:00:00.0000000Z'));
  writeFileSync(path, readFileSync(`${path}.new`));
  assert.deepEqual(await follower.look(), { ids: range(1, 8), damage: ['restarted log'] });
});

test('an older copy put in the place of the log is not read again', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path);
  log.append(...events(5));
  const copy = readFileSync(path);
  log.append(...events(5, '2025-06-08T08:00:00.0000000Z'));
  const follower = new Follower(path);
  await follower.look();
  writeFileSync(path, copy);
  assert.deepEqual(await follower.look(), { ids: [], damage: ['position lost'] });
});

test('a record half on disk is waited for, and not called damage', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path);
  const follower = new Follower(path);
  log.append(...events(3));
  await follower.look();
  const before = readFileSync(path);
  log.append(...events(2));
  const after = readFileSync(path);
  // The header page is there, the page with the records is not yet.
  const half = Buffer.from(after);
  const end = before.readUInt32LE(chunkOffset(0) + 48) + chunkOffset(0);
  half.fill(0, end + 700);
  writeFileSync(path, half);
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
  writeFileSync(path, after);
  assert.deepEqual(await follower.look(), { ids: [4, 5], damage: [] });
});

test('once a newer chunk exists, what is broken in the older one is damage', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path);
  const follower = new Follower(path);
  log.append(...events(3));
  await follower.look();
  log.append(...events(2 * PER_CHUNK));
  patch(path, (file) => {
    const fourth = recordOffset(file, 3);
    file.fill(0xee, fourth, fourth + 40);
  });
  const { ids, damage } = await follower.look();
  assert.deepEqual(damage, ['damaged record']);
  assert.deepEqual(ids, range(5, 3 + 2 * PER_CHUNK));
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
});

test('a damaged chunk between two others is reported once and passed', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path);
  const follower = new Follower(path);
  log.append(...events(3));
  await follower.look();
  log.append(...events(4 * PER_CHUNK));
  patch(path, (file) => file.write('XX', chunkOffset(1), 'latin1'));
  const { ids, damage } = await follower.look();
  assert.deepEqual(damage, ['chunk signature']);
  assert.equal(ids.at(-1), 3 + 4 * PER_CHUNK);
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
});

test('appending while the log is being read loses nothing and repeats nothing', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path, { chunksMax: 8 });
  const follower = new Follower(path);
  const seen: number[] = [];
  let last = 0;
  for (let round = 0; round < 40; round++) {
    const looking = follower.look();
    for (let turn = 0; turn < 6; turn++) {
      last = log.append(...events(9));
      await nextTurn();
    }
    seen.push(...(await looking).ids);
  }
  seen.push(...(await follower.look()).ids);
  assert.deepEqual(seen, range(1, last));
});

test('a position can be taken after any event of a batch', async (t) => {
  const path = await logPath();
  new EvtxAppender(path).append(...events(100));
  const log = await EvtxFile.open(path);
  t.after(() => log.close());
  const [first] = await all(log.read(null));
  const position = positionAfter(first!.events[9]!);
  assert.deepEqual(summary(await all(log.read(position))).ids, range(11, 100));
});

test('reading can begin after an identifier alone', async (t) => {
  const path = await logPath();
  new EvtxAppender(path, { chunksMax: 3 }).append(...events(4 * PER_CHUNK));
  const log = await EvtxFile.open(path);
  t.after(() => log.close());
  for (const after of [2 * PER_CHUNK, 3 * PER_CHUNK + 7]) {
    const { ids, damage } = summary(await all(log.readAfter(after)));
    assert.deepEqual(ids, range(after + 1, 4 * PER_CHUNK));
    assert.deepEqual(damage, []);
  }
  assert.deepEqual(summary(await all(log.readAfter(4 * PER_CHUNK))).ids, []);
  assert.deepEqual(summary(await all(log.readAfter(9999))), { ids: [], damage: ['position lost'] });
});

test('reading can begin at the end', async () => {
  const path = await logPath();
  const log = new EvtxAppender(path, { chunksMax: 3 });
  const follower = new Follower(path);
  log.append(...events(4 * PER_CHUNK));
  const file = await EvtxFile.open(path);
  follower.position = await file.end();
  await file.close();
  assert.deepEqual(await follower.look(), { ids: [], damage: [] });
  log.append(...events(2));
  assert.deepEqual((await follower.look()).ids, [4 * PER_CHUNK + 1, 4 * PER_CHUNK + 2]);
});

test('an empty log has no end yet', async (t) => {
  const path = await logPath();
  new EvtxAppender(path);
  const file = await EvtxFile.open(path);
  t.after(() => file.close());
  assert.equal(await file.end(), null);
});

test('a log that was closed and opened by its writer again is followed', async () => {
  const path = await logPath();
  const follower = new Follower(path);
  const first = new EvtxAppender(path);
  first.append(...events(3));
  first.close();
  assert.deepEqual((await follower.look()).ids, [1, 2, 3]);
  new EvtxAppender(path).append(...events(3));
  assert.deepEqual((await follower.look()).ids, [4, 5, 6]);
});

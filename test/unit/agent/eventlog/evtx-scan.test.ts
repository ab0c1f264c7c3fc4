import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { isAgentError } from '../../../../packages/agent/src/errors.ts';
import type { Damage } from '../../../../packages/agent/src/eventlog/damage.ts';
import type { EvtxEvent } from '../../../../packages/agent/src/eventlog/evtx-event.ts';
import { EvtxFile } from '../../../../packages/agent/src/eventlog/evtx-file.ts';
import { scanEvtx } from '../../../../packages/agent/src/eventlog/evtx-scan.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { chunkOffset, writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const CHUNK_SIZE = 65_536;
/** Three chunks. */
const EVENTS = Array.from({ length: 700 }, (_, i) => eventXml({ data: { Number: String(i) } }));
const FILE = writeEvtx(EVENTS);

async function scan(file: Buffer): Promise<{ events: EvtxEvent[]; damage: Damage[] }> {
  const path = join(await temporaryFolder(), 'log.evtx');
  await writeFile(path, file);
  const events: EvtxEvent[] = [];
  const damage: Damage[] = [];
  for (const batch of scanEvtx(path)) {
    events.push(...batch.events);
    damage.push(...batch.damage);
  }
  return { events, damage };
}

function idsOf(events: readonly EvtxEvent[]): number[] {
  return events.map(({ recordId }) => recordId);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

test('every event of several chunks is read in the order of the file', async () => {
  const { events, damage } = await scan(FILE);
  assert.equal((FILE.length - 4096) / CHUNK_SIZE, 3);
  assert.deepEqual(idsOf(events), range(1, 700));
  assert.deepEqual(damage, []);
  assert.equal(events[699]?.event.children[1]?.children[0]?.value?.text, '699');
});

test('an event tells where it lies and when it was written', async () => {
  const { events } = await scan(FILE);
  const last = events.at(-1)!;
  assert.equal(last.chunkOffset, chunkOffset(2));
  assert.equal(FILE.readUInt32LE(last.offset), 0x2a2a);
  assert.equal(FILE.readBigUInt64LE(last.offset + 8), 700n);
  assert.equal(last.writtenTime, '2025-06-08T07:12:52.1635583Z');
});

test('events outlive the reading of other chunks', async () => {
  const { events } = await scan(FILE);
  const texts = events.map((event) => event.xml());
  assert.ok(texts.every((text, i) => text.includes(`<Data Name="Number">${i}</Data>`)));
});

test('the identifier of the record and that of the event are two things', async () => {
  const xml = eventXml().replace('</System>', '<EventRecordID>77</EventRecordID></System>');
  const { events } = await scan(writeEvtx([{ xml, recordId: 5 }]));
  assert.equal(events[0]?.recordId, 5);
  assert.match(events[0]?.xml() ?? '', /<EventRecordID>77</);
});

test('the file header is not believed', async () => {
  for (const chunkCount of [0, 1, 9]) {
    const file = writeEvtx(EVENTS, { header: { chunkCount, isDirty: true, nextRecordId: 1 } });
    assert.equal((await scan(file)).events.length, 700);
  }
});

test('a chunk with a broken signature is skipped and reported', async () => {
  const file = Buffer.from(FILE);
  file.write('XXXX', chunkOffset(1), 'latin1');
  const { events, damage } = await scan(file);
  assert.deepEqual(
    new Set(events.map(({ chunkOffset: at }) => at)),
    new Set([chunkOffset(0), chunkOffset(2)]),
  );
  assert.deepEqual(damage, [
    { offset: chunkOffset(1), length: CHUNK_SIZE, reason: 'chunk signature' },
  ]);
});

test('room for later chunks is no damage', async () => {
  const { events, damage } = await scan(Buffer.concat([FILE, Buffer.alloc(2 * CHUNK_SIZE)]));
  assert.equal(events.length, 700);
  assert.deepEqual(damage, []);
});

test('of a file that was cut, everything before the cut is read', async () => {
  const { events: all } = await scan(FILE);
  const cutAt = all[690]!.offset + 100;
  const { events, damage } = await scan(FILE.subarray(0, cutAt));
  assert.deepEqual(idsOf(events), range(1, 690));
  assert.deepEqual(damage, [
    { offset: cutAt - 100, length: 100, reason: 'damaged record' },
    missing(cutAt, FILE.length - cutAt, 'its last chunk of 65536 bytes is not whole'),
  ]);
});

function missing(offset: number, length: number, detail: string): Damage {
  return { offset, length, reason: 'cut file', detail };
}

test('a file that ends inside its header is told to be cut', async () => {
  for (const size of [8, 100, 4095]) {
    assert.deepEqual(await scan(FILE.subarray(0, size)), {
      events: [],
      damage: [missing(size, 4096 - size, 'its header of 4096 bytes is not whole')],
    });
  }
});

test('a chunk that is not whole is told, however little there is of it', async () => {
  for (const beyond of [1, 100, 512, 516]) {
    const { events, damage } = await scan(FILE.subarray(0, chunkOffset(2) + beyond));
    assert.equal(events.length, events.at(-1)?.recordId);
    assert.deepEqual(damage, [
      missing(
        chunkOffset(2) + beyond,
        CHUNK_SIZE - beyond,
        'its last chunk of 65536 bytes is not whole',
      ),
    ]);
  }
});

test('a file that ends between two chunks is told by the count in its header', async () => {
  const { events, damage } = await scan(FILE.subarray(0, chunkOffset(1)));
  assert.ok(events.length > 0);
  const detail = 'its header counts 3 chunks of 65536 bytes, 1 are there';
  assert.deepEqual(damage, [missing(chunkOffset(1), 2 * CHUNK_SIZE, detail)]);
  const headerOnly = await scan(FILE.subarray(0, 4096));
  assert.deepEqual(
    headerOnly.damage.map(({ offset, length }) => [offset, length]),
    [[4096, 3 * CHUNK_SIZE]],
  );
});

test('more chunks than the header counts are no damage', async () => {
  for (const chunkCount of [0, 2]) {
    const file = writeEvtx(EVENTS, { header: { chunkCount, isDirty: true, nextRecordId: 1 } });
    assert.deepEqual((await scan(file)).damage, []);
  }
});

test('of records with one identifier the first is kept', async () => {
  const chunk = FILE.subarray(chunkOffset(0), chunkOffset(1));
  const { events, damage } = await scan(Buffer.concat([FILE, chunk]));
  assert.equal(events.length, 700);
  assert.ok(damage.length > 0 && damage.every(({ reason }) => reason === 'duplicate record'));
});

test('a broken file header costs nothing but a report', async () => {
  const file = Buffer.from(FILE);
  file.fill(0xff, 0, 4096);
  const { events, damage } = await scan(file);
  assert.equal(events.length, 700);
  assert.deepEqual(
    damage.map(({ reason }) => reason),
    ['file signature'],
  );
});

test('a file that is no log is damage from its first byte, an empty one is told to be', async () => {
  const text = await scan(Buffer.from('<Events/>'));
  assert.deepEqual(
    text.damage.map(({ reason, offset }) => [reason, offset]),
    [['file signature', 0]],
  );
  assert.deepEqual(await scan(Buffer.alloc(0)), {
    events: [],
    damage: [{ offset: 0, length: 0, reason: 'empty file' }],
  });
});

test('a file that cannot be read is an error with the cause', async () => {
  const isUnavailable = (error: unknown): true => {
    assert.ok(isAgentError(error, 'SOURCE_UNAVAILABLE'));
    assert.match(error.message, /ENOENT|EISDIR/);
    return true;
  };
  for (const path of ['/nowhere/x.evtx', await temporaryFolder()]) {
    assert.throws(() => scanEvtx(path).next(), isUnavailable);
  }
  await assert.rejects(EvtxFile.open('/nowhere/x.evtx'), isUnavailable);
});

test('a visitor sees every event, and what it refuses is not kept', async () => {
  const path = join(await temporaryFolder(), 'log.evtx');
  await writeFile(path, FILE);
  const seen: number[] = [];
  const kept: EvtxEvent[] = [];
  const visit = (event: EvtxEvent): boolean => {
    seen.push(event.recordId);
    return event.recordId % 100 === 0;
  };
  for (const { events } of scanEvtx(path, { visit })) kept.push(...events);
  assert.deepEqual(seen, range(1, 700));
  assert.deepEqual(
    kept.map((event) => /"Number">(\d+)</.exec(event.xml())?.[1]),
    ['99', '199', '299', '399', '499', '599', '699'],
  );
});

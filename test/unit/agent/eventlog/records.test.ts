import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHUNK_HEADER_SIZE } from '../../../../packages/agent/src/eventlog/chunk.ts';
import {
  type ChunkRecords,
  type ChunkState,
  findRecords,
  type RecordSpan,
} from '../../../../packages/agent/src/eventlog/records.ts';
import { chunkAt, decodeFirstChunk } from '../../../support/decoded-events.ts';
import { eventXml } from '../../../support/evtx-writer/event-xml.ts';
import { chunkOffset, writeEvtx } from '../../../support/evtx-writer/evtx-writer.ts';

const FILE = writeEvtx(Array.from({ length: 6 }, (_, i) => eventXml({ eventId: i + 1 })));
const START = chunkOffset(0);

function walk(file: Buffer, state: ChunkState = 'finished'): ChunkRecords {
  return findRecords(chunkAt(file), { from: CHUNK_HEADER_SIZE, state });
}

const SPANS = walk(FILE).records;

function changed(change: (file: Buffer, span: (id: number) => RecordSpan) => void): Buffer {
  const file = Buffer.from(FILE);
  change(file, (id) => SPANS.find(({ recordId }) => recordId === id)!);
  return file;
}

const summary = (found: ChunkRecords): string[] =>
  found.records.map(({ recordId, condition }) => `${recordId} ${condition}`);

test('the records of an intact chunk are whole, and nothing is damaged', () => {
  const found = walk(FILE);
  assert.deepEqual(
    summary(found),
    [1, 2, 3, 4, 5, 6].map((id) => `${id} whole`),
  );
  assert.deepEqual(found.damage, []);
});

test('behind a record with a broken header, the next whole record is found', () => {
  const file = changed((bytes, span) =>
    bytes.fill(0xee, START + span(3).offset, START + span(3).offset + 8),
  );
  const found = walk(file);
  assert.deepEqual(summary(found), [
    '1 whole',
    '2 whole',
    '4 salvaged',
    '5 salvaged',
    '6 salvaged',
  ]);
  const { offset, size } = SPANS[2]!;
  assert.deepEqual(found.damage, [
    { offset: START + offset, length: size, reason: 'damaged record' },
  ]);
});

test('sizes that lead nowhere do not stop or hang the walk', () => {
  for (const size of [0, 1, 27, 0xffff_ffff, 65_536]) {
    const file = changed((bytes, span) => bytes.writeUInt32LE(size, START + span(2).offset + 4));
    assert.deepEqual(
      walk(file).records.map(({ recordId }) => recordId),
      [1, 3, 4, 5, 6],
      String(size),
    );
  }
});

test('a record whose end is missing is torn, and what is there of it becomes an event', () => {
  const file = changed((bytes, span) => {
    const { offset, size } = span(6);
    bytes.fill(0, START + offset + size - 16, START + offset + size);
  });
  assert.equal(summary(walk(file)).at(-1), '6 torn');
  const { events, damage } = decodeFirstChunk(file);
  assert.equal(events.at(-1)?.condition, 'torn');
  assert.match(events.at(-1)?.xml() ?? '', /<EventID>6<\/EventID>/);
  assert.deepEqual(
    damage.map(({ reason }) => reason),
    ['incomplete record'],
  );
});

test('a torn record of which nothing is left is damage only', () => {
  const file = changed((bytes, span) => {
    const { offset, size } = span(6);
    bytes.fill(0, START + offset + 24, START + offset + size);
  });
  const { events, damage } = decodeFirstChunk(file);
  assert.deepEqual(
    events.map(({ recordId }) => recordId),
    [1, 2, 3, 4, 5],
  );
  assert.deepEqual(
    damage.map(({ reason }) => reason),
    ['torn record'],
  );
});

test('in a settled chunk a place is damage when whole records follow, and is waited for when not', () => {
  const file = changed((bytes, span) => {
    bytes.writeUInt32LE(7, START + span(3).offset + 4);
    bytes.writeUInt32LE(7, START + span(6).offset + 4);
  });
  const idsOf = ({ records }: ChunkRecords) => records.map(({ recordId }) => recordId);
  assert.deepEqual(idsOf(walk(file, 'growing')), [1, 2]);
  const settled = walk(file, 'settled');
  assert.deepEqual(idsOf(settled), [1, 2, 4, 5]);
  assert.equal(settled.damage.length, 1);
  assert.equal(walk(file, 'finished').damage.length, 2);
});

test('a record that claims the records behind it does not swallow them', () => {
  const file = changed((bytes, span) => {
    const size = span(2).size + span(3).size + 8;
    bytes.writeUInt32LE(size, START + span(2).offset + 4);
  });
  const found = walk(file);
  assert.deepEqual(
    found.records.map(({ recordId }) => recordId),
    [1, 3, 4, 5, 6],
  );
  assert.deepEqual(
    found.damage.map(({ reason }) => reason),
    ['damaged record'],
  );
});

test('in a growing chunk the walk stops at the first record that is not whole', () => {
  const file = changed((bytes, span) =>
    bytes.writeUInt32LE(0, START + span(4).offset + span(4).size - 4),
  );
  const found = walk(file, 'growing');
  assert.deepEqual(summary(found), ['1 whole', '2 whole', '3 whole']);
  assert.deepEqual(found.damage, []);
});

test('records behind the free space offset are left alone', () => {
  const file = changed((bytes, span) => bytes.writeUInt32LE(span(4).offset, START + 48));
  assert.deepEqual(summary(walk(file)), ['1 whole', '2 whole', '3 whole']);
});

test('a free space offset that makes no sense is ignored', () => {
  for (const offset of [0, 511, 65_537, 0xffff_ffff]) {
    const file = changed((bytes) => bytes.writeUInt32LE(offset, START + 48));
    assert.equal(walk(file).records.length, 6, String(offset));
  }
});

test('an identifier no log can reach is damage', () => {
  const file = changed((bytes, span) =>
    bytes.fill(0xff, START + span(2).offset + 8, START + span(2).offset + 16),
  );
  assert.deepEqual(
    walk(file).records.map(({ recordId }) => recordId),
    [1, 3, 4, 5, 6],
  );
});

test('behind damage, a lower identifier is a remnant of what was there before', () => {
  const file = changed((bytes, span) => {
    bytes.fill(0xee, START + span(3).offset, START + span(3).offset + 8);
    for (const [id, remnant] of [
      [4, 1],
      [5, 2],
    ] as const) {
      bytes.writeBigUInt64LE(BigInt(remnant), START + span(id).offset + 8);
    }
  });
  const found = walk(file);
  assert.deepEqual(summary(found), ['1 whole', '2 whole', '6 salvaged']);
  const { offset } = SPANS[2]!;
  assert.deepEqual(found.damage, [
    { offset: START + offset, length: SPANS[5]!.offset - offset, reason: 'damaged record' },
  ]);
});

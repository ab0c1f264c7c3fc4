/**
 * Torn and flipped bytes anywhere in the database and its log: it opens, hands out what is sound
 * and nothing else, and says what is lost.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { type DurableBuffer, isBalanced } from '../../packages/agent/src/buffer/durable-buffer.ts';
import {
  allPending,
  type BufferOnDisk,
  bufferOnDisk,
  copyState,
} from '../support/buffer-on-disk.ts';
import { decodeFragment, encodeFragment } from '../support/fragments.ts';

const RECORDS = 120;
const DESTINATIONS = ['a', 'b'];

interface HashedRecord {
  readonly id: number;
  readonly noise: string;
  readonly hash: string;
}

function recordOf(id: number): HashedRecord {
  const noise = randomBytes(id % 5 === 0 ? 3_000 : 100).toString('base64');
  return { id, noise, hash: hashOf(id, noise) };
}

function hashOf(id: number, noise: string): string {
  return createHash('sha256').update(`${id} ${noise}`).digest('hex');
}

/** Half of it is in the database, half in the log; `a` has acknowledged some of it. */
async function runningBuffer(t: TestContext): Promise<BufferOnDisk> {
  const disk = await bufferOnDisk(t);
  let buffer = disk.open({ batchRecordsMax: 4 });
  const outlet = {
    flow: 'f',
    stream: 'Custom-Text',
    protocol: 'gig' as const,
    destinations: DESTINATIONS,
  };
  for (let id = 0; id < RECORDS; id++) {
    await buffer.append({
      entries: [{ outlet, fragment: encodeFragment([recordOf(id)]) }],
      cursors: [{ key: 'k', value: String(id + 1) }],
      counts: [{ flow: 'f', destinations: DESTINATIONS, read: 1, filtered: 0, rejected: [] }],
    });
    if (id % 10 === 0) {
      for (const batch of allPending(buffer, 'a')) buffer.acknowledge('a', batch);
    }
    if (id !== RECORDS / 2) continue;
    await buffer.close();
    buffer = disk.open({ batchRecordsMax: 4 });
  }
  return disk;
}

/** One place that is damaged; places are shares of the file. */
interface Damage {
  readonly file: '' | '-wal';
  readonly at: number;
  readonly how: 'flip a bit' | 'overwrite a sector' | 'zero a page' | 'cut';
  readonly bit: number;
}

const damages: fc.Arbitrary<Damage[]> = fc.array(
  fc.record({
    file: fc.constantFrom('' as const, '' as const, '-wal' as const),
    at: fc.nat(999_999).map((millionths) => millionths / 1_000_000),
    how: fc.constantFrom(
      ...(['flip a bit', 'flip a bit', 'overwrite a sector', 'zero a page', 'cut'] as const),
    ),
    bit: fc.nat(7),
  }),
  { minLength: 1, maxLength: 4 },
);

function damage(database: string, { file, at, how, bit }: Damage): void {
  const path = database + file;
  const { size } = statSync(path);
  const place = Math.floor(at * size);
  if (how === 'cut') {
    truncateSync(path, place);
    return;
  }
  if (place >= size) return;
  const handle = openSync(path, 'r+');
  try {
    const bytes = Buffer.alloc(
      { 'flip a bit': 1, 'overwrite a sector': 512, 'zero a page': 4096 }[how],
    );
    const length = Math.min(bytes.length, size - place);
    if (how === 'flip a bit') {
      readSync(handle, bytes, 0, 1, place);
      bytes[0] = bytes[0]! ^ (1 << bit);
    } else if (how === 'overwrite a sector') bytes.fill(0xa5);
    writeSync(handle, bytes, 0, length, place);
  } finally {
    closeSync(handle);
  }
}

/** Every record that is handed out is one that was put in, once; returns how many. */
function soundRecords(buffer: DurableBuffer, destination: string): number {
  const seen = new Set<number>();
  for (const batch of allPending(buffer, destination)) {
    const records = buffer.read(batch)?.fragments.flatMap(decodeFragment) ?? [];
    for (const { id, noise, hash } of records as HashedRecord[]) {
      assert.equal(hash, hashOf(id, noise), `record ${id} is what it was`);
      assert.ok(!seen.has(id), `record ${id} comes once`);
      seen.add(id);
    }
  }
  return seen.size;
}

test('whichever bytes are torn or flipped, what is sound is delivered and the rest is told', async (t) => {
  const disk = await runningBuffer(t);
  const { size } = statSync(disk.database);
  let rounds = 0;
  let damagedRounds = 0;
  await fc.assert(
    fc.asyncProperty(damages, async (changes) => {
      const copy = copyState(t, disk, `${disk.path}-${rounds++}`);
      for (const change of changes) damage(copy.database, change);
      const told = disk.logged('error').length;
      const buffer = copy.open();
      buffer.seal(0);
      for (const destination of DESTINATIONS) soundRecords(buffer, destination);
      // What was found while reading is counted by now.
      const kept = DESTINATIONS.map((destination) => soundRecords(buffer, destination));
      const rows = buffer.ledger();
      for (const row of rows) {
        assert.ok(isBalanced(row), JSON.stringify(row));
        assert.equal(row.buffered, kept[DESTINATIONS.indexOf(row.destination)]);
        const explained = row.reasons.reduce((sum, { count }) => sum + count, 0);
        assert.equal(row.dropped, explained);
      }
      const dropped = rows.reduce((sum, row) => sum + row.dropped, 0);
      if (dropped > 0) {
        damagedRounds++;
        assert.ok(disk.logged('error').length > told, 'the loss is told');
      }
      const isHopeless = changes.some(({ file, at, how }) => {
        const place = Math.floor(at * size);
        if (file !== '' || how === 'cut') return file === '' && place < size / 2;
        // What leads to everything else; one bit of the header is not.
        return place < 4_096 && !(how === 'flip a bit' && place < 100);
      });
      assert.ok(isHopeless || rows.length > 0, 'it is not given up as a whole');
      await buffer.append({ entries: [], cursors: [{ key: 'k', value: 'new' }], counts: [] });
      await buffer.close();
      const again = copy.open();
      assert.equal(again.cursors('k').get('k'), 'new');
      assert.deepEqual(
        DESTINATIONS.map((destination) => soundRecords(again, destination)),
        kept,
        'what was repaired stays repaired',
      );
      await again.close();
      rmSync(copy.path, { recursive: true });
    }),
    { numRuns: 50 },
  );
  assert.ok(damagedRounds > 7, `${damagedRounds} rounds have lost records`);
});

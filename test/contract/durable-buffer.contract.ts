/** What every durable buffer promises, whatever it is made of. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { describe, test } from 'node:test';
import type { PlannedDestination } from '@dcr-agent/schema';
import {
  type Commit,
  type DurableBuffer,
  isBalanced,
  type LedgerRow,
  type Outlet,
} from '../../packages/agent/src/buffer/durable-buffer.ts';
import { appendRecords, fillBuffer, numbered } from '../support/fill-buffer.ts';
import { decodeFragment, encodeFragment } from '../support/fragments.ts';
import type { ManualClock } from '../support/manual-clock.ts';
import { settle } from '../support/until.ts';

export interface BufferUnderTest {
  readonly buffer: DurableBuffer;
  readonly clock: ManualClock;
}

export type OpenBuffer = (
  t: TestContext,
  options?: { readonly quotaBytes?: number },
) => Promise<BufferUnderTest>;

function recordsOf(buffer: DurableBuffer, batchId: string): unknown[] {
  const batch = buffer.read(batchId);
  assert.ok(batch, `batch ${batchId} can be read`);
  return batch.fragments.flatMap(decodeFragment);
}

function allPending(buffer: DurableBuffer, destination: string): readonly string[] {
  return buffer.pending(destination, 1_000).map(({ id }) => id);
}

function rowOf(buffer: DurableBuffer, destination: string): LedgerRow {
  const rows = buffer.ledger().filter((row) => row.destination === destination);
  assert.equal(rows.length, 1);
  return rows[0]!;
}

function backlogOf(buffer: DurableBuffer, destination: string) {
  return buffer.usage().destinations.find((row) => row.destination === destination);
}

function assertBalanced(buffer: DurableBuffer): void {
  for (const row of buffer.ledger()) assert.ok(isBalanced(row), JSON.stringify(row));
}

function planned(id: string): PlannedDestination {
  return { id, protocol: 'ods', endpoint: `https://${id}.example` };
}

const OUTLET: Outlet = {
  flow: 'dcr-1/source/stream',
  stream: 'Custom-Text',
  protocol: 'gig',
  destinations: ['a'],
};

function commitOf(parts: Partial<Commit>): Commit {
  return { entries: [], cursors: [], counts: [], ...parts };
}

export function describeDurableBuffer(name: string, open: OpenBuffer): void {
  describe(`${name}: batches`, () => {
    test('what was appended is read back in order, batch by batch', async (t) => {
      const { buffer } = await open(t);
      await appendRecords(buffer, numbered(3), { destinations: ['a'] });
      await appendRecords(buffer, numbered(2, 3), { destinations: ['a'] });
      buffer.seal(0);
      const [id, ...others] = allPending(buffer, 'a');
      assert.deepEqual(others, []);
      assert.deepEqual(recordsOf(buffer, id!), numbered(5));
      const batch = buffer.read(id!)!;
      assert.equal(batch.id, id);
      assert.equal(batch.recordCount, 5);
      assert.equal(
        batch.rawBytes,
        batch.fragments.reduce((sum, { rawBytes }) => sum + rawBytes, 0),
      );
    });

    test('a batch carries its outlet and the time of its first record', async (t) => {
      const { buffer, clock } = await open(t);
      const createdAtMs = clock.now();
      const outlet: Outlet = { ...OUTLET, solution: 'Security', destinations: ['a', 'b'] };
      const entries = [{ outlet, fragment: encodeFragment([1]) }];
      await buffer.append(commitOf({ entries }));
      await clock.advance(5_000);
      await buffer.append(commitOf({ entries }));
      buffer.seal(0);
      const batch = buffer.read(allPending(buffer, 'b')[0]!)!;
      assert.deepEqual(batch.outlet, outlet);
      assert.equal(batch.createdAtMs, createdAtMs);
    });

    test('equal outlets share a batch, outlets that differ in anything do not', async (t) => {
      const { buffer } = await open(t);
      const outlets: Outlet[] = [
        OUTLET,
        { ...OUTLET },
        { ...OUTLET, flow: 'other' },
        { ...OUTLET, stream: 'Custom-Other' },
        { ...OUTLET, solution: 'Security' },
        { ...OUTLET, protocol: 'ods' },
        { ...OUTLET, destinations: ['a', 'b'] },
      ];
      const entries = outlets.map((outlet, id) => ({ outlet, fragment: encodeFragment([id]) }));
      await buffer.append(commitOf({ entries }));
      buffer.seal(0);
      const batches = allPending(buffer, 'a').map((id) => recordsOf(buffer, id));
      assert.deepEqual(batches, [[0, 1], [2], [3], [4], [5], [6]]);
    });

    test('an open batch is not pending, and one that was sealed is not added to', async (t) => {
      const { buffer } = await open(t);
      await appendRecords(buffer, numbered(1), { destinations: ['a'] });
      assert.deepEqual(allPending(buffer, 'a'), []);
      buffer.seal(0);
      const [id] = allPending(buffer, 'a');
      await fillBuffer(buffer, numbered(1, 1), { destinations: ['a'] });
      assert.deepEqual(recordsOf(buffer, id!), numbered(1));
      assert.equal(allPending(buffer, 'a').length, 2);
    });

    test('after much at once, the last is sealed without waiting for more', async (t) => {
      const { buffer } = await open(t);
      const commit = (outlet: Outlet): Commit =>
        commitOf({ entries: [{ outlet, fragment: encodeFragment([1]) }] });
      await buffer.append(commit({ ...OUTLET, destinations: ['other'] }));
      await buffer.append(commit(OUTLET));
      await buffer.append({ ...commit(OUTLET), isPause: true });
      assert.deepEqual(allPending(buffer, 'other'), []);
      assert.deepEqual(recordsOf(buffer, allPending(buffer, 'a')[0]!), [1, 1]);
    });

    test('only batches whose first record is old enough are sealed', async (t) => {
      const { buffer, clock } = await open(t);
      await appendRecords(buffer, numbered(1), { destinations: ['old'] });
      await clock.advance(1_000);
      await appendRecords(buffer, numbered(1), { destinations: ['young'] });
      await clock.advance(1_000);
      buffer.seal(2_000);
      assert.equal(allPending(buffer, 'old').length, 1);
      assert.equal(allPending(buffer, 'young').length, 0);
    });

    test('pending lists the oldest first, up to the limit, behind a position', async (t) => {
      const { buffer } = await open(t);
      for (let id = 0; id < 4; id++) await fillBuffer(buffer, [id], { destinations: ['a'] });
      const all = allPending(buffer, 'a');
      assert.deepEqual(
        all.map((id) => recordsOf(buffer, id)),
        [[0], [1], [2], [3]],
      );
      const [first] = buffer.pending('a', 1);
      const next = buffer.pending('a', 2, { after: first!.position });
      assert.deepEqual(
        next.map(({ id }) => id),
        [all[1], all[2]],
      );
      assert.deepEqual(buffer.pending('nobody', 2), []);
    });

    test('what waits is listed by flow, too', async (t) => {
      const { buffer } = await open(t);
      for (const stream of ['A', 'B', 'A']) {
        await fillBuffer(buffer, numbered(1), { destinations: ['a'], stream });
      }
      await appendRecords(buffer, numbered(1), { destinations: ['a'], stream: 'open' });
      const flows = buffer.pending('a', 9).map(({ flow }) => flow);
      assert.deepEqual([...buffer.pendingFlows('a')].sort(), [...new Set(flows)].sort());
      const [flow] = flows;
      assert.deepEqual(
        buffer.pending('a', 9, { flow: flow! }),
        buffer.pending('a', 9).filter((batch) => batch.flow === flow),
      );
      assert.equal(flows.length, 3);
      assert.deepEqual(buffer.pendingFlows('nobody'), []);
    });

    test('the listener hears of sealed batches, and of nothing else', async (t) => {
      const { buffer } = await open(t);
      let calls = 0;
      buffer.onSealed((sealed) => {
        calls++;
        const batches = sealed?.map(({ batch }) => batch);
        assert.deepEqual(batches, buffer.pending('a', 9));
        assert.deepEqual(sealed?.[0]?.destinations, ['a']);
      });
      buffer.seal(0);
      await appendRecords(buffer, numbered(1), { destinations: ['a'] });
      await settle();
      assert.equal(calls, 0);
      buffer.seal(0);
      await settle();
      assert.equal(calls, 1);
    });
  });

  describe(`${name}: destinations`, () => {
    test('a batch stays until its last destination has acknowledged it', async (t) => {
      const { buffer } = await open(t);
      await fillBuffer(buffer, numbered(2), { destinations: ['a', 'b'] });
      const [id] = allPending(buffer, 'a');
      assert.deepEqual(allPending(buffer, 'b'), [id]);
      buffer.acknowledge('a', id!);
      assert.deepEqual(allPending(buffer, 'a'), []);
      assert.deepEqual(allPending(buffer, 'b'), [id]);
      assert.deepEqual(recordsOf(buffer, id!), numbered(2));
      buffer.acknowledge('b', id!);
      assert.deepEqual(allPending(buffer, 'b'), []);
      assert.equal(buffer.read(id!), undefined);
    });

    test('acknowledging twice, or what was never there, changes nothing', async (t) => {
      const { buffer } = await open(t);
      await fillBuffer(buffer, numbered(2), { destinations: ['a', 'b'] });
      const [id] = allPending(buffer, 'a');
      buffer.acknowledge('a', id!);
      const before = buffer.ledger();
      buffer.acknowledge('a', id!);
      buffer.acknowledge('stranger', id!);
      buffer.acknowledge('b', 'no such batch');
      buffer.reject('a', id!, 'too late');
      assert.deepEqual(buffer.ledger(), before);
      assert.deepEqual(allPending(buffer, 'b'), [id]);
    });

    test('a refused batch is quarantined under its reason and leaves others alone', async (t) => {
      const { buffer } = await open(t);
      await fillBuffer(buffer, numbered(3), { destinations: ['a', 'b'] });
      const [id] = allPending(buffer, 'a');
      buffer.reject('a', id!, 'schema mismatch');
      assert.deepEqual(allPending(buffer, 'a'), []);
      assert.equal(rowOf(buffer, 'a').quarantined, 3);
      assert.equal(rowOf(buffer, 'a').rejected, 0);
      assert.deepEqual(rowOf(buffer, 'a').reasons, [{ reason: 'schema mismatch', count: 3 }]);
      assert.deepEqual(allPending(buffer, 'b'), [id]);
      assert.equal(rowOf(buffer, 'b').quarantined, 0);
      assertBalanced(buffer);
    });

    test('what was quarantined waits again once it is replayed, for its destination', async (t) => {
      const { buffer } = await open(t);
      await appendRecords(buffer, numbered(2), { destinations: ['a', 'b'] });
      await fillBuffer(buffer, numbered(1, 2), { destinations: ['a', 'b'] });
      const [refused] = allPending(buffer, 'a');
      buffer.reject('a', refused!, 'no', { status: 400, detail: 'not this' });
      let calls = 0;
      buffer.onSealed(() => calls++);
      assert.equal(buffer.replayQuarantined(1), 'done');
      await settle();
      assert.equal(calls, 1);
      const [again, ...others] = allPending(buffer, 'a');
      assert.deepEqual(others, []);
      assert.notEqual(again, refused, 'it is a new batch');
      assert.deepEqual(recordsOf(buffer, again!), numbered(3));
      assert.deepEqual(buffer.read(again!)?.outlet.destinations, ['a']);
      assert.deepEqual(allPending(buffer, 'b'), [refused]);
      const { quarantined, buffered, reasons } = rowOf(buffer, 'a');
      assert.deepEqual([quarantined, buffered, reasons], [0, 3, []]);
      assertBalanced(buffer);
      assert.equal(buffer.replayQuarantined(1), 'missing');
      buffer.acknowledge('a', again!);
      assert.equal(rowOf(buffer, 'a').delivered, 3);
    });

    test('what is dropped from the quarantine is counted as dropped', async (t) => {
      const { buffer } = await open(t);
      await fillBuffer(buffer, numbered(3), { destinations: ['a'] });
      buffer.reject('a', allPending(buffer, 'a')[0]!, 'no');
      assert.equal(buffer.dropQuarantined(2), 'missing');
      assert.equal(buffer.dropQuarantined(1), 'done');
      assert.equal(buffer.dropQuarantined(1), 'missing');
      const { quarantined, dropped, reasons } = rowOf(buffer, 'a');
      assert.deepEqual([quarantined, dropped], [0, 3]);
      assert.deepEqual(reasons, [{ reason: 'dropped from the quarantine', count: 3 }]);
      assert.deepEqual(allPending(buffer, 'a'), []);
      assertBalanced(buffer);
    });

    test('a number that was given to a quarantined batch is not given again', async (t) => {
      const { buffer } = await open(t);
      for (const id of [1, 2]) {
        await fillBuffer(buffer, [id], { destinations: ['a'] });
        buffer.reject('a', allPending(buffer, 'a')[0]!, 'no');
        assert.equal(buffer.dropQuarantined(id), 'done');
      }
      assert.equal(buffer.dropQuarantined(1), 'missing');
    });

    test('a dropped batch is counted under its reason and leaves others alone', async (t) => {
      const { buffer } = await open(t);
      await fillBuffer(buffer, numbered(3), { destinations: ['a', 'b'] });
      const [id] = allPending(buffer, 'a');
      buffer.drop('a', id!, 'too old');
      buffer.drop('a', id!, 'too old');
      assert.deepEqual(allPending(buffer, 'a'), []);
      assert.equal(buffer.read(id!, 'a'), undefined);
      assert.equal(buffer.read(id!, 'b')?.id, id);
      assert.equal(rowOf(buffer, 'a').dropped, 3);
      assert.deepEqual(rowOf(buffer, 'a').reasons, [{ reason: 'too old', count: 3 }]);
      assert.deepEqual(allPending(buffer, 'b'), [id]);
      assertBalanced(buffer);
    });

    test('a split replaces the batch by its halves, in place, for one destination', async (t) => {
      const { buffer } = await open(t);
      await appendRecords(buffer, numbered(3), { destinations: ['a', 'b'] });
      await appendRecords(buffer, numbered(4, 3), { destinations: ['a', 'b'] });
      buffer.seal(0);
      await fillBuffer(buffer, numbered(1, 7), { destinations: ['a', 'b'] });
      const [whole, last] = allPending(buffer, 'a');
      const halves = buffer.split('a', whole!);
      assert.ok(halves);
      assert.deepEqual(buffer.pending('a', 2), halves);
      assert.equal(allPending(buffer, 'a')[2], last);
      assert.deepEqual(allPending(buffer, 'b'), [whole, last]);
      assert.deepEqual(
        halves.flatMap(({ id }) => recordsOf(buffer, id)),
        numbered(7),
      );
      assert.deepEqual(recordsOf(buffer, whole!), numbered(7));
      assertBalanced(buffer);
    });

    test('halves are split again down to single records, which are not split', async (t) => {
      const { buffer } = await open(t);
      const records = ['a,b', '"', '\\', ['[', '{'], { 'k,"}': ',"' }, null, '}]', 'é\u{1f600}'];
      await fillBuffer(buffer, records, { destinations: ['a'] });
      await fillBuffer(buffer, ['last'], { destinations: ['a'] });
      let wasSplit = true;
      while (wasSplit) {
        wasSplit = false;
        for (const id of allPending(buffer, 'a')) {
          wasSplit = buffer.split('a', id) !== undefined || wasSplit;
        }
      }
      const single = allPending(buffer, 'a').map((id) => recordsOf(buffer, id));
      assert.deepEqual(
        single,
        [...records, 'last'].map((record) => [record]),
      );
      assertBalanced(buffer);
    });

    test('remembered destinations are known as long as they have a backlog', async (t) => {
      const { buffer } = await open(t);
      buffer.rememberDestinations([planned('a'), planned('b')]);
      assert.deepEqual(buffer.destinationsWithBacklog(), []);
      await appendRecords(buffer, numbered(1), { destinations: ['b'] });
      assert.deepEqual(buffer.destinationsWithBacklog(), [planned('b')]);
      buffer.rememberDestinations([{ ...planned('b'), endpoint: 'https://moved.example' }]);
      assert.equal(buffer.destinationsWithBacklog()[0]?.endpoint, 'https://moved.example');
      buffer.seal(0);
      buffer.acknowledge('b', allPending(buffer, 'b')[0]!);
      assert.deepEqual(buffer.destinationsWithBacklog(), []);
    });

    test('usage counts open and sealed batches per destination', async (t) => {
      const { buffer, clock } = await open(t);
      buffer.rememberDestinations([planned('idle')]);
      const firstAtMs = clock.now();
      await fillBuffer(buffer, numbered(2), { destinations: ['a', 'b'] });
      await clock.advance(1_000);
      await appendRecords(buffer, numbered(3), { destinations: ['a'] });
      const b = { destination: 'b', records: 2, batches: 1, oldestCreatedAtMs: firstAtMs };
      assert.deepEqual(backlogOf(buffer, 'a'), { ...b, destination: 'a', records: 5, batches: 2 });
      assert.deepEqual(backlogOf(buffer, 'b'), b);
      const none = { records: 0, batches: 0, oldestCreatedAtMs: null };
      assert.deepEqual(backlogOf(buffer, 'idle'), { destination: 'idle', ...none });
    });
  });

  describe(`${name}: cursors and ledger`, () => {
    test('cursors are replaced, forgotten, and listed for their own source only', async (t) => {
      const { buffer } = await open(t);
      const cursors = [
        { key: 'logFiles:/a', value: '1' },
        { key: 'logFiles:/a#/a/x', value: '2' },
        { key: 'logFiles:/a#/a/y', value: '3' },
        { key: 'syslog', value: '4' },
      ];
      await buffer.append(commitOf({ cursors }));
      const changes = [
        { key: 'logFiles:/a#/a/x', value: '20' },
        { key: 'logFiles:/a#/a/y', value: null },
      ];
      await buffer.append(commitOf({ cursors: changes }));
      assert.deepEqual(
        [...buffer.cursors('logFiles:/a')],
        [
          ['logFiles:/a', '1'],
          ['logFiles:/a#/a/x', '20'],
        ],
      );
      assert.deepEqual([...buffer.cursors('syslog')], [['syslog', '4']]);
      assert.deepEqual([...buffer.cursors('nothing')], []);
    });

    test('concurrent appends are stored in call order', async (t) => {
      const { buffer } = await open(t);
      await Promise.all(
        numbered(20).map(({ id }) =>
          buffer.append(
            commitOf({
              entries: [{ outlet: OUTLET, fragment: encodeFragment([id]) }],
              cursors: [{ key: 'k', value: String(id) }],
            }),
          ),
        ),
      );
      buffer.seal(0);
      assert.deepEqual(
        allPending(buffer, 'a').flatMap((id) => recordsOf(buffer, id)),
        numbered(20).map(({ id }) => id),
      );
      assert.equal(buffer.cursors('k').get('k'), '19');
    });

    test('the ledger tells, per destination, what became of every record', async (t) => {
      const { buffer } = await open(t);
      const outlet = { ...OUTLET, destinations: ['a', 'b'] };
      await buffer.append({
        entries: [{ outlet, fragment: encodeFragment(numbered(4)) }],
        cursors: [],
        counts: [
          {
            flow: outlet.flow,
            destinations: ['a', 'b'],
            read: 10,
            filtered: 3,
            rejected: [
              { reason: 'damaged record', count: 2 },
              { reason: 'too large', count: 1 },
            ],
          },
        ],
      });
      buffer.seal(0);
      buffer.acknowledge('a', allPending(buffer, 'a')[0]!);
      const counts = {
        ...{ flow: outlet.flow, read: 10, filtered: 3 },
        ...{ rejected: 3, dropped: 0, quarantined: 0 },
      };
      const reasons = [
        { reason: 'damaged record', count: 2 },
        { reason: 'too large', count: 1 },
      ];
      assert.deepEqual(
        { ...rowOf(buffer, 'a') },
        {
          ...counts,
          destination: 'a',
          delivered: 4,
          buffered: 0,
          reasons,
        },
      );
      assert.deepEqual(
        { ...rowOf(buffer, 'b') },
        {
          ...counts,
          destination: 'b',
          delivered: 0,
          buffered: 4,
          reasons,
        },
      );
      assertBalanced(buffer);
    });
  });

  describe(`${name}: limits and life`, () => {
    test('a full buffer takes nothing, keeps what it has, and goes on once emptied', async (t) => {
      const { buffer } = await open(t, { quotaBytes: 4_000_000 });
      const records = () => [randomBytes(40_000).toString('base64')];
      let stored = 0;
      const full = async () => {
        for (; ; stored++) await fillBuffer(buffer, records(), { destinations: ['a'] });
      };
      await assert.rejects(full(), { code: 'BUFFER_FULL' });
      assert.ok(stored > 5, `${stored} batches fit`);
      assert.ok(buffer.usage().diskBytes <= 4_000_000);
      assert.equal(allPending(buffer, 'a').length, stored);
      assert.equal(rowOf(buffer, 'a').read, stored);
      assertBalanced(buffer);
      for (const id of allPending(buffer, 'a')) buffer.acknowledge('a', id);
      await fillBuffer(buffer, records(), { destinations: ['a'] });
      assert.equal(allPending(buffer, 'a').length, 1);
    });

    test('a buffer that takes no more records still counts those it could not take', async (t) => {
      const { buffer } = await open(t, { quotaBytes: 4_000_000 });
      const records = () => [randomBytes(40_000).toString('base64')];
      const full = async () => {
        for (;;) await fillBuffer(buffer, records(), { destinations: ['a'] });
      };
      await assert.rejects(full(), { code: 'BUFFER_FULL' });
      const dropped = [{ reason: 'no room', count: 5 }];
      const { flow } = OUTLET;
      const counts = [{ flow, destinations: ['z'], read: 7, filtered: 2, rejected: [], dropped }];
      await buffer.append(commitOf({ counts }));
      const row = rowOf(buffer, 'z');
      assert.deepEqual([row.read, row.filtered, row.dropped], [7, 2, 5]);
      assert.deepEqual(row.reasons, dropped);
      assertBalanced(buffer);
    });

    test('closing commits what append has accepted; later calls are refused', async (t) => {
      const { buffer } = await open(t);
      const accepted = appendRecords(buffer, numbered(1), { destinations: ['a'] });
      await buffer.close();
      await accepted;
      const closed = { code: 'BUFFER_CLOSED' };
      await assert.rejects(buffer.append(commitOf({})), closed);
      assert.throws(() => buffer.seal(0), closed);
      assert.throws(() => allPending(buffer, 'a'), closed);
      assert.throws(() => buffer.acknowledge('a', 'x'), closed);
      await buffer.close();
    });
  });
}

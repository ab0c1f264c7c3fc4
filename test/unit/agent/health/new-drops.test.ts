import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DropWatch } from '../../../../packages/agent/src/health/new-drops.ts';
import { ledgerRow } from '../../../support/quiet-status.ts';

const MINUTE = 60_000;

function look(watch: DropWatch, minute: number, ...rows: Parameters<typeof ledgerRow>[0][]) {
  const now = { epochMs: 1_000 + minute * MINUTE, monotonicMs: minute * MINUTE };
  return watch.look(rows.map(ledgerRow), now);
}

test('what was lost before the first look is no news', () => {
  const watch = new DropWatch();
  assert.deepEqual(look(watch, 0, { dropped: 5 }), []);
  assert.deepEqual(look(watch, 1, { dropped: 5 }), []);
});

test('losses are summed up by destination from the look before them until none came for ten minutes', () => {
  const watch = new DropWatch();
  look(watch, 0, { dropped: 5 });
  const sinceMs = 1_000;
  const news = (records: number) => [{ destination: 'dcr-1/ods-1', records, sinceMs }];
  assert.deepEqual(look(watch, 1, { dropped: 7 }, { flow: 'dcr-2/b/B', dropped: 1 }), news(3));
  assert.deepEqual(look(watch, 9, { dropped: 8 }, { flow: 'dcr-2/b/B', dropped: 1 }), news(4));
  assert.deepEqual(look(watch, 18, { dropped: 8 }, { flow: 'dcr-2/b/B', dropped: 1 }), news(4));
  assert.deepEqual(look(watch, 19, { dropped: 8 }, { flow: 'dcr-2/b/B', dropped: 1 }), []);
  const [again] = look(watch, 20, { dropped: 9 }, { flow: 'dcr-2/b/B', dropped: 1 });
  assert.deepEqual([again?.records, again?.sinceMs], [1, 1_000 + 19 * MINUTE]);
});

test('a destination that is new and has lost something is news', () => {
  const watch = new DropWatch();
  look(watch, 0);
  assert.equal(look(watch, 1, { destination: 'new', dropped: 2 })[0]?.records, 2);
});

test('what an operator gave up, and the agent’s own rows, are no losses', () => {
  const watch = new DropWatch();
  look(watch, 0, {});
  const reasons = [{ reason: 'dropped from the quarantine', count: 4 }];
  const own = { flow: 'dcr-1/ods-1/operation', dropped: 2 };
  assert.deepEqual(look(watch, 1, { dropped: 4, reasons }, own), []);
});

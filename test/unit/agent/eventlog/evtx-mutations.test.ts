import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutated, readToTheEnd, seededRandom } from '../../../support/evtx-mutations.ts';
import { variedLog } from '../../../support/varied-log.ts';

const LOG = variedLog();

test('damaged logs are read to their end, whatever the damage', () => {
  let events = 0;
  let damage = 0;
  for (let seed = 1; seed <= 200; seed++) {
    try {
      const result = readToTheEnd(mutated(LOG, seededRandom(seed)));
      events += result.events;
      damage += result.damage;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  assert.ok(events > 2000, 'most events survive');
  assert.ok(damage > 70, 'the mutations do damage');
});

test('undamaged, the log has every event and no damage', () => {
  assert.deepEqual(readToTheEnd(LOG), { events: 25, damage: 0 });
});

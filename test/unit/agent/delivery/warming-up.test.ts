import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WarmingUp } from '../../../../packages/agent/src/delivery/warming-up.ts';

const START = Date.UTC(2025, 2, 1, 10, 11, 12);
const MINUTE = 60_000;

test('an early 403 is warming up, for as long as a role may take, and says since when', () => {
  const warmingUp = new WarmingUp();
  const early = 'warming up since 2025-03-01T10:11:12.000Z: role propagation takes up to 30 min';
  assert.equal(warmingUp.forbidden(START), early);
  assert.equal(warmingUp.forbidden(START + 30 * MINUTE - 1), early);
  assert.match(warmingUp.forbidden(START + 30 * MINUTE), /^refused since 2025.*is one assigned/);
});

test('a 403 after a success is no warming up', () => {
  const warmingUp = new WarmingUp();
  warmingUp.forbidden(START);
  warmingUp.succeeded();
  const told = warmingUp.forbidden(START + MINUTE);
  assert.match(told, /^refused since 2025-03-01T10:12:12.000Z, after it had worked/);
});

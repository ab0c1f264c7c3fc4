import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countLoggedInUsers,
  utmpEntryBytes,
} from '../../../../../../packages/agent/src/sources/performance-counters/proc/logged-in-users.ts';

function entry(type: number, user: string, bytes: number): Buffer {
  const record = Buffer.alloc(bytes);
  record.writeInt16LE(type);
  record.write(user, 44);
  return record;
}

test('sessions are counted, and the people behind them', () => {
  for (const bytes of [utmpEntryBytes('x64'), utmpEntryBytes('arm64')]) {
    const utmp = Buffer.concat([
      entry(2, 'reboot', bytes),
      entry(7, 'ann', bytes),
      entry(7, 'bob', bytes),
      entry(8, 'gone', bytes),
      entry(7, 'ann', bytes),
      // Cut off.
      entry(7, 'eve', bytes).subarray(0, bytes - 1),
    ]);
    assert.deepEqual(countLoggedInUsers(utmp, bytes), { users: 3, uniqueUsers: 2 });
  }
});

test('nobody is logged in where nothing is written', () => {
  assert.deepEqual(countLoggedInUsers(Buffer.alloc(0), 384), { users: 0, uniqueUsers: 0 });
});

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createDatabase,
  openDatabase,
  transaction,
} from '../../../../packages/agent/src/buffer/database.ts';
import {
  checkStructure,
  checkVersion,
  pragma,
} from '../../../../packages/agent/src/buffer/schema.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const SYNCHRONOUS_NORMAL = 1;

test('a new database is complete, private, and opens with what durability needs', async (t) => {
  const file = join(await temporaryFolder(), 'buffer.db');
  createDatabase(file);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const db = openDatabase(file, 4_096_000);
  t.after(() => db.close());
  checkVersion(db, file);
  checkStructure(db, file);
  assert.equal(db.prepare('PRAGMA journal_mode').get()?.journal_mode, 'wal');
  assert.equal(pragma(db, 'synchronous'), SYNCHRONOUS_NORMAL);
  assert.equal(pragma(db, 'foreign_keys'), 1);
  assert.equal(pragma(db, 'wal_autocheckpoint'), 1_000);
});

test('a transaction that throws leaves nothing behind and the next one works', async (t) => {
  const file = join(await temporaryFolder(), 'buffer.db');
  createDatabase(file);
  const db = openDatabase(file, 1e6);
  t.after(() => db.close());
  const insert = db.prepare('INSERT INTO cursors VALUES (?, ?)');
  const failing = () =>
    transaction(db, () => {
      insert.run('a', '1');
      throw new Error('no');
    });
  assert.throws(failing, /^Error: no$/);
  transaction(db, () => insert.run('b', '2'));
  const keys = db.prepare('SELECT key FROM cursors').all();
  assert.deepEqual(
    keys.map(({ key }) => key),
    ['b'],
  );
});

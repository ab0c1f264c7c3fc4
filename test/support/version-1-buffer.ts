/** A database as version 1 of the schema had it, made without any of today's code. */
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { Fragment } from '../../packages/agent/src/fragment.ts';
import { encodeFragment } from './fragments.ts';

const TABLES_OF_VERSION_1 = `
CREATE TABLE batches (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  flow TEXT NOT NULL,
  stream TEXT NOT NULL,
  solution TEXT,
  protocol TEXT NOT NULL,
  destinations TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  record_count INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL,
  is_sealed INTEGER NOT NULL
) STRICT;
CREATE TABLE fragments (
  batch INTEGER NOT NULL REFERENCES batches (seq),
  ordinal INTEGER NOT NULL,
  record_count INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL,
  crc32 INTEGER NOT NULL,
  adler32 INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  deflated BLOB NOT NULL,
  PRIMARY KEY (batch, ordinal)
) STRICT;
CREATE TABLE deliveries (
  destination TEXT NOT NULL,
  position TEXT NOT NULL,
  batch INTEGER NOT NULL REFERENCES batches (seq),
  PRIMARY KEY (destination, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_batch ON deliveries (batch);
CREATE TABLE cursors (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (
  flow TEXT NOT NULL,
  destination TEXT NOT NULL,
  read INTEGER NOT NULL,
  filtered INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  dropped INTEGER NOT NULL,
  delivered INTEGER NOT NULL,
  PRIMARY KEY (flow, destination)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger_reasons (
  flow TEXT NOT NULL,
  destination TEXT NOT NULL,
  reason TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (flow, destination, reason)
) STRICT, WITHOUT ROWID;
CREATE TABLE destinations (id TEXT PRIMARY KEY, planned TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  destination TEXT NOT NULL,
  flow TEXT NOT NULL,
  stream TEXT NOT NULL,
  batch TEXT NOT NULL,
  reason TEXT NOT NULL,
  record_count INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  records TEXT
) STRICT;
PRAGMA application_id = 0x64637242;
PRAGMA user_version = 1;
`;

export const FLOW = 'dcr-1/source/stream';

/** Of the one sealed batch, which waits for `a`. */
export const WAITING_BATCH = '11111111-1111-4111-8111-111111111111';

/**
 * For `a`, of twelve records read: one filtered, one rejected by the agent, three refused by the
 * service (`[7,8]` with their text, 9 without), two delivered, five waiting (0 to 4).
 */
export function writeVersion1(file: string): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL');
  db.exec(TABLES_OF_VERSION_1);
  const fragments = [encodeFragment([0, 1]), encodeFragment([2, 3, 4])];
  const bytes = fragments.reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  db.prepare('INSERT INTO batches VALUES (7, ?, ?, ?, ?, ?, ?, ?, 5, ?, 1)').run(
    ...[WAITING_BATCH, FLOW, 'S', 'Security', 'ods', '["a"]', 1_700_000_000_000, bytes],
  );
  fragments.forEach((fragment, ordinal) => {
    insertFragment(db, 7, ordinal, fragment);
  });
  db.exec(`
    INSERT INTO deliveries VALUES ('a', '0000000000000007', 7);
    INSERT INTO cursors VALUES ('k', 'v');
    INSERT INTO ledger VALUES ('${FLOW}', 'a', 12, 1, 4, 0, 2);
    INSERT INTO ledger_reasons VALUES ('${FLOW}', 'a', 'too large', 1);
    INSERT INTO ledger_reasons VALUES ('${FLOW}', 'a', 'HTTP 400', 3);
    INSERT INTO destinations VALUES
      ('a', '{"id":"a","protocol":"ods","endpoint":"https://a.example"}');
    INSERT INTO quarantine VALUES
      (1, 1700000000500, 'a', '${FLOW}', 'S', 'b1', 'HTTP 400', 1, 512, NULL),
      (2, 1700000000600, 'a', '${FLOW}', 'S', 'b2', 'HTTP 400', 2, 517, '[7,\n8]');
  `);
  db.close();
}

function insertFragment(
  db: DatabaseSync,
  batch: number,
  ordinal: number,
  { recordCount, rawBytes, crc32: crc, adler32, deflated }: Fragment,
): void {
  const numbers = Float64Array.of(batch, ordinal, recordCount, rawBytes, crc, adler32);
  const checksum = crc32(deflated, crc32(new Uint8Array(numbers.buffer)));
  db.prepare('INSERT INTO fragments VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    ...[batch, ordinal, recordCount, rawBytes, crc, adler32, checksum, deflated],
  );
}

/**
 * The tables of the embedded store. Rows keep their columns as one JSON text: tables come and go
 * with rules, and the store never has to know their columns. What all rows of one request have in
 * common is kept once, in `receipt`.
 */
import type { DatabaseSync } from 'node:sqlite';
import { HandlerError } from '../errors.ts';

const SCHEMA_VERSION = 2;

const DELIVERY_INDEX = `
CREATE UNIQUE INDEX receipt_delivery ON receipt (table_id, delivery) WHERE delivery IS NOT NULL;`;

/** From each version to the next. */
const UPGRADES: Readonly<Record<number, string>> = {
  1: `ALTER TABLE receipt ADD COLUMN delivery BLOB; ${DELIVERY_INDEX}`,
};

/**
 * `key` and `target_key` are ids in lower case; `revision` counts the puts; `delivery` is told in
 * `store.ts`.
 */
const SCHEMA = `
CREATE TABLE resource (
  key TEXT PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  scope TEXT NOT NULL, scope_key TEXT NOT NULL, target TEXT, target_key TEXT,
  immutable_id TEXT NOT NULL, etag TEXT NOT NULL, revision INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX resource_immutable ON resource (kind, immutable_id);
CREATE INDEX resource_scope ON resource (kind, scope_key);
CREATE INDEX resource_target ON resource (target_key) WHERE target_key IS NOT NULL;

CREATE TABLE workspace_table (
  id INTEGER PRIMARY KEY, workspace_id TEXT NOT NULL, name TEXT NOT NULL,
  rows INTEGER NOT NULL, last_time INTEGER NOT NULL,
  dropped_members INTEGER NOT NULL, nulled_values INTEGER NOT NULL,
  UNIQUE (workspace_id, name)
) STRICT;

CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, shared TEXT NOT NULL, delivery BLOB
) STRICT;
CREATE INDEX receipt_table ON receipt (table_id);
${DELIVERY_INDEX}

CREATE TABLE row (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, receipt_id INTEGER NOT NULL,
  time INTEGER NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX row_time ON row (table_id, time);
`;

/**
 * WAL with FULL: an answer of success means that the rows survive a power cut. Exclusive: a
 * second server on the same file is refused at its first read, and the kernel releases the lock
 * whatever ends the first. The journal grows to 40 MB before it is copied over: at 4 MB, the
 * default, copying took a tenth of the time of a busy server.
 */
const PRAGMAS = `
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 10000;
`;

/** Makes or checks the schema. Throws `DATA_NEWER`, or what SQLite throws. */
export function prepareSchema(database: DatabaseSync): void {
  database.exec(PRAGMAS);
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
  if (version > SCHEMA_VERSION) {
    throw new HandlerError(
      'DATA_NEWER',
      `the store has version ${version}, this dcr-handler reads up to ${SCHEMA_VERSION}; use a newer one`,
    );
  }
  if (version === SCHEMA_VERSION) return;
  const steps = version === 0 ? [SCHEMA] : [];
  for (let from = Math.max(version, 1); version > 0 && from < SCHEMA_VERSION; from++) {
    steps.push(UPGRADES[from] ?? '');
  }
  const changes = steps.join('\n');
  database.exec(`BEGIN IMMEDIATE; ${changes} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
}

/**
 * The database file, table by table. One SQLite file (`buffer.db`, write-ahead log beside it)
 * holds records, cursors and ledger, so that one transaction can change all three.
 *
 * ```
 * batches      one row per batch, open or sealed
 *   seq          grows; age order of batches that were not split
 *   id           GUID, known to destinations; fixed from the batch's first record on
 *   flow … destinations   the outlet; destinations as JSON array, as first written
 *   is_sealed    0: fragments are still added; 1: never changes again
 * fragments    the bodies: one row per fragment, in order
 *   deflated     raw deflate, see fragment.ts; crc32, adler32 are of what it inflates to
 *   checksum     CRC-32 of all other columns: tells damage on the disk without inflating
 * deliveries   one row per batch and destination that still has to receive it; a batch and its
 *              fragments are deleted together with their last delivery
 *   position     delivery order: the batch's seq in 16 digits; a split appends `a` or `b`, so
 *                halves stand where the whole stood
 * cursors      where sources stand
 * ledger       what became of the records of a flow, per destination; what is buffered or
 *              quarantined is not written down but counted where it lies
 * ledger_reasons  the rejected and dropped ones of `ledger`, by reason
 * destinations    how to reach a destination (JSON), kept beyond its rule
 * quarantine   what a destination will never take, a batch per row, as one fragment: columns as in
 *              `fragments`; status and detail are the service's answer. Ids are never used again
 * losses       what damage has cost, for people; from_ms, to_ms: when the records had come in
 * taken_back   files of newer agents whose settled counts are in this ledger already
 * ```
 *
 * `application_id` marks the file as ours, `user_version` is the schema version. An older
 * version is migrated when the file is opened (migrate.ts); a newer one is set aside until an
 * agent comes that knows it (newer-buffers.ts).
 */
import { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';

export const SCHEMA_VERSION = 2;

/** `dcrB` in ASCII. */
export const APPLICATION_ID = 0x64637242;

export const PAGE_BYTES = 4096;

const TABLES = `
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

CREATE TABLE cursors (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

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

CREATE TABLE destinations (
  id TEXT PRIMARY KEY,
  planned TEXT NOT NULL
) STRICT, WITHOUT ROWID;

`;

/** What version 2 brought; version 1 had another `quarantine`. */
export const TABLES_SINCE_2 = `
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  destination TEXT NOT NULL,
  flow TEXT NOT NULL,
  stream TEXT NOT NULL,
  solution TEXT,
  protocol TEXT NOT NULL,
  batch TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  detail TEXT,
  record_count INTEGER NOT NULL,
  raw_bytes INTEGER NOT NULL,
  crc32 INTEGER NOT NULL,
  adler32 INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  deflated BLOB NOT NULL
) STRICT;

CREATE INDEX quarantine_by_flow ON quarantine (flow, destination, reason, record_count);

CREATE TABLE losses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  flow TEXT NOT NULL,
  destination TEXT NOT NULL,
  records INTEGER NOT NULL,
  from_ms INTEGER,
  to_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE taken_back (
  file TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
`;

/** Tables other than the bodies, each with the columns of its key; referred ones first. */
export const SMALL_TABLES: readonly (readonly [table: string, key: readonly string[]])[] = [
  ['batches', ['seq']],
  ['deliveries', ['destination', 'position']],
  ['cursors', ['key']],
  ['ledger', ['flow', 'destination']],
  ['ledger_reasons', ['flow', 'destination', 'reason']],
  ['destinations', ['id']],
  ['quarantine', ['id']],
  ['losses', ['id']],
  ['taken_back', ['file']],
];

/** Lays out an empty database. */
export function layOut(db: DatabaseSync): void {
  // Page size and vacuum mode are fixed with the first table.
  db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA auto_vacuum = INCREMENTAL`);
  db.exec(TABLES + TABLES_SINCE_2);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
}

/** Up to this size the whole file is checked when it is opened: a tenth of a second at most. */
const CHECKED_BYTES_MAX = 256 * 1024 * 1024;

/** Throws `BUFFER_TOO_OLD` for a file that this agent has not migrated yet. */
export function checkMigrated(db: DatabaseSync, path: string): void {
  const version = pragma(db, 'user_version');
  if (version === SCHEMA_VERSION) return;
  throw new AgentError(
    'BUFFER_TOO_OLD',
    `${path} was written by an older agent (schema ${version}); \`dcr-agent run\` migrates it`,
  );
}

/**
 * Throws `BUFFER_TOO_NEW` for the file of a newer agent, `BUFFER_CORRUPT` for one not ours, and
 * for one whose version is damaged: a newer version has other tables.
 */
export function checkVersion(db: DatabaseSync, path: string): void {
  const version = pragma(db, 'user_version');
  if (pragma(db, 'application_id') !== APPLICATION_ID || version < 1) {
    throw new AgentError('BUFFER_CORRUPT', `${path} is not a buffer of this agent`);
  }
  if (version > SCHEMA_VERSION) {
    if (tablesOf(db) === ownTables()) {
      throw new AgentError('BUFFER_CORRUPT', `The version in the header of ${path} is damaged`);
    }
    throw new AgentError(
      'BUFFER_TOO_NEW',
      `${path} was written by a newer agent: its schema is ${version}, ` +
        `this agent knows ${SCHEMA_VERSION}`,
    );
  }
}

function ownTables(): string {
  const db = new DatabaseSync(':memory:');
  try {
    layOut(db);
    return tablesOf(db);
  } finally {
    db.close();
  }
}

function tablesOf(db: DatabaseSync): string {
  return JSON.stringify(db.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all());
}

/**
 * Throws `BUFFER_CORRUPT` where the structure is damaged. Of a large file only the small tables
 * are checked: the bodies may be gigabytes, and each carries its own checksum.
 */
export function checkStructure(db: DatabaseSync, path: string): void {
  const isSmall = pragma(db, 'page_count') * PAGE_BYTES <= CHECKED_BYTES_MAX;
  const findings = isSmall ? [damageOf(db)] : smallTables(db).map((table) => damageOf(db, table));
  const finding = findings.find((each) => each !== undefined);
  if (finding !== undefined) throw new AgentError('BUFFER_CORRUPT', `${path}: ${finding}`);
}

/** Those that there are: an older version has fewer. */
function smallTables(db: DatabaseSync): string[] {
  const names = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const present = new Set(names.map(({ name }) => name));
  return SMALL_TABLES.map(([table]) => table).filter((table) => present.has(table));
}

/** What is structurally wrong with a table and its indexes, or with the whole file, if anything. */
export function damageOf(db: DatabaseSync, table?: string): string | undefined {
  const check = table === undefined ? 'integrity_check(1)' : `integrity_check(${table})`;
  const finding = db.prepare(`PRAGMA ${check}`).get()?.integrity_check;
  return finding === 'ok' ? undefined : String(finding);
}

/** The value of a pragma that is one integer. */
export function pragma(db: DatabaseSync, name: string): number {
  return Number(Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
}

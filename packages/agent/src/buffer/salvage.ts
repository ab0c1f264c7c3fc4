/**
 * Carrying over what can be read of a damaged database into a fresh one. Tables are read row by
 * row, from both ends where the middle cannot be passed; fragments only when their checksum
 * still holds. What the ledger has read and nobody can find any more is then counted as dropped,
 * so the ledger balances and tells exactly what the damage cost.
 */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { type BatchRow, type FragmentRow, isReadable, outletOf, positionOf } from './batch-rows.ts';
import { transaction } from './database.ts';
import type { Loss } from './durable-buffer.ts';
import { withSoundHeader } from './file-header.ts';
import { countLost, type Damage, type Shortage, shortagesOf } from './lost-records.ts';
import { type QuarantineRow, quarantinedFragment } from './quarantine.ts';
import { createRefusedKeeper, REFUSED_TEXT_COLUMNS, type RefusedText } from './refused-texts.ts';
import { parsePlanned } from './remembered-destinations.ts';
import { PAGE_BYTES, pragma, SCHEMA_VERSION, SMALL_TABLES } from './schema.ts';
import { asBufferError, isUnwritable } from './sqlite-error.ts';

export interface Salvaged {
  readonly batches: number;
  readonly cursors: number;
  /** Tables that could not be read to the end. */
  readonly damagedTables: readonly string[];
  /** Batches left behind because the quota has no room for two copies. */
  readonly batchesWithoutRoom: number;
  readonly lost: readonly Loss[];
}

export const NOTHING_SALVAGED: Salvaged = {
  batches: 0,
  cursors: 0,
  damagedTables: SMALL_TABLES.map(([table]) => table),
  batchesWithoutRoom: 0,
  lost: [],
};

export interface SalvageOptions extends Damage {
  /** What the disk has to spare for a second copy. */
  readonly roomBytes: number;
}

interface Transfer extends SalvageOptions {
  /** `undefined` when it cannot be opened at all. */
  readonly old: DatabaseSync | undefined;
  readonly fresh: DatabaseSync;
}

type Row = Record<string, SQLOutputValue>;

/** Fills the empty database `fresh`; throws only when `fresh` cannot be written. */
export function salvage(file: string, fresh: DatabaseSync, options: SalvageOptions): Salvaged {
  return withSoundHeader(file, () => {
    const old = openReadOnly(file);
    try {
      return transaction(fresh, () => carryOver({ old, fresh, ...options }));
    } finally {
      old?.close();
    }
  });
}

function openReadOnly(file: string): DatabaseSync | undefined {
  try {
    const db = new DatabaseSync(file, { readOnly: true, defensive: false });
    // With a writable schema SQLite also reads a file that is shorter than it should be.
    db.exec(
      'PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA writable_schema = ON',
    );
    return db;
  } catch {
    return undefined;
  }
}

function carryOver(transfer: Transfer): Salvaged {
  const { fresh } = transfer;
  const damagedTables = copySmallTables(transfer);
  if (damagedTables.includes('deliveries')) assumeUndelivered(fresh);
  const { withoutRoom: batchesWithoutRoom, incomplete } = copyBodies(transfer);
  return {
    batches: countRows(fresh, 'batches'),
    cursors: countRows(fresh, 'cursors'),
    damagedTables,
    batchesWithoutRoom,
    lost: countLost(transfer, incomplete),
  };
}

/** Copies the rows that can be read, and nothing of `fragments`. Returns the damaged tables. */
function copySmallTables({ old, fresh, roomBytes }: Transfer): string[] {
  const damagedTables = new Set<string>();
  const version = versionOf(old);
  for (const [table, key] of SMALL_TABLES) {
    if (version === 1 && SINCE_2.has(table)) continue;
    const isText = version === 1 && table === 'quarantine';
    const columns = isText ? REFUSED_TEXT_COLUMNS : columnsOf(fresh, table);
    const insert = isText ? textKeeper(fresh) : insertion(fresh, table, columns);
    for (const row of readRows({ old, table, columns, key }, () => damagedTables.add(table))) {
      if (table === 'quarantine' && fileBytes(fresh) > roomBytes / 2) break;
      if (isText || isSensible(table, row)) attempt(() => insert(row));
      else damagedTables.add(table);
    }
  }
  return [...damagedTables];
}

const SINCE_2: ReadonlySet<string> = new Set(['losses', 'taken_back']);

function textKeeper(fresh: DatabaseSync): (row: Row) => void {
  const keep = createRefusedKeeper(fresh);
  return (row) => keep(row as unknown as RefusedText);
}

/** Of the damaged file, by its tables; taken for the current one where they cannot be read. */
function versionOf(old: DatabaseSync | undefined): number {
  try {
    const tables = old?.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() ?? [];
    const names = tables.map(({ name }) => String(name));
    const isFirst = names.includes('quarantine') && !names.some((name) => SINCE_2.has(name));
    return isFirst ? 1 : SCHEMA_VERSION;
  } catch {
    return SCHEMA_VERSION;
  }
}

interface Reading {
  readonly old: DatabaseSync | undefined;
  readonly table: string;
  readonly columns: readonly string[];
  readonly key: readonly string[];
}

/** Rows from the front and, when that does not reach the end, from the back. */
function* readRows({ old, table, columns, key }: Reading, onDamage: () => void): Generator<Row> {
  for (const direction of ['ASC', 'DESC']) {
    const order = key.map((column) => `${column} ${direction}`).join(', ');
    try {
      const sql = `SELECT ${columns.join(', ')} FROM ${table} ORDER BY ${order}`;
      if (old === undefined) break;
      yield* old.prepare(sql).iterate();
      return;
    } catch {
      // From here on the table cannot be read in this direction.
    }
  }
  onDamage();
}

function columnsOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare(`SELECT * FROM ${table}`).columns();
  return columns.map(({ name }) => name);
}

/** Inserts rows as they are; one that is there already stays as it is. */
function insertion(
  db: DatabaseSync,
  table: string,
  columns: readonly string[],
): (row: Row) => void {
  const places = columns.map(() => '?').join(', ');
  const insert = db.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${places})`,
  );
  return (row) => insert.run(...columns.map((column) => row[column] ?? null));
}

/** Texts that the agent will parse must still be what they were. */
function isSensible(table: string, row: Row): boolean {
  try {
    if (table === 'batches') outletOf(row as unknown as BatchRow);
    if (table === 'destinations') parsePlanned(String(row.planned));
    if (table !== 'quarantine') return true;
    return quarantinedFragment(row as unknown as QuarantineRow) !== undefined;
  } catch {
    return false;
  }
}

/** A row that the schema refuses is damaged and left out. */
function attempt(insert: () => void): void {
  try {
    insert();
  } catch (error) {
    if (isUnwritable(asBufferError(error, 'the rebuilt buffer'))) throw error;
  }
}

/** Who still waits for a batch is not known: everyone it was meant for receives it again. */
function assumeUndelivered(fresh: DatabaseSync): void {
  const columns = ['destination', 'position', 'batch'];
  const insert = insertion(fresh, 'deliveries', columns);
  const orphans = fresh.prepare(
    'SELECT * FROM batches WHERE seq NOT IN (SELECT batch FROM deliveries)',
  );
  for (const row of orphans.all() as unknown as BatchRow[]) {
    for (const destination of new Set(outletOf(row).destinations)) {
      insert({ destination, position: positionOf(row.seq), batch: row.seq });
    }
  }
}

/**
 * Gives each batch its fragments that are sound, and deletes the batches left without any, or
 * without anyone to send them to.
 */
function copyBodies({ old, fresh, roomBytes }: Transfer): CopiedBodies {
  fresh.exec('DELETE FROM deliveries WHERE batch NOT IN (SELECT seq FROM batches)');
  fresh.exec('DELETE FROM batches WHERE seq NOT IN (SELECT batch FROM deliveries)');
  const columns = columnsOf(fresh, 'fragments');
  const insert = insertion(fresh, 'fragments', columns);
  const keep = (row: Row): void => {
    if (isReadable(row as unknown as FragmentRow)) attempt(() => insert(row));
  };
  const seqs = fresh.prepare('SELECT seq FROM batches ORDER BY seq').all();
  let withoutRoom = 0;
  for (const { seq } of seqs) {
    if (fileBytes(fresh) < roomBytes) for (const row of readBody(old, columns, seq)) keep(row);
    else withoutRoom++;
  }
  if (withoutRoom === 0 && fresh.prepare(INCOMPLETE).get() !== undefined) {
    // What the index did not lead to may still be found in the table itself.
    const table = 'fragments NOT INDEXED';
    for (const row of readRows({ old, table, columns, key: ['rowid'] }, () => {})) keep(row);
  }
  const incomplete = shortagesOf(fresh);
  fresh.exec(COUNT_AGAIN);
  return { withoutRoom, incomplete };
}

interface CopiedBodies {
  /** Batches that there was no room for. */
  readonly withoutRoom: number;
  readonly incomplete: readonly Shortage[];
}

const INCOMPLETE = `
  SELECT 1 FROM batches WHERE record_count <>
    (SELECT coalesce(sum(record_count), 0) FROM fragments WHERE batch = seq)`;

const COUNT_AGAIN = `
  DELETE FROM fragments WHERE batch NOT IN (SELECT seq FROM batches);
  UPDATE batches SET
    record_count = (SELECT coalesce(sum(record_count), 0) FROM fragments WHERE batch = seq),
    raw_bytes = (SELECT coalesce(sum(raw_bytes), 0) FROM fragments WHERE batch = seq);
  DELETE FROM deliveries WHERE batch IN (SELECT seq FROM batches WHERE record_count = 0);
  DELETE FROM batches WHERE record_count = 0`;

/** The fragments of a batch, as far as they can be reached. */
function* readBody(
  old: DatabaseSync | undefined,
  columns: readonly string[],
  seq: SQLOutputValue | undefined,
): Generator<Row> {
  try {
    const sql = `SELECT ${columns.join(', ')} FROM fragments WHERE batch = ? ORDER BY ordinal`;
    if (old !== undefined) yield* old.prepare(sql).iterate(seq ?? null);
  } catch {
    // The rest of this body cannot be reached.
  }
}

function countRows(db: DatabaseSync, table: string): number {
  return db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows as number;
}

function fileBytes(db: DatabaseSync): number {
  return pragma(db, 'page_count') * PAGE_BYTES;
}

/** Opening the file so that what a power cut leaves is consistent, and transactions. */
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import { layOut, PAGE_BYTES } from './schema.ts';
import { createPrivateFile, syncFile } from './state-directory.ts';

/** A reader that comes after a crash locks the file for the moment it takes to read the log. */
const BUSY_MS_MAX = 1_000;

/**
 * Opens an existing file. Others may read it meanwhile, which is what the commands do; the lock
 * of the directory keeps other agents from writing.
 */
export function openDatabase(file: string, walBytesMax: number): DatabaseSync {
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: BUSY_MS_MAX });
  try {
    const mode = db.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
    if (mode !== 'wal') throw new AgentError('BUFFER_IO', `${file} cannot have a write-ahead log`);
    db.exec(`
      PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${Math.ceil(walBytesMax / PAGE_BYTES)};
      PRAGMA journal_size_limit = ${walBytesMax};
      PRAGMA cell_size_check = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA temp_store = MEMORY;
    `);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Makes a complete database under another name first, so that a file named `file` has never
 * been empty or half laid out: whoever finds it so knows that it is damaged.
 */
export function createDatabase(file: string, fill: (db: DatabaseSync) => void = () => {}): void {
  rmSync(file, { force: true, recursive: true });
  createPrivateFile(file);
  const db = new DatabaseSync(file, { enableForeignKeyConstraints: true, defensive: false });
  try {
    // Nothing here is worth a journal: until it is renamed, the file counts for nothing.
    db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF');
    layOut(db);
    fill(db);
  } finally {
    db.close();
  }
  syncFile(file);
}

/** Runs `action` in a transaction: all of it is stored, or, when it throws, nothing. */
export function transaction<T>(db: DatabaseSync, action: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself after some errors, a full disk among them.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

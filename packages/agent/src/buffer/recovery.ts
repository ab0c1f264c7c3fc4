/**
 * Opening the buffer whatever lies at its place. Nothing is deleted that could hold records: it
 * is set aside under a name with a time, reported, and a fresh database takes its place, filled
 * with what could be read.
 *
 * A rebuild is safe against being cut off: `buffer.db.new` is worth nothing until it is complete
 * and renamed to `buffer.db.rebuilt`; from then on, a missing `buffer.db` means that only the
 * last rename is missing.
 */
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isAgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { createDatabase, openDatabase } from './database.ts';
import { lockDirectory } from './directory-lock.ts';
import { createDiskQuota, type DiskQuota } from './disk-quota.ts';
import type { DurableBuffer } from './durable-buffer.ts';
import { checkHeader } from './file-header.ts';
import { migrate } from './migrate.ts';
import { takeBackNewer } from './newer-buffers.ts';
import { NOTHING_SALVAGED, type Salvaged, salvage } from './salvage.ts';
import { checkStructure, checkVersion, damageOf } from './schema.ts';
import { asBufferError, isBusy, isDamage, isSqliteError, isUnwritable } from './sqlite-error.ts';
import {
  assertUsable,
  createPrivateFile,
  makeFilePrivate,
  type SetAsideMark,
  setAside,
  statOf,
  syncFile,
  syncName,
} from './state-directory.ts';
import type { Store } from './store.ts';

export interface Recovery {
  /** Path of the database file. */
  readonly database: string;
  readonly host: Pick<Host, 'clock' | 'log'>;
  readonly quota: DiskQuota;
  /** Prepares everything that is done to the database. */
  createStore(db: DatabaseSync): Store;
}

type Damaged = Omit<Recovery, 'createStore'>;

/** A buffer that can be told to repair itself. */
export interface RepairableBuffer extends DurableBuffer {
  /** Salvages what can be read into a new file, row by row, and sets the old one aside. */
  repair(): RepairReport;
}

export interface RepairReport extends Salvaged {
  /** Where the damaged file lies; `null` when it was gone. */
  readonly setAside: string | null;
}

/**
 * Opens the database, or a rebuilt one when it is damaged, or a fresh one. Throws `BUFFER_IO` or
 * `BUFFER_FULL` when nothing on the disk can be changed.
 */
export function openStore(recovery: Recovery): Store {
  const { database } = recovery;
  try {
    finishRebuild(recovery);
    clearCompanions(recovery);
    const stats = statOf(database);
    if (!stats?.isFile() || stats.size === 0) startFresh(recovery);
    const store = openCurrent(recovery);
    const { quota } = recovery;
    const { log } = recovery.host;
    const open = (file: string) => openSound({ ...recovery, database: file }, (db) => db);
    takeBackNewer({ database, db: store.db, quota, log, open });
    return store;
  } catch (error) {
    throw asBufferError(error, database);
  }
}

function openCurrent(recovery: Recovery): Store {
  const { createStore } = recovery;
  try {
    return openSound(recovery, createStore);
  } catch (error) {
    if (!isAgentError(error, 'BUFFER_TOO_NEW')) throw error;
    setNewerAside(recovery, error);
    return openSound(recovery, createStore);
  }
}

/** What `use` makes of the database, which is repaired first where that is needed. */
function openSound<T>(recovery: Recovery, use: (db: DatabaseSync) => T): T {
  try {
    return openExisting(recovery, use);
  } catch (error) {
    if (!isRepairable(error)) throw error;
    rebuild(recovery, error);
    return openExisting(recovery, use);
  }
}

function openExisting<T>({ database, host, quota }: Recovery, use: (db: DatabaseSync) => T): T {
  makeFilePrivate(database, host.log);
  assertUsable(database);
  checkHeader(database);
  const db = openDatabase(database, quota.walBytesMax);
  try {
    checkVersion(db, database);
    checkStructure(db, database);
    migrate(db);
    return use(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An agent that went back to an older version must still collect; nothing is lost by that. */
function setNewerAside(recovery: Recovery, cause: unknown): void {
  const { database, host } = recovery;
  const bytes = statOf(database)?.size ?? 0;
  createDatabase(`${database}.new`);
  const aside = replaceDatabase(recovery, '.newer-');
  host.log.warn(
    { path: database, bytes, setAside: aside, reason: reasonOf(cause) },
    'A newer agent’s buffer was set aside whole, and this agent starts anew: the records in it ' +
      'are delivered once an agent that knows it starts here again.',
  );
}

/** Damage, or tables that are not those of this schema; not a disk that refuses just now. */
function isRepairable(error: unknown): boolean {
  if (isDamage(error)) return true;
  if (isAgentError(error) || isBusy(error)) return false;
  return isSqliteError(error) && !isUnwritable(asBufferError(error, ''));
}

function finishRebuild({ database }: Recovery): void {
  const rebuilt = `${database}.rebuilt`;
  if (statOf(rebuilt) === undefined) return;
  if (statOf(database) === undefined) renameSync(rebuilt, database);
  else rmSync(rebuilt, { force: true, recursive: true });
}

/** SQLite cannot open a database while something else lies where it keeps its logs. */
function clearCompanions({ database, host }: Recovery): void {
  for (const suffix of ['-wal', '-shm', '-journal']) {
    const path = database + suffix;
    if (statOf(path)?.isFile() !== false) continue;
    const aside = setAside(path, host.clock.now());
    host.log.warn({ path, setAside: aside }, 'Something was in the way of the buffer’s log.');
  }
}

/** For a file that is missing, empty, or no file. */
function startFresh(recovery: Recovery): void {
  const { database, host } = recovery;
  createDatabase(`${database}.new`);
  const aside = replaceDatabase(recovery);
  if (aside === undefined) return;
  host.log.error(
    { path: database, setAside: aside },
    'The buffer’s file was empty or no file: it was set aside and what it held is lost.',
  );
}

/** Replaces a damaged database by what can be read of it; its connection must be closed. */
export function rebuild(recovery: Damaged, cause: unknown): RepairReport {
  const { database, host, quota } = recovery;
  const bytes = statOf(database)?.size ?? 0;
  const salvaged = createSalvaged(recovery, quota.quotaBytes - quota.usedBytes());
  const aside = replaceDatabase(recovery) ?? null;
  host.log.error(
    { path: database, bytes, setAside: aside, reason: reasonOf(cause), ...salvaged },
    'The buffer was damaged: it was set aside and rebuilt from what could be read.',
  );
  return { setAside: aside, ...salvaged };
}

/**
 * The same for a state directory that no agent uses now; `quotaBytes` as the agent has it. Throws
 * `BUFFER_LOCKED` when one does.
 */
export function repairDirectory(
  directory: string,
  host: Recovery['host'],
  quotaBytes: number,
): RepairReport {
  const database = join(directory, 'buffer.db');
  const lock = lockDirectory(directory, host);
  try {
    const quota = createDiskQuota({ directory, database, quotaBytes, host });
    return rebuild({ database, host, quota }, 'a repair was asked for');
  } catch (error) {
    throw asBufferError(error, database);
  } finally {
    lock.release();
  }
}

/** Deletes the damaged fragments of a batch; false when more than that is wrong. */
export function doWithout({ database, host }: Recovery, store: Store, seq: number): boolean {
  try {
    if (damageOf(store.db, 'fragments') !== undefined) return false;
    const facts = { path: database, lost: store.dropDamaged(seq) };
    host.log.error(facts, 'Records in the buffer were damaged and had to be dropped.');
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/** Beginning anew is better than not beginning: a file may be damaged in ways nobody foresaw. */
function createSalvaged({ database, host }: Damaged, roomBytes: number): Salvaged {
  const atMs = Math.round(host.clock.now());
  const writtenAtMs = Math.round(statOf(database)?.mtimeMs ?? atMs);
  let salvaged: Salvaged | undefined;
  try {
    createDatabase(`${database}.new`, (fresh) => {
      salvaged = salvage(database, fresh, { roomBytes, atMs, writtenAtMs });
    });
  } catch (error) {
    if (isUnwritable(asBufferError(error, database))) throw error;
    createDatabase(`${database}.new`);
  }
  return salvaged ?? NOTHING_SALVAGED;
}

/** Puts the complete `buffer.db.new` in the place of the database; returns where that went. */
function replaceDatabase(recovery: Damaged, mark?: SetAsideMark): string | undefined {
  const { database } = recovery;
  renameSync(`${database}.new`, `${database}.rebuilt`);
  const aside = setDatabaseAside(recovery, mark);
  renameSync(`${database}.rebuilt`, database);
  syncName(database);
  return aside;
}

/** Moves the file and its log away together, so that they can still be opened together. */
function setDatabaseAside({ database, host }: Damaged, mark?: SetAsideMark): string | undefined {
  const log = `${database}-wal`;
  rmSync(`${database}-shm`, { force: true, recursive: true });
  const hasLog = (statOf(log)?.size ?? 0) > 0;
  if (statOf(database) === undefined) {
    return hasLog ? setAside(log, host.clock.now()) : undefined;
  }
  const aside = setAside(database, host.clock.now(), mark);
  if (hasLog) renameSync(log, `${aside}-wal`);
  return aside;
}

/**
 * Writes the open database to its place again, after someone removed or replaced the file or
 * the whole directory under the running agent. Nothing is lost: the open file still has it all.
 */
export function putBack(recovery: Recovery, db: DatabaseSync): void {
  const { database, host } = recovery;
  const copy = `${database}.new`;
  rmSync(copy, { force: true, recursive: true });
  createPrivateFile(copy);
  db.prepare('VACUUM INTO ?').run(copy);
  syncFile(copy);
  db.close();
  const aside = replaceDatabase(recovery);
  host.log.error(
    { path: database, setAside: aside },
    'The buffer’s file was removed or replaced while the agent ran: it was put back.',
  );
}

/**
 * The buffer of a state directory, for looking into it, beside a running agent or without one.
 * Nothing is written. Every answer is complete when it is given and holds no lock any longer, so
 * a reader that then waits for a pipe holds up nobody.
 */
import { accessSync, constants } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError } from '../errors.ts';
import { checkMigrated, checkVersion } from './schema.ts';
import { asBufferError } from './sqlite-error.ts';
import { statOf } from './state-directory.ts';

/** As long as another process reads the log after a crash. */
const BUSY_MS_MAX = 5_000;

export interface ReadOnlyBuffer {
  /** Absolute path of the database file. */
  readonly path: string;
  /**
   * Runs `question` on one state of the database. Throws `BUFFER_CORRUPT` where damage is in the
   * way of the answer.
   */
  ask<T>(question: (db: DatabaseSync) => T): T;
  close(): void;
}

/**
 * Throws `BUFFER_ABSENT`, `BUFFER_CORRUPT` for what is no buffer, `BUFFER_TOO_NEW` or
 * `BUFFER_TOO_OLD` for another agent's, `BUFFER_IO` where reading is refused.
 */
export function openReadOnly(stateDir: string): ReadOnlyBuffer {
  const path = join(resolve(stateDir), 'buffer.db');
  const ask = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw asBufferError(error, path);
    }
  };
  ask(() => checkPresence(resolve(stateDir), path));
  const db = ask(() => openFile(path));
  return {
    path,
    ask: (question) =>
      ask(() => {
        db.exec('BEGIN');
        try {
          return question(db);
        } finally {
          if (db.isTransaction) db.exec('ROLLBACK');
        }
      }),
    close: () => db.close(),
  };
}

function checkPresence(directory: string, path: string): void {
  if (statOf(directory) === undefined) {
    throw new AgentError('BUFFER_ABSENT', `there is no folder ${directory}`);
  }
  const stats = statOf(path);
  if (stats === undefined) {
    throw new AgentError('BUFFER_ABSENT', `${directory} holds no buffer: no agent ever ran on it`);
  }
  if (!stats.isFile()) throw new AgentError('BUFFER_CORRUPT', `${path} is not a file`);
  accessSync(path, constants.R_OK);
}

function openFile(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS_MAX });
  try {
    db.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF');
    checkVersion(db, path);
    checkMigrated(db, path);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

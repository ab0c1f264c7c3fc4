/** The embedded store: one SQLite file, opened by one process. */
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { HandlerError, reasonOf } from '../errors.ts';
import { SqliteResources } from './sqlite-resources.ts';
import { SqliteRows } from './sqlite-rows.ts';
import { prepareSchema } from './sqlite-schema.ts';
import type { Store } from './store.ts';

/** SQLite's own result codes. Source: https://www.sqlite.org/rescode.html */
const SQLITE_BUSY = 5;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/**
 * Opens or creates the file; `undefined` keeps everything in memory. Throws `DATA_IN_USE`,
 * `DATA_NEWER` or `DATA_UNUSABLE`.
 */
export function openSqliteStore(file: string | undefined): Store {
  let database: DatabaseSync | undefined;
  try {
    // SQLite would let the world read it; its journal takes the same mode.
    if (file !== undefined) closeSync(openSync(file, 'a', 0o600));
    database = new DatabaseSync(file ?? ':memory:');
    prepareSchema(database);
    return storeOver(database);
  } catch (error) {
    database?.close();
    throw error instanceof HandlerError ? error : openError(file ?? 'memory', error);
  }
}

function storeOver(database: DatabaseSync): Store {
  const resources = new SqliteResources(database);
  const rows = new SqliteRows(database);
  return {
    putResource: async (resource) => resources.put(resource),
    getResource: async (id) => resources.get(id),
    findResource: async (kind, immutableId) => resources.find(kind, immutableId),
    listResources: async (filter) => resources.list(filter),
    deleteResource: async (id) => resources.delete(id),
    appendRows: async (appends) => rows.append(appends),
    readRows: async (query) => rows.read(query),
    listTables: async () => rows.tables(),
    deleteRows: async (workspaceId) => rows.delete(workspaceId),
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
}

function openError(file: string, error: unknown): HandlerError {
  const code = (error as { errcode?: number }).errcode ?? 0;
  if (code === SQLITE_BUSY) {
    return new HandlerError('DATA_IN_USE', `another dcr-handler uses ${file}`, { cause: error });
  }
  const damaged = code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
  const hint = damaged ? '; move the file away to start with an empty store' : '';
  return new HandlerError('DATA_UNUSABLE', `${file} cannot be used: ${reasonOf(error)}${hint}`, {
    cause: error,
  });
}

/** Rows of tables in SQLite. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FoundRow, RowQuery, TableAppend, TableSummary } from './store.ts';

const COUNT = `
INSERT INTO workspace_table (workspace_id, name, rows, last_time, dropped_members, nulled_values)
VALUES (:workspace_id, :name, :rows, :last_time, :dropped_members, :nulled_values)
ON CONFLICT (workspace_id, name) DO UPDATE SET
  rows = rows + excluded.rows, last_time = max(last_time, excluded.last_time),
  dropped_members = dropped_members + excluded.dropped_members,
  nulled_values = nulled_values + excluded.nulled_values
RETURNING id`;

const NEWEST = `
SELECT row.id, time, body, shared FROM row JOIN receipt ON receipt.id = receipt_id
WHERE row.table_id = (SELECT id FROM workspace_table WHERE workspace_id = ? AND name = ?)
ORDER BY time DESC, row.id DESC LIMIT ?`;

/** The unary plus keeps the planner on the primary key, which is the order asked for. */
const ARRIVAL = `
SELECT row.id, time, body, shared FROM row JOIN receipt ON receipt.id = receipt_id
WHERE row.id > :after AND +row.table_id =
  (SELECT id FROM workspace_table WHERE workspace_id = :workspace AND name = :name)
ORDER BY row.id LIMIT :limit`;

const RECEIVED = `
SELECT 1 FROM receipt
WHERE table_id = (SELECT id FROM workspace_table WHERE workspace_id = ? AND name = ?)
  AND delivery = ?`;

const DELETES = ['row', 'receipt'].map(
  (table) => `DELETE FROM ${table} WHERE table_id IN
    (SELECT id FROM workspace_table WHERE workspace_id = ?)`,
);

export class SqliteRows {
  readonly #database: DatabaseSync;
  readonly #count: StatementSync;
  readonly #receive: StatementSync;
  readonly #received: StatementSync;
  readonly #insert: StatementSync;
  readonly #newest: StatementSync;
  readonly #arrival: StatementSync;
  readonly #tables: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#count = database.prepare(COUNT);
    this.#receive = database.prepare(
      'INSERT INTO receipt (table_id, shared, delivery) VALUES (?, ?, ?)',
    );
    this.#received = database.prepare(RECEIVED);
    this.#insert = database.prepare(
      'INSERT INTO row (table_id, receipt_id, time, body) VALUES (?, ?, ?, ?)',
    );
    this.#newest = database.prepare(NEWEST);
    this.#arrival = database.prepare(ARRIVAL);
    this.#tables = database.prepare('SELECT * FROM workspace_table ORDER BY workspace_id, name');
  }

  append(appends: readonly TableAppend[]): boolean[] {
    return this.#transaction(() => appends.map((append) => this.#appendTable(append)));
  }

  read(query: RowQuery): FoundRow[] {
    const { workspaceId, table, limit } = query;
    const rows =
      query.order === 'newest'
        ? this.#newest.all(workspaceId, table, limit)
        : this.#arrival.all({
            after: query.after ?? 0,
            workspace: workspaceId,
            name: table,
            limit,
          });
    return rows.map((row) => ({
      position: Number(row.id),
      timeMs: Number(row.time),
      json: String(row.body),
      shared: String(row.shared),
    }));
  }

  tables(): TableSummary[] {
    return this.#tables.all().map((row) => ({
      workspaceId: String(row.workspace_id),
      table: String(row.name),
      rows: Number(row.rows),
      lastTimeMs: Number(row.last_time),
      droppedMembers: Number(row.dropped_members),
      nulledValues: Number(row.nulled_values),
    }));
  }

  delete(workspaceId: string): void {
    this.#transaction(() => {
      for (const sql of DELETES) this.#database.prepare(sql).run(workspaceId);
      this.#database.prepare('DELETE FROM workspace_table WHERE workspace_id = ?').run(workspaceId);
    });
  }

  /** False when it had come before. */
  #appendTable(append: TableAppend): boolean {
    const { workspaceId, table, shared, rows, delivery = null } = append;
    if (rows.length === 0) return true;
    if (delivery !== null && this.#received.get(workspaceId, table, delivery)) return false;
    const counted = this.#count.get({
      workspace_id: workspaceId,
      name: table,
      rows: rows.length,
      last_time: rows.reduce((latest, row) => Math.max(latest, row.timeMs), rows[0]?.timeMs ?? 0),
      dropped_members: append.droppedMembers,
      nulled_values: append.nulledValues,
    });
    const tableId = Number(counted?.id);
    const receiptId = this.#receive.run(tableId, shared, delivery).lastInsertRowid;
    for (const row of rows) this.#insert.run(tableId, receiptId, row.timeMs, row.json);
    return true;
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Resources in SQLite. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { PutResult, ResourceFilter, ResourceKind, StoredResource } from './store.ts';

type SqlRow = Record<string, SQLOutputValue>;

/** One statement, so that two puts at once agree on the immutable id. */
const PUT = `
INSERT INTO resource (key, kind, id, name, scope, scope_key, target, target_key, immutable_id,
  etag, revision, created_at, updated_at, body)
VALUES (:key, :kind, :id, :name, :scope, :scope_key, :target, :target_key, :immutable_id,
  :etag, 1, :created_at, :updated_at, :body)
ON CONFLICT (key) DO UPDATE SET
  target = excluded.target, target_key = excluded.target_key, revision = revision + 1,
  updated_at = iif(etag = excluded.etag, updated_at, excluded.updated_at),
  etag = excluded.etag, body = excluded.body
RETURNING *`;

/** One statement each, so that each finds its index. */
const LISTS = {
  all: 'SELECT * FROM resource WHERE kind = ? ORDER BY created_at, key',
  scope: 'SELECT * FROM resource WHERE kind = ? AND scope_key = ? ORDER BY created_at, key',
  // '0' is the character after '/': what lies below a scope is one range of the index.
  within: `SELECT * FROM resource WHERE kind = ?1
    AND (scope_key = ?2 OR (scope_key >= ?2 || '/' AND scope_key < ?2 || '0'))
    ORDER BY created_at, key`,
  target: 'SELECT * FROM resource WHERE kind = ? AND target_key = ? ORDER BY created_at, key',
} as const;

export class SqliteResources {
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  readonly #find: StatementSync;
  readonly #lists: Readonly<Record<keyof typeof LISTS, StatementSync>>;
  readonly #delete: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare(PUT);
    this.#get = database.prepare('SELECT * FROM resource WHERE key = ?');
    this.#find = database.prepare('SELECT * FROM resource WHERE kind = ? AND immutable_id = ?');
    this.#lists = {
      all: database.prepare(LISTS.all),
      scope: database.prepare(LISTS.scope),
      within: database.prepare(LISTS.within),
      target: database.prepare(LISTS.target),
    };
    this.#delete = database.prepare('DELETE FROM resource WHERE key = ?');
  }

  put(resource: StoredResource): PutResult {
    const row = this.#put.get({
      key: resource.id.toLowerCase(),
      kind: resource.kind,
      id: resource.id,
      name: resource.name,
      scope: resource.scope,
      scope_key: resource.scope.toLowerCase(),
      target: resource.target ?? null,
      target_key: resource.target?.toLowerCase() ?? null,
      immutable_id: resource.immutableId,
      etag: resource.etag,
      created_at: resource.createdAtMs,
      updated_at: resource.updatedAtMs,
      body: resource.body,
    });
    if (row === undefined) throw new Error('the store returned nothing for a put');
    return { resource: toResource(row), isNew: row.revision === 1 };
  }

  get(id: string): StoredResource | undefined {
    const row = this.#get.get(id.toLowerCase());
    return row && toResource(row);
  }

  find(kind: ResourceKind, immutableId: string): StoredResource | undefined {
    const row = this.#find.get(kind, immutableId.toLowerCase());
    return row && toResource(row);
  }

  list(filter: ResourceFilter): StoredResource[] {
    const by = (['scope', 'within', 'target'] as const).find((name) => filter[name] !== undefined);
    const rows =
      by === undefined
        ? this.#lists.all.all(filter.kind)
        : this.#lists[by].all(filter.kind, filter[by]?.toLowerCase() ?? '');
    return rows.map(toResource);
  }

  delete(id: string): boolean {
    return this.#delete.run(id.toLowerCase()).changes === 1;
  }
}

function toResource(row: SqlRow): StoredResource {
  return {
    kind: String(row.kind) as ResourceKind,
    id: String(row.id),
    name: String(row.name),
    scope: String(row.scope),
    ...(row.target !== null && { target: String(row.target) }),
    immutableId: String(row.immutable_id),
    etag: String(row.etag),
    createdAtMs: Number(row.created_at),
    updatedAtMs: Number(row.updated_at),
    body: String(row.body),
  };
}

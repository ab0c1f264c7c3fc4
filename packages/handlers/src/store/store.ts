/**
 * What the handlers keep: resources of the control plane and rows of tables. An embedded SQLite
 * stands behind it; the methods are asynchronous and speak of no database, so that another one
 * can.
 */

export type ResourceKind = 'rule' | 'endpoint' | 'association' | 'workspace' | 'machine';

/** One ARM resource. Ids are compared ignoring letter case. */
export interface StoredResource {
  readonly kind: ResourceKind;
  /** As it was first written. */
  readonly id: string;
  readonly name: string;
  /** What it lies in or hangs on: a resource group, or the machine of an association. */
  readonly scope: string;
  /** Id of the rule or endpoint an association points to. */
  readonly target?: string;
  /** Given once and kept over updates: `dcr-…`, `dce-…`, a workspace's customer id. */
  readonly immutableId: string;
  /** Changes exactly when the content does. */
  readonly etag: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** The JSON object as it was sent, without what the server adds. */
  readonly body: string;
}

export interface PutResult {
  /** What is stored now: of an existing resource, id, immutable id and creation time stay. */
  readonly resource: StoredResource;
  readonly isNew: boolean;
}

/** At most one of the three narrows a list. */
export interface ResourceFilter {
  readonly kind: ResourceKind;
  /** Only resources of exactly this scope. */
  readonly scope?: string;
  /** Only resources whose scope is this one or lies below it. */
  readonly within?: string;
  /** Only associations that point to this id. */
  readonly target?: string;
}

/** One row, already in the form of its table. */
export interface TableRow {
  /** TimeGenerated in epoch milliseconds. */
  readonly timeMs: number;
  /** The columns as one JSON object. */
  readonly json: string;
}

export interface TableAppend {
  readonly workspaceId: string;
  readonly table: string;
  /** Columns all these rows have in common, as one JSON object; kept once. */
  readonly shared: string;
  readonly rows: readonly TableRow[];
  /** Members that had no column, and values that became null. */
  readonly droppedMembers: number;
  readonly nulledValues: number;
  /**
   * What this was sent as: rows that came before as the same delivery are not stored again.
   * Absent: nobody can tell.
   */
  readonly delivery?: Uint8Array;
}

export interface RowQuery {
  readonly workspaceId: string;
  readonly table: string;
  readonly limit: number;
  /** `newest`: by TimeGenerated, latest first. `arrival`: as stored, for reading everything. */
  readonly order: 'newest' | 'arrival';
  /** With `arrival`: only rows after this position. */
  readonly after?: number;
}

export interface FoundRow {
  /** Grows with every row stored; feed it back as `after`. */
  readonly position: number;
  readonly timeMs: number;
  readonly json: string;
  readonly shared: string;
}

export interface TableSummary {
  readonly workspaceId: string;
  readonly table: string;
  readonly rows: number;
  /** Latest TimeGenerated in epoch milliseconds. */
  readonly lastTimeMs: number;
  readonly droppedMembers: number;
  readonly nulledValues: number;
}

/** Methods may run concurrently; each is atomic and durable when it resolves. */
export interface Store {
  putResource(resource: StoredResource): Promise<PutResult>;
  getResource(id: string): Promise<StoredResource | undefined>;
  findResource(kind: ResourceKind, immutableId: string): Promise<StoredResource | undefined>;
  /** In the order of their creation. */
  listResources(filter: ResourceFilter): Promise<StoredResource[]>;
  /** False when there was none. */
  deleteResource(id: string): Promise<boolean>;

  /**
   * Stores every row of every table named, or, when it rejects, none. Resolves to which of them
   * were new, the others being repetitions.
   */
  appendRows(appends: readonly TableAppend[]): Promise<readonly boolean[]>;
  readRows(query: RowQuery): Promise<FoundRow[]>;
  /** Tables that ever received a row, by workspace and name. */
  listTables(): Promise<TableSummary[]>;
  /** Forgets all tables of a workspace. */
  deleteRows(workspaceId: string): Promise<void>;

  /** Further calls reject. Calling twice is safe. */
  close(): Promise<void>;
}

/**
 * Whether a buffer is what was written: its structure, the checksum of every body, and the counts
 * that the ledger builds on. Reads everything, in pieces, so that a running agent is not held up.
 */
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isAgentError, reasonOf } from '../errors.ts';
import { type BatchRow, type FragmentRow, isReadable, outletOf } from './batch-rows.ts';
import { isBalanced, type LedgerRow } from './durable-buffer.ts';
import { createLedger } from './ledger.ts';
import { type QuarantineRow, quarantinedFragment } from './quarantine.ts';
import { openReadOnly, type ReadOnlyBuffer } from './read-only-buffer.ts';
import { parsePlanned } from './remembered-destinations.ts';
import { statOf } from './state-directory.ts';

export interface Verification {
  readonly path: string;
  readonly bytes: number;
  readonly batches: number;
  readonly records: number;
  readonly quarantined: number;
  /** What is wrong, each a sentence; empty when the buffer is sound. */
  readonly findings: readonly string[];
}

/** So many are told; one damaged page may break thousands of rows. */
const FINDINGS_MAX = 200;

/** Throws as `openReadOnly` does, but for damage, which is what it looks for. */
export function verifyBuffer(stateDir: string): Verification {
  let buffer: ReadOnlyBuffer;
  try {
    buffer = openReadOnly(stateDir);
  } catch (error) {
    if (!isAgentError(error, 'BUFFER_CORRUPT')) throw error;
    const path = join(resolve(stateDir), 'buffer.db');
    const none = { path, bytes: statOf(path)?.size ?? 0, batches: 0, records: 0, quarantined: 0 };
    return { ...none, findings: [reasonOf(error)] };
  }
  try {
    return new Verifier(buffer).run();
  } finally {
    buffer.close();
  }
}

class Verifier {
  readonly #buffer: ReadOnlyBuffer;
  readonly #findings: string[] = [];
  #batches = 0;
  #records = 0;
  #quarantined = 0;

  constructor(buffer: ReadOnlyBuffer) {
    this.#buffer = buffer;
  }

  run(): Verification {
    const { path } = this.#buffer;
    this.#part('the structure', (db) => {
      const rows = db.prepare(`PRAGMA integrity_check(${FINDINGS_MAX})`).all();
      const lines = rows.flatMap(({ integrity_check: text }) => String(text).split('\n'));
      // A title stands before what is found.
      for (const line of lines) if (line !== 'ok' && !line.startsWith('***')) this.#find(line);
    });
    this.#part('the ledger', (db) => {
      for (const { message } of auditOf(db).findings) this.#find(message);
    });
    this.#part('the destinations', (db) => {
      for (const { planned } of db.prepare('SELECT planned FROM destinations').all()) {
        parsePlanned(String(planned));
      }
    });
    this.#each('SELECT seq AS key FROM batches ORDER BY seq', (db, key) => this.#batch(db, key));
    this.#each('SELECT id AS key FROM quarantine ORDER BY id', (db, key) => this.#refusal(db, key));
    const bytes = statOf(path)?.size ?? 0;
    const counts = { batches: this.#batches, records: this.#records };
    const findings = this.#findings.slice(0, FINDINGS_MAX);
    return { path, bytes, ...counts, quarantined: this.#quarantined, findings };
  }

  #batch(db: DatabaseSync, seq: number): void {
    const batch = db.prepare('SELECT * FROM batches WHERE seq = ?').get(seq) as unknown as
      | BatchRow
      | undefined;
    // A running agent may have delivered it meanwhile.
    if (batch === undefined) return;
    outletOf(batch);
    this.#batches++;
    this.#records += batch.record_count;
    const select = db.prepare('SELECT * FROM fragments WHERE batch = ? ORDER BY ordinal');
    for (const row of select.all(seq) as unknown as FragmentRow[]) {
      if (isReadable(row)) continue;
      const which = `fragment ${row.ordinal} of batch ${batch.id} (${batch.flow})`;
      this.#find(`${which} is not what was written: ${row.record_count} records`);
    }
  }

  #refusal(db: DatabaseSync, id: number): void {
    const row = db.prepare('SELECT * FROM quarantine WHERE id = ?').get(id) as unknown as
      | QuarantineRow
      | undefined;
    if (row === undefined) return;
    this.#quarantined += row.record_count;
    if (quarantinedFragment(row) !== undefined) return;
    const which = `entry ${id} of the quarantine (${row.flow})`;
    this.#find(`${which} is not what was written: ${row.record_count} records`);
  }

  #each(keys: string, check: (db: DatabaseSync, key: number) => void): void {
    let all: readonly Record<string, unknown>[] = [];
    const table = / FROM (\w+)/.exec(keys)?.[1];
    this.#part(`the table ${table}`, (db) => {
      all = db.prepare(keys).all();
    });
    for (const { key } of all) {
      this.#part(`row ${key} of ${table}`, (db) => check(db, key as number));
    }
  }

  /** Damage that is in the way of a part is one finding, and the other parts are looked at. */
  #part(what: string, check: (db: DatabaseSync) => void): void {
    try {
      this.#buffer.ask(check);
    } catch (error) {
      if (!isAgentError(error, 'BUFFER_CORRUPT')) throw error;
      this.#find(`${what} cannot be read: ${reasonOf(error)}`);
    }
  }

  #find(finding: string): void {
    if (!this.#findings.includes(finding)) this.#findings.push(finding);
  }
}

export interface Audit {
  readonly rows: readonly LedgerRow[];
  readonly findings: readonly AuditFinding[];
}

export interface AuditFinding {
  readonly message: string;
  /** Of a row of the ledger, where it is about one. */
  readonly flow?: string;
  readonly destination?: string;
}

const MISCOUNTED = `
  SELECT id, flow, record_count AS claimed, coalesce(sum(fragments.records), 0) AS stored
  FROM batches LEFT JOIN (SELECT batch, record_count AS records FROM fragments) AS fragments
    ON fragments.batch = seq
  GROUP BY seq HAVING claimed <> stored ORDER BY seq`;

const UNWANTED = `
  SELECT id, record_count AS records FROM batches
  WHERE seq NOT IN (SELECT batch FROM deliveries) ORDER BY seq`;

const MISSING = `
  SELECT destination, count(*) AS batches FROM deliveries
  WHERE batch NOT IN (SELECT seq FROM batches) GROUP BY destination`;

/** The ledger, and where it does not add up or is not what is stored. */
export function auditOf(db: DatabaseSync): Audit {
  const rows = createLedger(db).rows();
  const unbalanced = rows
    .filter((row) => !isBalanced(row))
    .map(({ flow, destination }) => {
      const message = `the ledger of ${flow} for ${destination} does not add up`;
      return { flow, destination, message };
    });
  const miscounted = db
    .prepare(MISCOUNTED)
    .all()
    .map(({ id, claimed, stored }) => ({
      message: `batch ${id} counts ${claimed} records and holds ${stored}`,
    }));
  const unwanted = db
    .prepare(UNWANTED)
    .all()
    .map(({ id, records }) => ({
      message: `nobody waits for batch ${id} with ${records} records`,
    }));
  const missing = db
    .prepare(MISSING)
    .all()
    .map(({ destination, batches }) => ({
      message: `${destination} waits for ${batches} batches that are not there`,
    }));
  return { rows, findings: [...unbalanced, ...miscounted, ...unwanted, ...missing] };
}

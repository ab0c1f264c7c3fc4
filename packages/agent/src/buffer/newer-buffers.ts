/**
 * Buffers of newer agents, set aside whole by an older one that does not know their schema, and
 * taken back in once an agent starts that does: batches with their ids, what lies in the
 * quarantine, and the ledger.
 *
 * Cursors are not taken back: the agent between has read on from cursors of its own, and which of
 * two stands further cannot be told from their text. Those in force stay, so what was read twice
 * is delivered twice, and nothing is passed over.
 *
 * Batches move one by one, so that a file of gigabytes needs no second one. Between the commit
 * here and the deletion there lies a moment; what a crash then leaves in both is known by its id.
 */
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import type { DiskQuota } from './disk-quota.ts';
import { applicationId, readHeader, schemaVersion } from './file-header.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './schema.ts';
import { moveBatches, moveQuarantine, moveSettled } from './take-back.ts';

export interface TakeBack {
  /** Path of the database file in use. */
  readonly database: string;
  readonly db: DatabaseSync;
  readonly quota: Pick<DiskQuota, 'roomBytes' | 'walBytesMax'>;
  readonly log: Log;
  /** Opens a file that was set aside, repaired and migrated. */
  open(file: string): DatabaseSync;
}

/** Takes back what can be; what cannot, now or ever, stays where it is and is told. */
export function takeBackNewer(parts: TakeBack): void {
  const { database, log } = parts;
  for (const file of newerFiles(database)) {
    try {
      const schema = schemaOf(file);
      if (schema <= SCHEMA_VERSION) takeBackFile(parts, file);
      else log.warn({ file, schema, known: SCHEMA_VERSION }, WAITS);
    } catch (error) {
      log.error({ file, reason: reasonOf(error) }, 'A buffer that was set aside cannot be read.');
    }
  }
}

const WAITS =
  'Records of a newer agent wait in a file that was set aside; that agent takes them back.';

/** Oldest first; neither their logs nor what was made of damaged ones. */
function newerFiles(database: string): string[] {
  const directory = dirname(database);
  const time = /^\.newer-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:-\d+)?$/;
  return readdirSync(directory)
    .filter((name) => name.startsWith(basename(database)))
    .filter((name) => time.test(name.slice(basename(database).length)))
    .sort()
    .map((name) => join(directory, name));
}

function schemaOf(file: string): number {
  const header = readHeader(file);
  if (applicationId(header) !== APPLICATION_ID) throw new Error('it is not a buffer any more');
  return schemaVersion(header);
}

function takeBackFile(parts: TakeBack, file: string): void {
  const { db, log, quota } = parts;
  const from = parts.open(file);
  const move = { from, to: db, name: basename(file) };
  try {
    moveSettled(move);
    const quarantined = moveQuarantine(move);
    const reserveBytes = 2 * quota.walBytesMax;
    const moved = moveBatches(move, (bytes) => quota.roomBytes(db) > bytes + reserveBytes);
    const facts = { file, ...moved, quarantined };
    if (moved.batchesLeft > 0) {
      log.warn(facts, 'There is not room yet for all of a buffer that was set aside.');
      return;
    }
    log.info(facts, 'A buffer that was set aside was taken back, all but its cursors.');
  } finally {
    from.close();
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  db.prepare('DELETE FROM taken_back WHERE file = ?').run(basename(file));
}

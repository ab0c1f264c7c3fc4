/**
 * From an older schema to this one, step by step, each in one transaction: whatever happens
 * meanwhile, the file is of one version or the next.
 */
import type { DatabaseSync } from 'node:sqlite';
import { transaction } from './database.ts';
import { createRefusedKeeper, type RefusedText } from './refused-texts.ts';
import { pragma, SCHEMA_VERSION, TABLES_SINCE_2 } from './schema.ts';

/** The step from version 1 comes first. */
const STEPS: readonly ((db: DatabaseSync) => void)[] = [toVersion2];

/** Does nothing to a file of the current version. */
export function migrate(db: DatabaseSync): void {
  for (let version = pragma(db, 'user_version'); version < SCHEMA_VERSION; version++) {
    transaction(db, () => {
      STEPS[version - 1]!(db);
      db.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

/** The quarantine keeps fragments, which can be sent again, where it kept texts. */
function toVersion2(db: DatabaseSync): void {
  db.exec('ALTER TABLE quarantine RENAME TO refused_texts');
  db.exec(TABLES_SINCE_2);
  const keep = createRefusedKeeper(db);
  const texts = db.prepare('SELECT * FROM refused_texts ORDER BY id').iterate();
  for (const text of texts) keep(text as unknown as RefusedText);
  db.exec('DROP TABLE refused_texts');
}

/** Where sources stand. */
import type { DatabaseSync } from 'node:sqlite';
import type { CursorUpdate } from '../record.ts';

export interface Cursors {
  set(update: CursorUpdate): void;
  /** The cursors under a source's key, `<key>` and `<key>#…`, by full key. */
  under(sourceKey: string): Map<string, string>;
}

export function createCursors(db: DatabaseSync): Cursors {
  const upsert = db.prepare(`
    INSERT INTO cursors (key, value) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value`);
  const remove = db.prepare('DELETE FROM cursors WHERE key = ?');
  const select = db.prepare(`
    SELECT key, value FROM cursors
    WHERE key = ?1 OR substr(key, 1, length(?1) + 1) = ?1 || '#' ORDER BY key`);

  return {
    set({ key, value }) {
      if (value === null) remove.run(key);
      else upsert.run(key, value);
    },
    under(sourceKey) {
      const stored = select.all(sourceKey) as unknown as { key: string; value: string }[];
      return new Map(stored.map(({ key, value }) => [key, value]));
    },
  };
}

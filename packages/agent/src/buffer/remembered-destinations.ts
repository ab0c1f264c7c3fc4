/** How to reach destinations, kept so that a backlog can be delivered after its rule is gone. */
import type { DatabaseSync } from 'node:sqlite';
import type { PlannedDestination } from '@dcr-agent/schema';
import { parseStored } from './stored-json.ts';

export interface RememberedDestinations {
  /** Whether any of these is new or has changed. */
  differ(destinations: readonly PlannedDestination[]): boolean;
  set(destinations: readonly PlannedDestination[]): void;
  withBacklog(): PlannedDestination[];
}

export function createRememberedDestinations(db: DatabaseSync): RememberedDestinations {
  const upsert = db.prepare(`
    INSERT INTO destinations (id, planned) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET planned = excluded.planned`);
  const select = db.prepare('SELECT planned FROM destinations WHERE id = ?');
  const selectWithBacklog = db.prepare(`
    SELECT planned FROM destinations
    WHERE EXISTS (SELECT 1 FROM deliveries WHERE deliveries.destination = destinations.id)
    ORDER BY id`);

  return {
    differ: (destinations) =>
      destinations.some((planned) => select.get(planned.id)?.planned !== JSON.stringify(planned)),
    set(destinations) {
      for (const planned of destinations) upsert.run(planned.id, JSON.stringify(planned));
    },
    withBacklog() {
      const stored = selectWithBacklog.all() as unknown as { planned: string }[];
      return stored.map(({ planned }) => parsePlanned(planned));
    },
  };
}

/** Throws `BUFFER_CORRUPT` when the text is not what was written. */
export function parsePlanned(text: string): PlannedDestination {
  return parseStored(text, isPlanned);
}

function isPlanned(value: unknown): value is PlannedDestination {
  if (typeof value !== 'object' || value === null) return false;
  return ['id', 'protocol', 'endpoint'].every((key) => typeof Reflect.get(value, key) === 'string');
}

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { findTable } from '@dcr-agent/schema';
import type { WindowsEventRecord } from '../../../../../packages/agent/src/eventlog/windows-event-record.ts';
import type { RowContext } from '../../../../../packages/agent/src/pipeline/record-stage.ts';
import { eventRow } from '../../../../../packages/agent/src/pipeline/windows-event/event-row.ts';
import { securityEventRow } from '../../../../../packages/agent/src/pipeline/windows-event/security-event-row.ts';
import { windowsEventRow } from '../../../../../packages/agent/src/pipeline/windows-event/windows-event-row.ts';
import { CONTEXT, NO_DATA, readings } from './sample-events.ts';

const FOLDER = new URL(
  '../../../../../packages/agent/src/pipeline/windows-event/',
  import.meta.url,
);
const README = readFileSync(new URL('README.md', FOLDER), 'utf8');

/** Columns named at the beginning of the rows of a section's first table. */
function documented(section: string): string[] {
  const [, text = ''] = README.split(`\n## ${section}\n`);
  const [table = ''] = text.split('\n\n');
  return [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
}

const ROWS: Readonly<Record<string, (r: WindowsEventRecord, c: RowContext) => object>> = {
  Event: eventRow,
  SecurityEvent: securityEventRow,
  WindowsEvent: windowsEventRow,
};

for (const [table, row] of Object.entries(ROWS)) {
  test(`the README tells where every column of ${table} comes from`, () => {
    const record = readings(NO_DATA).get('event XML')!;
    const made = Object.keys(row(record, CONTEXT));
    const told = [...documented('Columns of all three tables'), ...documented(table)];
    assert.deepEqual(told.sort(), made.sort());
  });
}

test('the columns said to stay empty are columns of a table, and nothing fills them', () => {
  const empty = documented('Columns that stay empty');
  assert.ok(empty.length > 0);
  const record = readings(NO_DATA).get('event XML')!;
  for (const name of empty) {
    const tables = Object.keys(ROWS).filter((table) => findTable(table)!.columns.has(name));
    assert.ok(tables.length > 0, name);
    for (const table of tables) assert.ok(!(name in ROWS[table]!(record, CONTEXT)), name);
  }
});

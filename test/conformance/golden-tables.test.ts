/**
 * Golden tables: for each kind of data source a rule, what its source reads, what is sent of it on
 * each protocol, and what the receiving side stores: `golden-tables/<case>.json`. All of it is
 * exact: a column that comes, goes or changes shows here.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { PlannedSource, Protocol } from '@dcr-agent/schema';
import {
  type GoldenInput,
  type GoldenRule,
  type SentRows,
  sentRows,
  storedColumns,
} from '../support/golden-run.ts';
import type { Row } from '../support/rows.ts';

interface GoldenTable {
  readonly kind: PlannedSource['kind'];
  readonly rule: GoldenRule;
  readonly input: GoldenInput;
  /** By protocol. */
  readonly sent: Readonly<Partial<Record<Protocol, SentRows>>>;
  /** Of what is sent on `ods`. */
  readonly stored?: Readonly<Record<string, readonly Row[]>>;
}

const FOLDER = fileURLToPath(new URL('golden-tables', import.meta.url));
const KINDS: ReadonlySet<PlannedSource['kind']> = new Set([
  ...(['windowsEventLogs', 'syslog', 'logFiles', 'iisLogs', 'windowsFirewallLogs'] as const),
  ...(['performanceCounters', 'metrics', 'heartbeat', 'operation'] as const),
]);
const tables = readdirSync(FOLDER).map((name) => ({
  name: name.replace('.json', ''),
  table: JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8')) as GoldenTable,
}));

for (const { name, table } of tables) {
  test(`${name}: rows are these`, async () => {
    const { kind, rule, input, sent, stored } = table;
    for (const [protocol, expected] of Object.entries(sent)) {
      const rows = await sentRows(kind, rule, input, protocol as Protocol);
      assert.deepEqual(rows, expected, protocol);
    }
    if (stored === undefined) return;
    const columns = Object.entries(sent.ods ?? {}).map(([blobType, items]): [string, Row[]] => [
      blobType,
      items.flatMap((item) => storedColumns(blobType, item)),
    ]);
    assert.deepEqual(Object.fromEntries(columns), stored);
  });
}

test('every kind of data source has a golden table', () => {
  assert.deepEqual(new Set(tables.map(({ table }) => table.kind)), KINDS);
});

/** What the demonstration prints. */
import { type AgentStatus, isBalanced, OUTCOMES } from '@dcr-agent/agent';
import type { TableReport } from '@dcr-agent/handlers';
import type { Expected } from './inputs.ts';

/** Rows by workspace and table. */
export type RowCounts = Readonly<Record<string, Readonly<Record<string, number>>>>;

export function rowCounts(tables: readonly TableReport[]): RowCounts {
  const counts: Record<string, Record<string, number>> = {};
  for (const { workspace = '', table, rows } of tables) {
    counts[workspace] ??= {};
    counts[workspace][table] = rows;
  }
  return counts;
}

/** Every expected count that is not there, as a sentence. */
export function missing(counts: RowCounts, expected: Expected['rows']): string[] {
  return Object.entries(expected).flatMap(([workspace, tables]) =>
    Object.entries(tables).flatMap(([table, rows]) => {
      const have = counts[workspace]?.[table] ?? 0;
      return have === rows ? [] : [`${table} in ${workspace} has ${have} rows, expected ${rows}`];
    }),
  );
}

/** Read and kept per source; a line that is not as expected says so. */
export function showSources(status: AgentStatus, expected: Expected['sources']): string {
  const rows = Object.entries(expected).map(([key, want]) => {
    const { read, kept, damaged } = countsOf(status, key);
    const isRight = read === want.read && kept === want.kept;
    const damage = damaged === 0 ? '' : `and ${damaged} damaged`;
    const note = isRight ? damage : `expected ${want.read} read, ${want.kept} kept`;
    return [key.replace(/:$/, ''), String(read), String(kept), note];
  });
  return table([['SOURCE', 'READ', 'KEPT BY THE RULE', ''], ...rows]);
}

/** Data sources of the rule by the source that reads them. */
const DATA_SOURCES: Readonly<Record<string, string>> = {
  'windowsEventLogs:security': 'logons',
  'windowsEventLogs:system': 'trouble',
  'windowsEventLogs:': 'own',
  syslog: 'linux',
  logFiles: 'orders',
};

interface SourceCounts {
  /** What could be read. */
  readonly read: number;
  readonly kept: number;
  readonly damaged: number;
}

function countsOf(status: AgentStatus, key: string): SourceCounts {
  const row = status.ledger.find(({ flow }) => flow.split('/')[1] === DATA_SOURCES[key]);
  const damaged = row?.rejected ?? 0;
  const read = (row?.read ?? 0) - damaged;
  return { read, kept: read - (row?.filtered ?? 0), damaged };
}

export function showRows(counts: RowCounts): string {
  const rows = Object.entries(counts).flatMap(([workspace, tables]) =>
    Object.entries(tables).map(([name, n]) => [workspace, name, String(n)]),
  );
  return table([['WORKSPACE', 'TABLE', 'ROWS'], ...rows.sort()]);
}

export function showLedger(status: AgentStatus): string {
  const rows = status.ledger.map((row) => {
    const [, source = '', stream = ''] = row.flow.split('/');
    const counts = [row.read, ...OUTCOMES.map((outcome) => row[outcome])];
    const flow = stream.startsWith('heartbeat') ? 'heartbeat' : source;
    const channel = row.destination.split('/')[1] ?? '';
    return [flow, shorten(channel), ...counts.map(String), isBalanced(row) ? 'yes' : 'NO'];
  });
  const outcomes = OUTCOMES.map((outcome) => outcome.toUpperCase());
  return table([['FLOW', 'CHANNEL', 'READ', ...outcomes, 'BALANCED'], ...rows]);
}

function shorten(channel: string): string {
  return channel.length > 16 ? `${channel.slice(0, 15)}…` : channel;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (/^\d+$/.test(cell) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

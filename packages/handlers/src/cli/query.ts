import { type Command, InvalidArgumentError } from 'commander';
import type { JsonObject } from '../http/json.ts';
import { addConnectionOptions, type ConnectionOptions, withServer } from './connection.ts';
import { textTable } from './text-table.ts';

interface QueryOptions extends ConnectionOptions {
  readonly workspace?: string;
  readonly limit: number;
  readonly columns?: readonly string[];
  readonly json?: boolean;
}

const LIMIT_DEFAULT = 20;

/** Shown last, or only when asked for. */
const SERVICE_COLUMN = /^_|^(Type|TenantId)$/;

export function addQuery(program: Command): void {
  const command = program
    .command('query')
    .description('show the newest rows of a table')
    .argument('<table>', 'such as Syslog, Event or App_CL')
    .option('--workspace <name>', 'name, resource id or customer id; all workspaces otherwise')
    .option('--limit <number>', 'how many rows', rowCount, LIMIT_DEFAULT)
    .option('--columns <names>', 'columns to show, separated by commas', columnList)
    .option('--json', 'one JSON object per line, every column that is not null');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  dcr-handler query Syslog --workspace security --limit 5 --columns TimeGenerated,HostName,SyslogMessage',
    )
    .action(query);
}

async function query(table: string, options: QueryOptions): Promise<void> {
  await withServer(options, async (client) => {
    const { workspace, limit } = options;
    const { rows } = await client.rows({
      table,
      limit,
      ...(workspace !== undefined && { workspace }),
    });
    process.stdout.write(options.json ? asLines(rows, options) : asTable(rows, options));
  });
}

function asLines(rows: readonly JsonObject[], { columns }: QueryOptions): string {
  return rows
    .map((row) => (columns === undefined ? row : pick(row, columns)))
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

function pick(row: JsonObject, columns: readonly string[]): JsonObject {
  return Object.fromEntries(columns.map((name) => [name, row[name] ?? null]));
}

function asTable(rows: readonly JsonObject[], options: QueryOptions): string {
  if (rows.length === 0) return '';
  const columns = options.columns ?? filledColumns(rows);
  const cells = rows.map((row) => columns.map((name) => row[name]));
  const width = process.stdout.isTTY ? { width: process.stdout.columns } : {};
  return `${textTable(columns, cells, width)}\n`;
}

/** Columns that any of the rows fills, as first seen. */
function filledColumns(rows: readonly JsonObject[]): string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => !SERVICE_COLUMN.test(name));
}

function rowCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= 100_000) return count;
  throw new InvalidArgumentError('It must be a number from 1 to 100000.');
}

function columnList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('It must be names separated by commas.');
}

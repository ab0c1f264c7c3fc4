import type { Command } from 'commander';
import type { TableReport } from '../admin/row-query.ts';
import { addConnectionOptions, type ConnectionOptions, withServer } from './connection.ts';
import { textTable } from './text-table.ts';

interface TablesOptions extends ConnectionOptions {
  readonly json?: boolean;
}

const COLUMNS = ['WORKSPACE', 'TABLE', 'ROWS', 'LAST TIME', 'DROPPED MEMBERS', 'NULLED VALUES'];

export function addTables(program: Command): void {
  const command = program
    .command('tables')
    .description('list the tables that have rows')
    .option('--json', 'one JSON object per line');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-handler tables --data ./handler-data')
    .action(tables);
}

async function tables(options: TablesOptions): Promise<void> {
  await withServer(options, async (client) => {
    const reports = await client.tables();
    const lines = options.json
      ? reports.map((report) => JSON.stringify(report)).join('\n')
      : textTable(COLUMNS, reports.map(cells));
    if (lines !== '') process.stdout.write(`${lines}\n`);
  });
}

function cells(report: TableReport): unknown[] {
  return [
    report.workspace ?? report.workspaceId,
    report.table,
    report.rows,
    report.lastTime,
    report.droppedMembers,
    report.nulledValues,
  ];
}

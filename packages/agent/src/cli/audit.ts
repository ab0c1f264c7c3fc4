/** `dcr-agent audit`: the ledger, and whether it adds up and is what is stored. */
import type { Command } from 'commander';
import { OUTCOMES } from '../buffer/durable-buffer.ts';
import { type Audit, auditOf } from '../buffer/verify.ts';
import { printJson, printLines } from './books/print.ts';
import { addStateOptions, askBuffer, type StateOptions } from './books/state-options.ts';
import { columns } from './columns.ts';
import { EXIT } from './exit-codes.ts';

export function addAuditCommand(program: Command): void {
  const command = program
    .command('audit')
    .summary('account for every record')
    .description(
      'Prints what became of the records of each flow, per destination, since the state directory was made.\nExits 1 when read is not the sum of what became of them, or when what is stored is not what is counted.',
    );
  addStateOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent audit --state-dir /var/lib/dcr-agent')
    .action((options: StateOptions) => {
      const audit = askBuffer(options, auditOf);
      const isBalanced = audit.findings.length === 0;
      if (options.json) printJson({ isBalanced, findings: audit.findings, ledger: audit.rows });
      else printLines(auditLines(audit));
      if (!isBalanced) process.exitCode = EXIT.findings;
    });
}

const COUNTS = ['read', ...OUTCOMES] as const;

function auditLines({ rows, findings }: Audit): string[] {
  const table = rows.flatMap((row) => [
    [row.flow, row.destination, ...COUNTS.map((name) => String(row[name]))],
  ]);
  const head = ['FLOW', 'DESTINATION', ...COUNTS.map((name) => name.toUpperCase())];
  const reasons = rows.flatMap(({ flow, destination, reasons: list }) =>
    list.map(({ reason, count }) => [String(count), reason, flow, destination]),
  );
  return [
    ...columns([head, ...table]),
    ...(reasons.length === 0 ? [] : ['']),
    ...(reasons.length === 0
      ? []
      : columns([['RECORDS', 'REASON', 'FLOW', 'DESTINATION'], ...reasons])),
    '',
    ...findings.map(({ message }) => message),
    findings.length === 0
      ? `the ledger balances: read = ${OUTCOMES.join(' + ')}`
      : 'THE LEDGER DOES NOT BALANCE',
  ];
}

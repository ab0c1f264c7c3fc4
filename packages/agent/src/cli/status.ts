/** `dcr-agent status`: what a running agent collects, where it goes, and whether the books balance. */
import type { Command } from 'commander';
import { EXIT } from './exit-codes.ts';
import { findAgent } from './find-agent.ts';
import { readConfig } from './read-config.ts';
import { statusTable } from './status-table.ts';

export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .summary('show what a running agent does')
    .description(
      'Asks the running agent for its rules, sources, destinations and ledger.\nExits 1 when the ledger does not balance, 69 when no agent answers.',
    )
    .option('--json', 'print the whole status as JSON')
    .option('--control-socket <path>', 'control socket of the agent')
    .option('--config <file>', 'agent configuration file')
    .option('--state-dir <folder>', 'state directory of the agent')
    .addHelpText('after', '\nExample:\n  dcr-agent status --state-dir ./state')
    .action(async (options: Record<string, string | boolean | undefined>) => {
      const { status, refusals } = await findAgent(readConfig(options));
      if (status === undefined) {
        process.stderr.write(`${noAgent(refusals)}\n`);
        process.exitCode = EXIT.unavailable;
        return;
      }
      process.stdout.write(
        options.json ? `${JSON.stringify(status, null, 2)}\n` : statusTable(status, Date.now()),
      );
      if (!status.isBalanced) process.exitCode = EXIT.findings;
    });
}

function noAgent(refusals: readonly string[]): string {
  return [
    'dcr-agent: no agent answers:',
    ...refusals.map((refusal) => `  ${refusal}`),
    'If none runs, start one with `dcr-agent run`; --state-dir or --control-socket say which is meant.',
  ].join('\n');
}

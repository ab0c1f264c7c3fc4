/** `dcr-agent buffer`: what waits for its destinations, and whether it is sound. */
import type { Command } from 'commander';
import { batchRecords, listBatches, listDestinations } from '../buffer/stored-lists.ts';
import { verifyBuffer } from '../buffer/verify.ts';
import { AgentError } from '../errors.ts';
import { bufferTable } from './books/buffer-table.ts';
import { printJson, printLines, printRecords } from './books/print.ts';
import {
  addChangeOptions,
  addListOptions,
  addPrintOptions,
  addStateOptions,
  askBuffer,
  type ListOptions,
  type PrintOptions,
  resolveState,
  type StateOptions,
} from './books/state-options.ts';
import { EXIT } from './exit-codes.ts';

export function addBufferCommand(program: Command): void {
  const buffer = program
    .command('buffer')
    .summary('look at what waits to be delivered, and repair it')
    .description(
      'Works on a state directory, with its agent running or not.\nExits 66 when there is no buffer or no such batch, 65 when damage is in the way.',
    );
  addListCommand(buffer);
  addCatCommand(buffer);
  addVerifyCommand(buffer);
  addRepairCommand(buffer);
}

function addListCommand(buffer: Command): void {
  const command = buffer
    .command('ls')
    .summary('list destinations and batches')
    .description('Lists the destinations that something waits for, and the batches, oldest first.');
  addListOptions(command, 'batches')
    .addHelpText('after', '\nExample:\n  dcr-agent buffer ls --state-dir ./state --limit 10')
    .action(({ json, ...options }: ListOptions) => {
      const stored = askBuffer(options, (db) => ({
        destinations: listDestinations(db),
        batches: listBatches(db, options),
      }));
      if (json)
        printJson({ ...stored, batches: stored.batches.items, count: stored.batches.count });
      else printLines(bufferTable(stored, Date.now()));
    });
}

function addCatCommand(buffer: Command): void {
  const command = buffer
    .command('cat')
    .summary('print the records of a batch')
    .description('Prints the records of a batch, one JSON text a line, byte for byte.')
    .argument('<batch>', 'id of the batch, as `dcr-agent buffer ls --json` shows it');
  addPrintOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent buffer cat 7d9f… --state-dir ./state | jq .')
    .action((batch: string, options: PrintOptions) => {
      const records = askBuffer(options, (db) => batchRecords(db, batch));
      if (records === undefined) {
        const advice = '`dcr-agent buffer ls --json` tells which there are';
        throw new AgentError('BUFFER_ABSENT', `there is no batch ${batch} any more; ${advice}`);
      }
      printRecords(records, options.pretty === true);
    });
}

function addVerifyCommand(buffer: Command): void {
  const command = buffer
    .command('verify')
    .summary('check structure and checksums')
    .description(
      'Reads the whole buffer and checks its structure, every checksum and every count.\nExits 1 and tells what is wrong, and changes nothing.',
    );
  addStateOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent buffer verify --state-dir ./state')
    .action((options: StateOptions) => {
      const { stateDir } = resolveState(options).config;
      const found = verifyBuffer(stateDir);
      const { findings, path, batches, records, quarantined } = found;
      const held = `${batches} batches, ${records} records, ${quarantined} quarantined`;
      if (options.json) printJson(found);
      else if (findings.length === 0) printLines([`${path} is sound: ${held}`]);
      else
        printLines([
          ...findings,
          `${path}: ${findings.length} findings; \`dcr-agent buffer repair\` salvages the rest`,
        ]);
      if (findings.length > 0) process.exitCode = EXIT.findings;
    });
}

function addRepairCommand(buffer: Command): void {
  const command = buffer
    .command('repair')
    .summary('salvage what can be read of a damaged buffer')
    .description(
      'Does nothing to a sound buffer. A damaged one is set aside, a new one is filled row by row with what can be read, and what is lost is told and counted as dropped.\nAsks the agent to do so when one runs.',
    );
  addChangeOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent buffer repair --state-dir ./state')
    .action(async (options: StateOptions) => {
      const { repairLines } = await import('./books/buffer-table.ts');
      const resolved = resolveState(options);
      const { findings, path } = verifyBuffer(resolved.config.stateDir);
      if (findings.length === 0) {
        if (options.json) printJson({ path, repaired: false });
        else printLines([`${path} is sound: there is nothing to repair`]);
        return;
      }
      const { repairState } = await import('./books/change-state.ts');
      const report = await repairState(resolved);
      if (options.json) printJson({ path, repaired: true, findings, ...report });
      else printLines(repairLines(report));
    });
}

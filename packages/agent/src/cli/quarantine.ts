/** `dcr-agent quarantine`: what services refused for good, and what is to become of it. */
import { type Command, Option } from 'commander';
import { listRefusals, refusalIds, refusedRecords } from '../buffer/stored-lists.ts';
import { AgentError } from '../errors.ts';
import type { QuarantineChange } from './books/change-state.ts';
import { complain, printJson, printLines, printRecords } from './books/print.ts';
import { refusalTable } from './books/refusal-table.ts';
import {
  addChangeOptions,
  addListOptions,
  addPrintOptions,
  askBuffer,
  type ListOptions,
  type PrintOptions,
  resolveState,
  type StateOptions,
  wholeNumber,
} from './books/state-options.ts';
import { EXIT } from './exit-codes.ts';

interface ChangeOptions extends StateOptions {
  readonly all?: true;
  readonly destination?: string;
}

export function addQuarantineCommand(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .summary('look at what services refused, send it again or drop it')
    .description(
      'Works on a state directory, with its agent running or not.\nExits 66 when there is no such entry, and changes nothing then.',
    );
  addListCommand(quarantine);
  addCatCommand(quarantine);
  addReplayCommand(quarantine);
  addDropCommand(quarantine);
}

function addListCommand(quarantine: Command): void {
  const command = quarantine
    .command('ls')
    .summary('list refused batches')
    .description('Lists what was refused, newest first, with what the service answered.');
  addListOptions(command, 'entries')
    .addHelpText('after', '\nExample:\n  dcr-agent quarantine ls --state-dir ./state')
    .action(({ json, ...options }: ListOptions) => {
      const list = askBuffer(options, (db) => listRefusals(db, options));
      if (json) printJson({ entries: list.items, count: list.count });
      else printLines(refusalTable(list));
    });
}

function addCatCommand(quarantine: Command): void {
  const command = quarantine
    .command('cat')
    .summary('print the records of an entry')
    .description('Prints the records of an entry, one JSON text a line, byte for byte.')
    .argument('<id>', 'number of the entry', wholeNumber);
  addPrintOptions(command)
    .addHelpText('after', '\nExample:\n  dcr-agent quarantine cat 3 --state-dir ./state | jq .')
    .action((id: number, options: PrintOptions) => {
      const records = askBuffer(options, (db) => refusedRecords(db, id));
      if (records === undefined) throw missing([id]);
      if (records !== 'damaged') return printRecords(records, options.pretty === true);
      throw new AgentError('BUFFER_CORRUPT', `entry ${id} of the quarantine is damaged`);
    });
}

function addReplayCommand(quarantine: Command): void {
  const command = quarantine
    .command('replay')
    .summary('send refused batches again')
    .description(
      'Makes entries new batches for their destinations; a running agent delivers them at once.',
    )
    .argument('[id...]', 'numbers of entries', wholeNumbers);
  addChangeOptions(command)
    .addOption(new Option('--all', 'every entry').conflicts('destination'))
    .option('--destination <id>', 'every entry of this destination')
    .addHelpText('after', '\nExample:\n  dcr-agent quarantine replay 3 4 --state-dir ./state')
    .action((ids: readonly number[], options: ChangeOptions) =>
      change('replay', command, ids, options),
    );
}

function addDropCommand(quarantine: Command): void {
  const command = quarantine
    .command('drop')
    .summary('delete refused batches')
    .description('Deletes entries; the ledger counts their records as dropped.')
    .argument('[id...]', 'numbers of entries', wholeNumbers);
  addChangeOptions(command)
    .option('--all', 'every entry')
    .addHelpText('after', '\nExample:\n  dcr-agent quarantine drop 3 4 --state-dir ./state')
    .action((ids: readonly number[], options: ChangeOptions) =>
      change('drop', command, ids, options),
    );
}

function wholeNumbers(text: string, before: readonly number[] = []): number[] {
  return [...before, wholeNumber(text)];
}

async function change(
  kind: QuarantineChange,
  command: Command,
  ids: readonly number[] = [],
  options: ChangeOptions,
): Promise<void> {
  const { all, destination, json } = options;
  const isSelection = all === true || destination !== undefined;
  if (ids.length > 0 === isSelection) {
    const or = kind === 'replay' ? ', --destination or --all' : ' or --all';
    command.error(`error: name entries${or}, and not both`);
  }
  const known = askBuffer(options, (db) => refusalIds(db, destination));
  const asked = isSelection ? known : [...new Set(ids)];
  const unknown = asked.filter((id) => !known.includes(id));
  if (unknown.length > 0) throw missing(unknown);
  // Loaded only here: it brings the part of the buffer that writes.
  const { changeQuarantine } = await import('./books/change-state.ts');
  const outcomes =
    asked.length === 0 ? new Map() : await changeQuarantine(resolveState(options), kind, asked);
  const failed = [...outcomes].filter(([, outcome]) => outcome !== 'done');
  if (json) printJson({ [kind]: Object.fromEntries(outcomes) });
  else printLines([doneLine(kind, outcomes.size - failed.length)]);
  for (const [id, outcome] of failed) complain(`entry ${id}: ${WHY[outcome as keyof typeof WHY]}`);
  if (failed.length > 0) process.exitCode = EXIT.findings;
}

function doneLine(kind: QuarantineChange, count: number): string {
  const entries = count === 1 ? '1 entry' : `${count} entries`;
  const what = kind === 'replay' ? 'back in the buffer, to be delivered' : 'dropped';
  return `${entries} ${what}`;
}

const WHY = {
  missing: 'it is not there any more',
  damaged: 'it was damaged on the disk, and is counted as dropped',
} as const;

function missing(ids: readonly number[]): AgentError {
  const what = ids.length === 1 ? `entry ${ids[0]}` : `entries ${ids.join(', ')}`;
  return new AgentError(
    'BUFFER_ABSENT',
    `the quarantine has no ${what}; \`dcr-agent quarantine ls\` tells what it has`,
  );
}

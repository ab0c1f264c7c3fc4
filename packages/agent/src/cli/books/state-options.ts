/** The options of every command that works on a state directory. */
import type { DatabaseSync } from 'node:sqlite';
import { type Command, InvalidArgumentError } from 'commander';
import { openReadOnly } from '../../buffer/read-only-buffer.ts';
import type { ResolvedConfig } from '../../config/resolve-config.ts';
import { AgentError, isAgentError, reasonOf } from '../../errors.ts';
import { readConfig } from '../read-config.ts';

export interface StateOptions {
  readonly stateDir?: string;
  readonly config?: string;
  readonly controlSocket?: string;
  readonly json?: true;
}

/** Where to look, and `--json`. */
export function addStateOptions(command: Command): Command {
  return addPlaceOptions(command.option('--json', 'print JSON'));
}

function addPlaceOptions(command: Command): Command {
  return command
    .option('--state-dir <folder>', 'state directory of the agent')
    .option('--config <file>', 'agent configuration file');
}

export interface ListOptions extends StateOptions {
  readonly destination?: string;
  readonly limit: number;
}

/** The same for lists; `nouns` says of what. */
export function addListOptions(command: Command, nouns: string): Command {
  return addStateOptions(command)
    .option('--destination <id>', `only ${nouns} of this destination`)
    .option(`--limit <${nouns}>`, `show at most so many ${nouns}`, wholeNumber, LIMIT);
}

export interface PrintOptions extends StateOptions {
  readonly pretty?: true;
}

/** For commands that print records, which are JSON anyway. */
export function addPrintOptions(command: Command): Command {
  return addPlaceOptions(command).option('--pretty', 'indent them');
}

/** The same for commands that may have to ask a running agent. */
export function addChangeOptions(command: Command): Command {
  return addStateOptions(command).option(
    '--control-socket <path>',
    'control socket of the agent, when one runs',
  );
}

export function resolveState(options: StateOptions): ResolvedConfig {
  return readConfig(options as Readonly<Record<string, unknown>>);
}

/** What `question` says of the buffer, which is closed again before anything is printed. */
export function askBuffer<T>(options: StateOptions, question: (db: DatabaseSync) => T): T {
  const buffer = openReadOnly(resolveState(options).config.stateDir);
  try {
    return buffer.ask(question);
  } catch (error) {
    if (!isAgentError(error, 'BUFFER_CORRUPT')) throw error;
    throw new AgentError('BUFFER_CORRUPT', `${reasonOf(error)}; ${ADVICE}`, { cause: error });
  } finally {
    buffer.close();
  }
}

const ADVICE = '`dcr-agent buffer verify` tells more, `dcr-agent buffer repair` salvages the rest';

/** Lists show so many lines unless told otherwise. */
const LIMIT = 100;

/** A whole number from one on, for commander. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number > 0) return number;
  throw new InvalidArgumentError('it must be a whole number from 1 on.');
}

/** The process `dcr-handler`: arguments in, exit code out. */
import { CommanderError } from 'commander';
import { CommandError, EXIT } from './cli/exit-codes.ts';
import { createProgram } from './cli/program.ts';
import { HandlerError, type StartErrorCode } from './errors.ts';

const START_EXITS: Readonly<Record<StartErrorCode, number>> = {
  ADDRESS_REFUSED: EXIT.usage,
  LISTEN_FAILED: EXIT.unavailable,
  DATA_IN_USE: EXIT.unavailable,
  DATA_UNUSABLE: EXIT.io,
  DATA_NEWER: EXIT.configuration,
  KEY_INVALID: EXIT.configuration,
};

// A reader that has seen enough, such as head, is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.io);
});
// Nor does a server stop because nobody reads its log any more.
process.stderr.on('error', () => {});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what is wrong, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof CommandError) return fail(error.message, error.exitCode);
  if (error instanceof HandlerError) return fail(error.message, START_EXITS[error.code]);
  if (error instanceof Error && 'syscall' in error) return fail(error.message, EXIT.io);
  const report = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return fail(`this is a bug: ${report}`, EXIT.bug);
}

function fail(message: string, exitCode: number): number {
  console.error(`dcr-handler: ${message}`);
  return exitCode;
}

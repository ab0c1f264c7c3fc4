/** Process entry of `dcr-agent`: arguments, exit codes, last words. */

import { exitCodeOf, lastWords } from './cli/exit-codes.ts';
import { createProgram } from './cli/program.ts';

// What nobody handles is our own mistake: whatever is durable is safe, so end and start clean.
process.on('uncaughtException', (error) => {
  endIfNobodyReads(error);
  sayLastWords(error);
  process.exit(exitCodeOf(error));
});

try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  endIfNobodyReads(error);
  sayLastWords(error);
  process.exitCode = exitCodeOf(error);
}

/** A reader that closes the pipe early is no failure. */
function endIfNobodyReads(error: unknown): void {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EPIPE' && syscall === 'write') process.exit();
}

function sayLastWords(error: unknown): void {
  const words = lastWords(error);
  if (words !== '') process.stderr.write(`${words}\n`);
}

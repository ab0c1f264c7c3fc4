/** Process entry of `dcr-agent`: arguments, exit codes, last words. */

import { exitCodeOf, lastWords } from './cli/exit-codes.ts';
import { createProgram } from './cli/program.ts';

// A reader that closes the pipe early is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
// A log that nobody can read any more is no reason to stop collecting.
process.stderr.on('error', () => {});

// What nobody handles is our own mistake: whatever is durable is safe, so end and start clean.
process.on('uncaughtException', (error) => {
  sayLastWords(error);
  process.exit(exitCodeOf(error));
});

try {
  const program = await createProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  sayLastWords(error);
  process.exitCode = exitCodeOf(error);
}

function sayLastWords(error: unknown): void {
  const words = lastWords(error);
  if (words !== '') process.stderr.write(`${words}\n`);
}

/** What the scripts here have in common: options with numbers, `--help`, and a clean end. */
import { parseArgs } from 'node:util';

/** Prints the help and ends when asked for it, or with 64 when an option is not known. */
export function readArguments(
  help: string,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean' } } });
    if (values.help !== true) return values as Record<string, string | undefined>;
    process.stdout.write(help);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exit(64);
  }
}

/** Ends with 64 when it is no number above 0. */
export function numberOption(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (value > 0) return value;
  process.stderr.write(`'${text}' is not a number above 0\n`);
  process.exit(64);
}

/** Processes that were started end with this one, but only when it exits by itself. */
export function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
}

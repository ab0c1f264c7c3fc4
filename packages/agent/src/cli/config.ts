/** `dcr-agent config show`: what a run would be configured with, and where each value is from. */
import type { Command } from 'commander';
import { flagDeclarations } from '../config/command-line.ts';
import { OPTIONS } from '../config/options.ts';
import type { ResolvedConfig } from '../config/resolve-config.ts';
import { columns } from './columns.ts';
import { readConfig } from './read-config.ts';

interface ShowOptions {
  readonly origins?: boolean;
  readonly json?: boolean;
}

interface ShownOption {
  readonly option: string;
  /** Absent where the option has no value. */
  readonly value?: unknown;
  /** What holds then. */
  readonly otherwise?: string;
  readonly origin: string;
}

export function addConfigCommand(program: Command): void {
  const config = program
    .command('config')
    .summary('show the configuration')
    .description('What is configured, without running anything.');
  const show = config
    .command('show')
    .summary('print every option as `run` would use it')
    .description(
      'Prints every option as `dcr-agent run` with the same flags would use it.\nExits 78 when the configuration is wrong.',
    )
    .option(
      '--origins',
      'where each value comes from: flag, variable, file with line, profile or default',
    )
    .option('--json', 'print a JSON array');
  for (const { flags, help } of flagDeclarations()) show.option(flags, help);
  show
    .addHelpText(
      'after',
      '\nExample:\n  dcr-agent config show --origins --config /etc/dcr-agent/agent.yaml',
    )
    .action((parsed: Record<string, unknown>) => {
      const { origins, json, ...flags } = parsed as ShowOptions & Record<string, unknown>;
      const resolved = readConfig(flags);
      for (const warning of resolved.warnings) process.stderr.write(`${warning}\n`);
      const shown = shownOptions(resolved);
      const text = json ? JSON.stringify(shown, null, 2) : configTable(shown, origins === true);
      process.stdout.write(`${text}\n`);
    });
}

/** In the order of the table of options. */
export function shownOptions({ config, origins }: ResolvedConfig): ShownOption[] {
  return OPTIONS.map(({ path, type, otherwise }) => {
    const inUse = valueAt(config, path);
    const value = inUse === undefined ? undefined : (type.shown?.(inUse as never) ?? inUse);
    const origin = origins.get(path);
    const place = origin === undefined || origin.layer === 'default' ? 'default' : origin.name;
    if (value !== undefined) return { option: path, value, origin: place };
    return { option: path, ...(otherwise !== undefined && { otherwise }), origin: place };
  });
}

export function configTable(shown: readonly ShownOption[], hasOrigins: boolean): string {
  const rows = shown.map(({ option, value, otherwise, origin }) => [
    option,
    value === undefined ? '-' : typeof value === 'string' ? value : JSON.stringify(value),
    ...(hasOrigins ? [otherwise === undefined ? origin : `${origin}: ${otherwise}`] : []),
  ]);
  const head = ['OPTION', 'VALUE', ...(hasOrigins ? ['FROM'] : [])];
  return columns([head, ...rows]).join('\n');
}

function valueAt(config: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (group, step) => (group as Record<string, unknown> | undefined)?.[step],
      config,
    );
}

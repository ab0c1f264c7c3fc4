/** The configuration of a command: flags, variables, file. */
import { readFileSync } from 'node:fs';
import { type GivenFlags, givenFlags } from '../config/command-line.ts';
import { type ResolvedConfig, resolveConfig } from '../config/resolve-config.ts';
import { titleWithoutSecrets } from './process-title.ts';

/** Throws `AGENT_CONFIG_INVALID`. A password on the command line is hidden from others first. */
export function readConfig(parsed: Readonly<Record<string, unknown>>): ResolvedConfig {
  const title = titleWithoutSecrets(process.argv.slice(2));
  if (title !== undefined) process.title = title;
  const flags: GivenFlags = givenFlags(parsed);
  return resolveConfig({ flags, env: process.env, readFile: readIfThere });
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

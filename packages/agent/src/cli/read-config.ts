/** The configuration of a command: flags, variables, file. */
import { readFileSync } from 'node:fs';
import { type GivenFlags, givenFlags } from '../config/command-line.ts';
import { type ResolvedConfig, resolveConfig } from '../config/resolve-config.ts';

/** Throws `AGENT_CONFIG_INVALID`. */
export function readConfig(parsed: Readonly<Record<string, unknown>>): ResolvedConfig {
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

/** Where a server keeps its data, and how commands find a running one through it. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const RUNNING_FILE = 'server.json';

/** `/var/lib` for root, the user's own data folder for others; `DCR_HANDLER_DATA` overrides. */
export function defaultDataDirectory(): string {
  const given = process.env.DCR_HANDLER_DATA;
  if (given) return given;
  if (process.getuid?.() === 0) return '/var/lib/dcr-handler';
  return join(process.env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'dcr-handler');
}

/** Leaves a note of the address for the commands of the same user. */
export async function noteRunning(directory: string, url: string): Promise<void> {
  const note = JSON.stringify({ url, pid: process.pid });
  await writeFile(join(directory, RUNNING_FILE), `${note}\n`, { mode: 0o600 });
}

export async function forgetRunning(directory: string): Promise<void> {
  await rm(join(directory, RUNNING_FILE), { force: true });
}

/** Address of the server over this directory; `undefined` when none left a note. */
export async function findRunning(directory: string): Promise<string | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(join(directory, RUNNING_FILE), 'utf8'));
    const url = (note as { url?: unknown } | null)?.url;
    return typeof url === 'string' ? url : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

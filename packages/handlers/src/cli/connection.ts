/** How a command reaches its server: by the data directory, or by URL and token file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type AdminClient, AdminError, createAdminClient } from '../admin-client.ts';
import { ADMIN_TOKEN_FILE } from '../identity/key-files.ts';
import { defaultDataDirectory, findRunning } from './data-directory.ts';
import { CommandError, EXIT } from './exit-codes.ts';

export interface ConnectionOptions {
  readonly data?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

export function addConnectionOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'data directory of a server of this user on this machine')
    .option('--url <url>', 'address of the server, instead of --data')
    .option('--token-file <file>', 'file with its admin token, with --url');
}

/** Runs a command's work with a client, and tells apart how it may fail. */
export async function withServer(
  options: ConnectionOptions,
  work: (client: AdminClient, url: string) => Promise<void>,
): Promise<void> {
  const { url, token } = await connection(options);
  try {
    await work(createAdminClient({ url, token }), url);
  } catch (error) {
    throw explain(error, url);
  }
}

async function connection(options: ConnectionOptions): Promise<{ url: string; token: string }> {
  if ((options.url === undefined) !== (options.tokenFile === undefined)) {
    throw new CommandError(EXIT.usage, '--url and --token-file go together');
  }
  const directory = options.data ?? defaultDataDirectory();
  const url = options.url ?? (await readNote(directory));
  const tokenFile = options.tokenFile ?? join(directory, ADMIN_TOKEN_FILE);
  if (url === undefined) {
    throw new CommandError(
      EXIT.unavailable,
      `no server is running over ${directory}; start one with: dcr-handler serve --data ${directory}`,
    );
  }
  return { url, token: (await readInput(tokenFile, 'the admin token')).trim() };
}

async function readNote(directory: string): Promise<string | undefined> {
  try {
    return await findRunning(directory);
  } catch (error) {
    throw readError(error, directory, 'the data directory');
  }
}

/** A file a command is given; says in its own words why it cannot be read. */
export async function readInput(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw readError(error, file, what);
  }
}

function readError(error: unknown, file: string, what: string): CommandError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new CommandError(EXIT.noInput, `${what} is not there: ${file}`);
  const isDenied = code === 'EACCES' || code === 'EPERM';
  const exitCode = isDenied ? EXIT.permission : EXIT.io;
  return new CommandError(exitCode, `${what} cannot be read: ${message}`);
}

function explain(error: unknown, url: string): unknown {
  if (error instanceof AdminError) {
    const details = error.details.map(({ code, message }) => `\n  ${code}: ${message}`).join('');
    return new CommandError(exitCodeOf(error.status), `${error.message}${details}`);
  }
  // fetch reports every failure of the network as a TypeError with a cause.
  if (error instanceof TypeError && error.cause instanceof Error) {
    return new CommandError(EXIT.unavailable, `no answer from ${url}: ${error.cause.message}`);
  }
  return error;
}

function exitCodeOf(status: number): number {
  if (status === 401 || status === 403) return EXIT.permission;
  return status >= 500 ? EXIT.unavailable : EXIT.badData;
}

/**
 * The state directory: private to its owner, used by one agent at a time, and measured as a
 * whole, because the quota is a promise about the disk and not about one file.
 */
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { AgentError, reasonOf } from '../errors.ts';
import type { Log } from '../host/log.ts';
import { makeDirectory } from '../host/make-directory.ts';
import { asBufferError } from './sqlite-error.ts';

const PRIVATE_DIRECTORY = 0o700;
const PRIVATE_FILE = 0o600;
/** What follows the name of a file that was moved out of the way, before the time. */
export type SetAsideMark = '.damaged-' | '.newer-';
/** In the order in which they are given up. */
const MARKS: readonly SetAsideMark[] = ['.damaged-', '.newer-'];

/**
 * Makes the directory, readable by its owner only. Refuses a symbolic link: whoever can place
 * one could otherwise choose where the agent writes.
 */
export function prepareDirectory(path: string, log: Log): void {
  try {
    makeDirectory(path, PRIVATE_DIRECTORY);
  } catch (error) {
    throw asBufferError(error, path);
  }
  const stats = statOf(path);
  if (stats?.isSymbolicLink()) {
    throw new AgentError(
      'BUFFER_IO',
      `${path} is a symbolic link; name the directory it points to as the state directory`,
    );
  }
  if (!stats?.isDirectory()) throw new AgentError('BUFFER_IO', `${path} is not a directory`);
  makePrivate(path, stats, PRIVATE_DIRECTORY, log);
  assertUsable(path, constants.R_OK | constants.W_OK | constants.X_OK);
}

/** SQLite would only say that it cannot; the system says why. */
export function assertUsable(path: string, mode: number = constants.R_OK | constants.W_OK): void {
  try {
    accessSync(path, mode);
  } catch (error) {
    throw asBufferError(error, path);
  }
}

/** Takes the file from everyone but its owner; goes on, with a warning, where that is refused. */
export function makeFilePrivate(path: string, log: Log): void {
  const stats = statOf(path);
  if (stats?.isFile()) makePrivate(path, stats, PRIVATE_FILE, log);
}

function makePrivate(path: string, stats: Stats, mode: number, log: Log): void {
  if ((stats.mode & 0o777) === mode) return;
  try {
    chmodSync(path, mode);
  } catch (error) {
    log.warn(
      { path, reason: reasonOf(error) },
      'Others may read the agent’s state: its mode cannot be set.',
    );
  }
}

/** Makes an empty file for its owner only; fails when anything is there. */
export function createPrivateFile(path: string): void {
  closeSync(openSync(path, 'wx', PRIVATE_FILE));
}

/** Without following links; `undefined` when nothing is there. */
export function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/**
 * Tells one file from another that took its place, also on a file system that was mounted anew;
 * `undefined` when nothing is there.
 */
export function identityOf(path: string): string | undefined {
  const stats = statOf(path);
  return stats && `${stats.dev}:${stats.ino}`;
}

/** Moves whatever is at `path` out of the way, beside it; returns its new path. */
export function setAside(path: string, nowMs: number, mark: SetAsideMark = '.damaged-'): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(':', '-').slice(0, 19);
  for (let n = 1; ; n++) {
    const target = `${path}${mark}${stamp}${n === 1 ? '' : `-${n}`}`;
    if (statOf(target) !== undefined) continue;
    renameSync(path, target);
    return target;
  }
}

/** What was set aside: what was damaged first, then the files of newer agents, oldest first. */
export function listSetAside(directory: string): string[] {
  const names = readdirSync(directory);
  return MARKS.flatMap((mark) => {
    const timeOf = (name: string): string => name.slice(name.lastIndexOf(mark));
    return names
      .filter((name) => MARKS.find((each) => name.includes(each)) === mark)
      .sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
      .map((name) => join(directory, name));
  });
}

/** The same, with what they take. */
export function setAsideIn(directory: string): { path: string; bytes: number }[] {
  return listSetAside(directory).map((path) => ({ path, bytes: statOf(path)?.size ?? 0 }));
}

/** Bytes of all files below the directory; what vanishes meanwhile counts nothing. */
export function directoryBytes(directory: string): number {
  let bytes = 0;
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) bytes += directoryBytes(path);
    else bytes += statOf(path)?.size ?? 0;
  }
  return bytes;
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (statOf(directory) === undefined) return [];
    throw error;
  }
}

/** Makes the content of a closed file, and then its name, survive a power cut. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncName(path);
}

/** Makes a rename or a creation survive a power cut. */
export function syncName(path: string): void {
  // Windows neither needs nor allows a directory to be opened for this.
  if (process.platform === 'win32') return;
  const directory = openSync(dirname(path), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/**
 * One agent per state directory. The lock is the operating system's own, on the file `lock`,
 * taken through SQLite because Node has no file locks: it vanishes with the process, however
 * that ends. `agent.pid` says who holds it, for people; it locks nothing.
 *
 * Nothing else may open `lock`: closing any handle of the process to it would free it (POSIX).
 */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AgentError, reasonOf } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { asBufferError, isBusy, isDamage } from './sqlite-error.ts';
import {
  assertUsable,
  createPrivateFile,
  identityOf,
  makeFilePrivate,
  setAside,
  statOf,
} from './state-directory.ts';

export interface DirectoryLock {
  /** False once the file was removed: another agent could then lock a new one. */
  isInPlace(): boolean;
  release(): void;
}

/** Throws `BUFFER_LOCKED`, naming the process, when another agent has it. */
export function lockDirectory(
  directory: string,
  { clock, log }: Pick<Host, 'clock' | 'log'>,
): DirectoryLock {
  const lockFile = join(directory, 'lock');
  const pidFile = join(directory, 'agent.pid');
  const lock = acquire(lockFile, directory, pidFile, { clock, log });
  try {
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    log.warn({ path: pidFile, err: error }, 'The agent’s process id cannot be written down.');
  }
  const identity = identityOf(lockFile);
  return {
    isInPlace: () => identityOf(lockFile) === identity,
    release() {
      // Where the directory was replaced, the new file is not ours to delete.
      if (identityOf(lockFile) === identity) removePid(pidFile, log);
      lock.close();
    },
  };
}

function acquire(
  lockFile: string,
  directory: string,
  pidFile: string,
  { clock, log }: Pick<Host, 'clock' | 'log'>,
): DatabaseSync {
  try {
    if (statOf(lockFile)?.isFile() === false) setAside(lockFile, clock.now());
    if (statOf(lockFile) === undefined) createPrivateFile(lockFile);
    makeFilePrivate(lockFile, log);
    assertUsable(lockFile);
    return lockExclusively(lockFile);
  } catch (error) {
    if (isBusy(error)) {
      const holder = readPid(pidFile);
      const who = holder === undefined ? 'Another agent' : `Another agent (process ${holder})`;
      throw new AgentError('BUFFER_LOCKED', `${who} uses ${directory}`);
    }
    if (!isDamage(error)) throw asBufferError(error, lockFile);
    // Content was written into the file by someone, and nobody has it locked.
    truncateSync(lockFile);
    return lockExclusively(lockFile);
  }
}

function lockExclusively(lockFile: string): DatabaseSync {
  const lock = new DatabaseSync(lockFile);
  try {
    // Nothing is ever written, so there is nothing to roll back from a file.
    lock.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function removePid(pidFile: string, log: Host['log']): void {
  try {
    rmSync(pidFile, { force: true, recursive: true });
  } catch (error) {
    log.warn(
      { path: pidFile, reason: reasonOf(error) },
      'The agent’s process id stays written down.',
    );
  }
}

function readPid(pidFile: string): string | undefined {
  try {
    const text = readFileSync(pidFile, 'utf8').slice(0, 20).trim();
    return /^\d+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What an error of SQLite or of the file system means for the agent. Three answers: the file is
 * damaged (rebuild it), the disk does not take it now (`BUFFER_FULL`, `BUFFER_IO`: try later),
 * or the agent itself is wrong (everything else: let it pass).
 *
 * Source: https://www.sqlite.org/rescode.html; `node:sqlite` gives the extended code as `errcode`.
 */
import { AgentError, isAgentError } from '../errors.ts';

const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** PERM, READONLY, IOERR, CANTOPEN, PROTOCOL, NOLFS, AUTH. */
const UNWRITABLE: ReadonlySet<number> = new Set([3, 8, 10, 14, 15, 22, 23]);
const BUSY_OR_LOCKED: ReadonlySet<number> = new Set([5, 6]);
/** IOERR_READ, IOERR_SHORT_READ, IOERR_DATA, IOERR_CORRUPTFS: what is on the disk is not ours. */
const UNREADABLE: ReadonlySet<number> = new Set([266, 522, 8202, 8458]);

/** Of `node:sqlite`: the extended result code, or `undefined` for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What is stored cannot be trusted or read. */
export function isDamage(error: unknown): boolean {
  if (isAgentError(error, 'BUFFER_CORRUPT')) return true;
  const code = resultCode(error);
  if (code === undefined) return false;
  return (
    (code & 0xff) === SQLITE_CORRUPT || (code & 0xff) === SQLITE_NOTADB || UNREADABLE.has(code)
  );
}

/** Another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code !== undefined && BUSY_OR_LOCKED.has(code & 0xff);
}

export function isSqliteError(error: unknown): boolean {
  return resultCode(error) !== undefined;
}

/** No byte more can be written; the quota of the buffer is another matter. */
export function isDiskFull(error: unknown): boolean {
  const system = systemCode(error);
  const primary = (resultCode(error) ?? 0) & 0xff;
  return primary === SQLITE_FULL || system === 'ENOSPC' || system === 'EDQUOT';
}

/** The disk, or the permission to use it, is missing; later it may not be. */
export function isUnwritable(error: unknown): boolean {
  return isAgentError(error, 'BUFFER_FULL') || isAgentError(error, 'BUFFER_IO');
}

/** The same error in the agent's terms; what is our own bug comes back as it is. */
export function asBufferError(error: unknown, path: string): unknown {
  if (isDamage(error) && !isAgentError(error)) {
    return new AgentError('BUFFER_CORRUPT', `${path} is damaged`, { cause: error });
  }
  if (isBusy(error)) {
    return new AgentError('BUFFER_IO', `${path} is locked by another program`, { cause: error });
  }
  if (isDiskFull(error)) {
    return new AgentError(
      'BUFFER_FULL',
      `The disk of ${path} is full; make room, or have stateDir on another`,
      { cause: error },
    );
  }
  const primary = (resultCode(error) ?? 0) & 0xff;
  if (UNWRITABLE.has(primary) || systemCode(error) !== undefined) {
    return new AgentError('BUFFER_IO', `${path} cannot be used`, { cause: error });
  }
  return error;
}

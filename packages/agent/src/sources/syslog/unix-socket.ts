/**
 * A Unix stream socket and the file it is reached by. Node.js unlinks the path that a server was
 * bound to as it closes, whoever's file is there by then; so the server is bound beside the path
 * and moved to it, and what is removed at the end is this server's own file or nothing.
 */
import { lstatSync, unlinkSync } from 'node:fs';
import { chmod, lstat, rename } from 'node:fs/promises';
import type { Server } from 'node:net';
import { isAbsence } from '../../errors.ts';

export interface UnixListening {
  readonly server: Server;
  /** False once the path is gone or another file is there: nobody can connect any more. */
  isReachable(): Promise<boolean>;
  /** Takes no more connections, and removes the file unless it is another by now. */
  close(closed: () => void): void;
}

interface FileId {
  readonly dev: number;
  readonly ino: number;
}

/** Where a server is bound before it is moved to its path. */
export function besidePath(path: string): string {
  return `${path}~`;
}

/** Moves a server that listens beside the path to it; closes the server where that fails. */
export async function moveToPath(
  server: Server,
  path: string,
  mode: number,
): Promise<UnixListening> {
  const beside = besidePath(path);
  try {
    await chmod(beside, mode);
    const own = await lstat(beside);
    await rename(beside, path);
    return {
      server,
      isReachable: () => isAt(own, path),
      close(closed) {
        removeOwn(own, path);
        server.close(closed);
      },
    };
  } catch (error) {
    server.close();
    throw error;
  }
}

/** What cannot be looked at counts as being there: others may still reach it. */
async function isAt(own: FileId, path: string): Promise<boolean> {
  try {
    return isSame(own, await lstat(path));
  } catch (error) {
    return !isAbsence(error);
  }
}

/** Without a pause between looking and removing, in which another could take the path. */
function removeOwn(own: FileId, path: string): void {
  try {
    if (isSame(own, lstatSync(path))) unlinkSync(path);
  } catch {
    // Gone, or not to be removed: a socket that nobody listens on is replaced by the next start.
  }
}

function isSame(own: FileId, found: FileId): boolean {
  return own.dev === found.dev && own.ino === found.ino;
}

/** Folders for the tests of one file. */
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED_MEMORY = '/dev/shm';
const made: string[] = [];
process.once('exit', removeAll);

/**
 * Gone when the process of the test file ends: not earlier, or what a test closes after it would
 * write into a folder that is not there any more, or make it again.
 */
export async function temporaryFolder(parent: string = tmpdir()): Promise<string> {
  const folder = await mkdtemp(join(parent, 'dcr-test-'));
  made.push(folder);
  return folder;
}

/** The same in memory where there is a place for it: for very many files. */
export function temporaryFolderInMemory(): Promise<string> {
  return temporaryFolder(existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir());
}

function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

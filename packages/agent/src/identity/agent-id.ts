/** A GUID that tells this installation from others; it stays the same as long as its state does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { writeFileAtomically } from '../host/write-file-atomically.ts';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * Reads `<stateDir>/agent-id`, or makes it. Never rejects: where the file cannot be read or
 * written the id lasts for this run only, and the log says so.
 */
export async function readAgentId(host: Host, stateDir: string): Promise<string> {
  const path = join(stateDir, 'agent-id');
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') host.log.warn({ path, reason: error.message }, 'no agent id');
    return undefined;
  });
  if (kept !== undefined && GUID.test(kept.trim())) return kept.trim().toLowerCase();
  const id = host.guid();
  if (kept !== undefined)
    host.log.warn({ path, id }, 'the agent id was damaged; there is a new one');
  try {
    await writeFileAtomically(path, `${id}\n`);
  } catch (error) {
    host.log.warn({ path, reason: String(error) }, 'the agent id cannot be kept');
  }
  return id;
}

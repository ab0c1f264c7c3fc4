/** Directories for what the agent keeps and listens on. */
import { lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it, one after another: where one of them takes none, as in
 * `/proc`, Node's own way never ends. What is there already, a directory or not, stays as it is.
 * Throws the system's error.
 */
export function makeDirectory(path: string, mode: number): void {
  if (exists(path)) return;
  makeDirectory(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was quicker.
    if (!exists(path)) throw error;
  }
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

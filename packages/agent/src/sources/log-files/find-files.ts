/** The files a pattern names at the moment, and where a file is that it names no more. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';
import { isAbsence } from '../../errors.ts';
import type { FileIdentity } from './file-cursor.ts';
import { statusOf } from './open-file.ts';
import { hasWildcard, matchesWildcard } from './wildcard.ts';

export interface FoundFiles {
  /** Paths in order; not all of them need to exist or to be regular files. */
  readonly paths: readonly string[];
  /** Directories in which another file of the pattern could appear. */
  readonly directories: readonly string[];
  /** Directories that exist and could not be listed. */
  readonly unreadable: readonly { readonly path: string; readonly error: unknown }[];
}

/** `pattern` is an absolute path; wildcards may stand in any of its segments. */
export async function findFiles(pattern: string): Promise<FoundFiles> {
  const { root } = parse(pattern);
  const segments = pattern
    .slice(root.length)
    .split(sep)
    .filter((segment) => segment !== '');
  const listed = new Set<string>();
  const unreadable: { path: string; error: unknown }[] = [];

  async function below(directory: string, segment: string, isLast: boolean): Promise<string[]> {
    if (isLast || hasWildcard(segment)) listed.add(directory);
    if (!hasWildcard(segment)) return [join(directory, segment)];
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries
        .filter((entry) => matchesWildcard(segment, entry.name) && (isLast || mayHoldFiles(entry)))
        .map((entry) => join(directory, entry.name))
        .sort();
    } catch (error) {
      if (!isAbsence(error)) unreadable.push({ path: directory, error });
      return [];
    }
  }

  let paths = [root];
  for (const [i, segment] of segments.entries()) {
    const isLast = i === segments.length - 1;
    const found = await Promise.all(paths.map((path) => below(path, segment, isLast)));
    paths = found.flat();
  }
  return { paths, directories: [...listed], unreadable };
}

function mayHoldFiles(entry: Dirent): boolean {
  return entry.isDirectory() || entry.isSymbolicLink();
}

/**
 * Which files a directory holds under which path; `undefined` when that cannot be told, as for a
 * directory that is missing: it may be on a disk that is not mounted.
 */
export async function filesIn(
  directory: string,
): Promise<ReadonlyMap<FileIdentity, string> | undefined> {
  try {
    const paths = new Map<FileIdentity, string>();
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const status = await statusOf(path);
      if (status?.isFile) paths.set(status.identity, path);
    }
    return paths;
  } catch {
    return undefined;
  }
}

/** Which of several data sources that read files a captured file is for. */
import { resolve } from 'node:path';
import type { PlannedSource } from '@dcr-agent/schema';
import { matchesPattern, matchesWildcard } from '../sources/log-files/wildcard.ts';
import { firewallPaths } from '../sources/w3c-files.ts';

/**
 * A single one takes every file. Of several, those whose patterns name the path or, as a captured
 * file lies elsewhere, its name; none where that does not tell.
 */
export function routeFile(
  sources: readonly PlannedSource[],
  path: string,
): readonly PlannedSource[] {
  if (sources.length <= 1) return sources;
  const byPath = sources.filter((source) => namesPath(source, resolve(path)));
  return byPath.length > 0 ? byPath : sources.filter((source) => namesFile(source, nameOf(path)));
}

function namesPath(source: PlannedSource, path: string): boolean {
  switch (source.kind) {
    case 'logFiles':
      return source.patterns.some((pattern) => matchesPattern(pattern, path));
    case 'iisLogs':
      return source.directories.some((directory) => path.startsWith(`${resolve(directory)}/`));
    case 'windowsFirewallLogs':
      return firewallPaths([path], source.profiles).length > 0;
    default:
      return true;
  }
}

function namesFile(source: PlannedSource, name: string): boolean {
  if (source.kind !== 'logFiles') return false;
  return source.patterns.some((pattern) => matchesWildcard(nameOf(pattern), name));
}

/** The last segment of a path of either system. */
function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

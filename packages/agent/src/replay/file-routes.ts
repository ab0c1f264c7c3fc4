/** Which of several data sources that read files a captured file is for. */
import { resolve } from 'node:path';
import type { PlannedSource } from '@dcr-agent/schema';
import { matchesPattern, matchesWildcard } from '../sources/log-files/wildcard.ts';
import { firewallPaths } from '../sources/w3c-files.ts';
import type { GroupSources } from './record-group.ts';

/**
 * A single one takes every file. Of several, those whose patterns name the path or, as a captured
 * file lies elsewhere, its name; `undefined` where that does not tell. Of two versions of rules it
 * is decided in one way: where patterns decide for one, they decide for the other.
 */
export function routeInVersions(sources: GroupSources, path: string): GroupSources | undefined {
  const { now, old } = sources;
  if (now.length <= 1 && old.length <= 1) return sources;
  const named = namedSources(sources, path);
  return named.now.length + named.old.length === 0 ? undefined : named;
}

/**
 * What is to be told of a file that is given to the only data source of both versions, whose
 * patterns differ; `null`: nothing.
 */
export function patternsNote(
  { now: [now, ...moreNow], old: [old, ...moreOld] }: GroupSources,
  path: string,
  versions: { readonly now: string; readonly old: string },
): string | null {
  if (now === undefined || old === undefined || moreNow.length + moreOld.length > 0) return null;
  if (placesText(now) === placesText(old)) return null;
  const named = namedSources({ now: [now], old: [old] }, path);
  const [isNow, isOld] = [named.now.length > 0, named.old.length > 0];
  if (isNow && isOld) return null;
  const by = isNow ? `${versions.now} only` : isOld ? `${versions.old} only` : 'neither version';
  const both = 'both were given it, though where they look for files differs';
  return `${path}: the file is named by the patterns of ${by}; ${both}`;
}

/** Those that name the path or, where none of either version does, the file. */
function namedSources({ now, old }: GroupSources, path: string): GroupSources {
  const isPath = (source: PlannedSource): boolean => namesPath(source, resolve(path));
  const byPath = { now: now.filter(isPath), old: old.filter(isPath) };
  if (byPath.now.length + byPath.old.length > 0) return byPath;
  const isFile = (source: PlannedSource): boolean => namesFile(source, nameOf(path));
  return { now: now.filter(isFile), old: old.filter(isFile) };
}

function placesText(source: PlannedSource): string {
  switch (source.kind) {
    case 'logFiles':
      return JSON.stringify([...source.patterns].sort());
    case 'iisLogs':
      return JSON.stringify([...source.directories].sort());
    case 'windowsFirewallLogs':
      return JSON.stringify([...source.profiles].sort());
    default:
      return '';
  }
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

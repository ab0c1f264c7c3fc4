/** Files that two data sources both read. */
import type { IisLogsDataSource, LogFilesDataSource } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { commonPath, type FilePattern, isOneInOther, readFilePattern } from './file-pattern.ts';
import type { Meeting } from './overlap.ts';
import { hasWildcard, haveOtherEnds } from './wildcards.ts';
import type { WorkLimit } from './work-limit.ts';

/** Source: IIS, "Configure Logging": `%SystemDrive%\\inetpub\\logs\\LogFiles`. */
const IIS_DIRECTORY = 'C:\\inetpub\\logs\\LogFiles';
/** A site logs to a folder with its number; one log for all sites lies beside these. */
const IIS_FILES: readonly (readonly string[])[] = [['*.log'], ['W3SVC*', '*.log']];

interface Entry {
  readonly index: number | null;
  readonly pattern: FilePattern;
}

export function logFileMeetings(
  a: LogFilesDataSource,
  b: LogFilesDataSource,
  limit: WorkLimit,
): Meeting[] {
  return meetings(entriesOf(a.filePatterns), entriesOf(b.filePatterns), limit);
}

/** A directory stands for the files that are looked for in it. */
export function iisLogMeetings(
  a: IisLogsDataSource,
  b: IisLogsDataSource,
  limit: WorkLimit,
): Meeting[] {
  return meetings(iisEntries(a), iisEntries(b), limit);
}

/** One for each pair of entries. */
function meetings(a: readonly Entry[], b: readonly Entry[], limit: WorkLimit): Meeting[] {
  const found = new Map<string, Meeting>();
  for (const first of a) {
    for (const second of b) {
      const key = `${first.index} ${second.index}`;
      if (found.get(key)?.doubt === null) continue;
      if (!limit.take(costOf(first, second))) return [...found.values()];
      const path = commonPath(first.pattern, second.pattern);
      if (path === null) continue;
      const isCertain = isOneInOther(first.pattern, second.pattern);
      if (found.has(key) && !isCertain) continue;
      const doubt = isCertain ? null : 'whether such a file exists is not known';
      found.set(key, { entries: [first.index, second.index], witness: path, doubt });
    }
  }
  return [...found.values()];
}

/** Most pairs are told apart by a name without wildcards; the others are compared. */
function costOf({ pattern: a }: Entry, { pattern: b }: Entry): number {
  if (a.root !== b.root || a.names.length !== b.names.length) return 1;
  const pairs = a.names.map((name, i) => [name, b.names[i] ?? ''] as const);
  const open = pairs.filter(([x, y]) => hasWildcard(x) || hasWildcard(y));
  const written = pairs.filter(([x, y]) => !hasWildcard(x) && !hasWildcard(y));
  if (written.some(([x, y]) => x.toLowerCase() !== y.toLowerCase())) return 1;
  if (open.some(([x, y]) => haveOtherEnds(x.toLowerCase(), y.toLowerCase()))) return 1;
  return open.reduce((sum, [x, y]) => sum + Math.ceil((x.length * y.length) / 2), 1);
}

function entriesOf(patterns: readonly string[]): Entry[] {
  return patterns.flatMap((text, index) => {
    const pattern = isExpression(text) ? null : readFilePattern(text);
    return pattern === null ? [] : [{ index, pattern }];
  });
}

function iisEntries({ logDirectories }: IisLogsDataSource): Entry[] {
  const directories =
    logDirectories.length > 0
      ? entriesOf(logDirectories)
      : [{ index: null, pattern: readFilePattern(IIS_DIRECTORY) }];
  return directories.flatMap(({ index, pattern }) => {
    if (pattern === null) return [];
    return IIS_FILES.map((files) => {
      return { index, pattern: { ...pattern, names: [...pattern.names, ...files] } };
    });
  });
}

/**
 * Patterns of log files, as agents read them: absolute paths with `*` and `?` in any name. What
 * lies on Windows has a drive or a share in front; its names compare ignoring letter case there,
 * but a name with wildcards is compared as it is written.
 */
import { commonName, covers, hasWildcard } from './wildcards.ts';

export interface FilePattern {
  readonly isWindows: boolean;
  /** `/`, or the drive or share in lower case. */
  readonly root: string;
  readonly names: readonly string[];
}

/** `null` for what is not absolute, and for paths that lead upwards. */
export function readFilePattern(text: string): FilePattern | null {
  const windows = /^(?:[a-z]:(?=[\\/])|\\\\[^\\/]+\\[^\\/]+)/i.exec(text);
  const root = windows?.[0] ?? (text.startsWith('/') ? '/' : null);
  if (root === null) return null;
  const isWindows = windows !== null;
  const names = text
    .slice(root.length)
    .split(isWindows ? /[\\/]/ : '/')
    .filter((name) => name !== '' && name !== '.');
  if (names.length === 0 || names.includes('..')) return null;
  return { isWindows, root: isWindows ? root.toLowerCase() : root, names };
}

/** A path that both match; `null` when there is none. */
export function commonPath(a: FilePattern, b: FilePattern): string | null {
  if (a.isWindows !== b.isWindows || a.root !== b.root) return null;
  if (a.names.length !== b.names.length) return null;
  const names: string[] = [];
  for (const [i, name] of a.names.entries()) {
    const common = commonNameOn(a.isWindows, name, b.names[i] ?? '');
    if (common === null) return null;
    names.push(common);
  }
  if (!a.isWindows) return `/${names.join('/')}`;
  const root = a.root.startsWith('\\\\') ? a.root : a.root.toUpperCase();
  return [root, ...names].join('\\');
}

/** Does one of two patterns name every file that the other names? False where it is not clear. */
export function isOneInOther(a: FilePattern, b: FilePattern): boolean {
  return coversAll(a, b) || coversAll(b, a);
}

function coversAll(a: FilePattern, b: FilePattern): boolean {
  return a.names.every((name, i) => {
    const other = b.names[i] ?? '';
    // Names that are written out have something in common only when they name the same file.
    const isWritten = a.isWindows && !hasWildcard(other);
    return isWritten || covers(name, other);
  });
}

function commonNameOn(isWindows: boolean, a: string, b: string): string | null {
  if (!isWindows || (hasWildcard(a) && hasWildcard(b))) return commonName(a, b);
  const [written, other] = hasWildcard(a) ? [b, a] : [a, b];
  const common = commonName(lower(written), lower(other));
  return common === null ? null : written;
}

/** Letter by letter, so that no name becomes longer. */
function lower(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The arguments of a command that reads event logs → the files to read. */
import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../errors.ts';

export interface InputFile {
  /** As it is named in results. */
  readonly name: string;
  /** `stream`: standard input, or a pipe, which can be read once and only forward. */
  readonly kind: 'file' | 'stream';
  readonly size: number;
}

export interface InputFiles {
  readonly files: readonly InputFile[];
  readonly errors: readonly string[];
}

const STANDARD_INPUT = '-';

/** Folders stand for the logs below them, `.evtx` and `.xml`, in the order of their names. */
export function findInputFiles(paths: readonly string[]): InputFiles {
  const errors: string[] = [];
  const files = paths.flatMap((path): InputFile[] => {
    if (path === STANDARD_INPUT) return [{ name: path, kind: 'stream', size: 0 }];
    try {
      const stats = statSync(path);
      if (!stats.isDirectory()) return [inputFile(path, stats)];
      const found = logsBelow(path);
      if (found.length === 0) errors.push(`${path}: there is no .evtx or .xml file in this folder`);
      return found;
    } catch (error) {
      errors.push(`${path}: ${reasonOf(error)}`);
      return [];
    }
  });
  return { files, errors };
}

function logsBelow(folder: string): InputFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => /\.(?:evtx|xml)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats?.isFile() === true ? [inputFile(path, stats)] : [];
    });
}

function inputFile(path: string, stats: Stats): InputFile {
  return { name: path, kind: stats.isFile() ? 'file' : 'stream', size: stats.size };
}

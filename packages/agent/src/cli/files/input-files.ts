/** The arguments of a command that reads files → the files to read. */
import { fstatSync, type Stats, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { reasonOf } from '../../errors.ts';
import { walkFolder } from './walk-folder.ts';

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
const STANDARD_INPUT_DESCRIPTOR = 0;
/** Which files of a folder are meant when the folder is named. */
export interface WantedFiles {
  readonly name: RegExp;
  /** For messages: `.evtx or .xml`. */
  readonly what: string;
  /** Names of folders that are not looked into. */
  readonly notBelow?: RegExp;
}

export const EVENT_LOGS: WantedFiles = { name: /\.(?:evtx|xml)$/i, what: '.evtx or .xml' };

/** Folders stand for what is wanted below them, in the order of the names. */
export function findInputFiles(paths: readonly string[], wanted: WantedFiles): InputFiles {
  const files: InputFile[] = [];
  const errors: string[] = [];
  const refuse = (path: string, reason: string): void => {
    errors.push(`${path}: ${reason}`);
  };
  for (const path of paths) {
    if (path === STANDARD_INPUT) {
      const reason = refuseStandardInput();
      if (reason === null) files.push({ name: path, kind: 'stream', size: 0 });
      else refuse('standard input', reason);
      continue;
    }
    try {
      const stats = statSync(path);
      if (!stats.isDirectory()) files.push(inputFile(path, stats));
      else addFilesBelow(path, wanted, files, refuse);
    } catch (error) {
      refuse(path, reasonOf(error));
    }
  }
  return { files, errors };
}

/** Why there is nothing to read; Node puts the null device in the place of a closed input. */
function refuseStandardInput(): string | null {
  try {
    const stats = fstatSync(STANDARD_INPUT_DESCRIPTOR);
    if (stats.isDirectory()) return 'it is a folder; give its name instead';
    const isClosed = stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev;
    return isClosed ? `it is closed, or ${devNull}` : null;
  } catch (error) {
    return reasonOf(error);
  }
}

function addFilesBelow(
  folder: string,
  wanted: WantedFiles,
  files: InputFile[],
  refuse: (path: string, reason: string) => void,
): void {
  let isAnyFound = false;
  walkFolder(folder, {
    isWanted: (name) => wanted.name.test(name),
    isPassedOver: (name) => wanted.notBelow?.test(name) === true,
    found(path, stats) {
      isAnyFound = true;
      files.push(inputFile(path, stats));
    },
    refused(path, reason) {
      isAnyFound = true;
      refuse(path, reason);
    },
  });
  if (!isAnyFound) refuse(folder, `there is no ${wanted.what} file in this folder`);
}

function inputFile(path: string, stats: Stats): InputFile {
  return { name: path, kind: stats.isFile() ? 'file' : 'stream', size: stats.size };
}

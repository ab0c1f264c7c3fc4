/**
 * The files below a folder. Links to files count as files; links to folders are not followed, as
 * they may lead back up. What cannot be read costs itself only.
 */
import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../errors.ts';

export interface FolderVisitor {
  isWanted(fileName: string): boolean;
  /** Is a folder of this name not looked into? */
  isPassedOver(folderName: string): boolean;
  /** In the order of the paths. */
  found(path: string, stats: Stats): void;
  /** A folder that cannot be read, a wanted file that is not there, a name that is no text. */
  refused(path: string, reason: string): void;
}

/** Throws only what the visitor throws. */
export function walkFolder(folder: string, visitor: FolderVisitor): void {
  const paths: string[] = [];
  gather(folder, visitor, paths);
  for (const path of paths.sort()) {
    try {
      const stats = statSync(path);
      if (stats.isFile()) visitor.found(path, stats);
    } catch (error) {
      visitor.refused(path, reasonOf(error));
    }
  }
}

function gather(folder: string, visitor: FolderVisitor, paths: string[]): void {
  for (const entry of entriesOf(folder, visitor)) {
    const name = isUtf8(entry.name) ? entry.name.toString() : null;
    if (!entry.isDirectory() && !visitor.isWanted(name ?? withEscapes(entry.name))) continue;
    if (entry.isDirectory() && name !== null && visitor.isPassedOver(name)) continue;
    const path = join(folder, name ?? withEscapes(entry.name));
    if (name === null) visitor.refused(path, 'the name is not UTF-8; rename it');
    else if (entry.isDirectory()) gather(path, visitor, paths);
    else paths.push(path);
  }
}

/** Names as they are stored, as not all of them are texts. */
function entriesOf(folder: string, visitor: FolderVisitor): readonly Dirent<Buffer>[] {
  try {
    return readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    visitor.refused(folder, reasonOf(error));
    return [];
  }
}

/** Each byte that is not ASCII as `\\xff`. */
function withEscapes(name: Buffer): string {
  return name
    .toString('latin1')
    .replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

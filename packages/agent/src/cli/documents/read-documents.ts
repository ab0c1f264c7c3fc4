/** Files of rules, templates and policies → what is in them. */
import { realpathSync } from 'node:fs';
import { type OpenedDocument, type OpenOptions, openDocument } from '@dcr-agent/schema/documents';
import { reasonOf } from '../../errors.ts';
import { findInputFiles, type InputFile, type WantedFiles } from '../files/input-files.ts';
import { decodeText } from './decode-text.ts';
import { readWhole } from './read-whole.ts';

export interface ReadDocument {
  /** As it is named in results. */
  readonly file: string;
  /** Named by the user, not found in a folder: there must be a rule in it. */
  readonly isNamed: boolean;
  readonly document: OpenedDocument;
}

export interface ReadDocuments {
  readonly documents: readonly ReadDocument[];
  /** What could not be read, one sentence each. */
  readonly errors: readonly string[];
}

/** What package managers and version control keep is not the author's. */
const DOCUMENTS: WantedFiles = {
  name: /\.jsonc?$/i,
  what: '.json',
  notBelow: /^(\.git|node_modules)$/,
};

/** Each file once, however often it is named. Never throws: what cannot be read is told. */
export function readDocuments(paths: readonly string[], options: OpenOptions): ReadDocuments {
  const { files, errors: refused } = findInputFiles(paths, DOCUMENTS);
  const errors = [...refused];
  const once = new Map(files.map((file) => [realName(file), file]));
  const documents = [...once.values()].flatMap((file): ReadDocument[] => {
    const text = readText(file.name);
    if ('reason' in text) {
      errors.push(`${file.name}: ${text.reason}`);
      return [];
    }
    const isNamed = paths.includes(file.name);
    const name = file.name === '-' ? 'standard input' : file.name;
    return [{ file: name, isNamed, document: openDocument(text.text, options) }];
  });
  return { documents, errors };
}

function readText(name: string): { text: string } | { reason: string } {
  try {
    return decodeText(readWhole(name));
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** The same file by another name; standard input and what cannot be looked at is no other. */
function realName({ name }: InputFile): string {
  try {
    return realpathSync(name);
  } catch {
    return name;
  }
}

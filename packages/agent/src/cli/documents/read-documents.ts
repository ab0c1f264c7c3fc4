/** Files of rules, templates and policies → what is in them. */
import { readFileSync } from 'node:fs';
import { type OpenedDocument, type OpenOptions, openDocument } from '@dcr-agent/schema/documents';
import { reasonOf } from '../../errors.ts';
import { findInputFiles, type InputFile, type WantedFiles } from '../files/input-files.ts';
import { decodeText } from './decode-text.ts';

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

const DOCUMENTS: WantedFiles = { name: /\.jsonc?$/i, what: '.json' };
/** The largest templates of solutions have some megabytes. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const STANDARD_INPUT = 0;

export function readDocuments(paths: readonly string[], options: OpenOptions): ReadDocuments {
  const { files, errors: refused } = findInputFiles(paths, DOCUMENTS);
  const errors = [...refused];
  const documents = files.flatMap((file): ReadDocument[] => {
    const text = readText(file);
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

function readText({ name, size }: InputFile): { text: string } | { reason: string } {
  if (size > FILE_BYTES_MAX) return { reason: `it has ${size} bytes, at most 64 MB are read` };
  try {
    return decodeText(readFileSync(name === '-' ? STANDARD_INPUT : name));
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

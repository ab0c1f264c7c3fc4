/** Reads, checks, prints. */
import { printable } from '../../host/printable.ts';
import { complain, printJson, printLines } from '../books/print.ts';
import { readDocuments } from '../documents/read-documents.ts';
import { readParameters } from '../documents/read-parameters.ts';
import { EXIT } from '../exit-codes.ts';
import { reportLines } from './report-lines.ts';
import { type Target, type Validation, validate } from './validation.ts';

export interface ValidateOptions {
  readonly parameters: readonly string[];
  readonly target?: Target;
  readonly sameMachine?: true;
  readonly denyWarnings?: true;
  readonly json?: true;
}

/** Returns the exit code. */
export function validateFiles(paths: readonly string[], options: ValidateOptions): number {
  const { parameters, errors: badParameters } = readParameters(options.parameters);
  const { documents, errors } = readDocuments(paths, { parameters });
  const validation = validate(documents, [...badParameters, ...errors], {
    ...(options.target !== undefined && { target: options.target }),
    isOneMachine: options.sameMachine === true,
  });
  if (options.json === true) printJson(validation);
  else printLines(reportLines(validation));
  for (const each of validation.unread) complain(printable(each));
  return exitCode(validation, options.denyWarnings === true);
}

/** What is wrong comes before what is not there. */
function exitCode({ summary, files, unread }: Validation, deniesWarnings: boolean): number {
  if (summary.errors > 0 || (deniesWarnings && summary.warnings > 0)) return EXIT.findings;
  const isMissing = files.some((f) => f.isNamed && f.rules.length === 0);
  return isMissing || unread.length > 0 || summary.rules === 0 ? EXIT.noInput : EXIT.ok;
}

/** What is found in documents, as data: the form of `dcr-agent validate --json`. */
import type { Diagnostic, FoundRule, UnknownText } from '@dcr-agent/schema/documents';
import type { ReadDocument } from '../documents/read-documents.ts';
import { handlerFindings } from './handler-findings.ts';
import { findOverlapFindings } from './overlap-findings.ts';

export type Target = 'azure' | 'handler';

export interface ValidateSettings {
  readonly target?: Target;
  /** The rules of all files are for one machine. */
  readonly isOneMachine: boolean;
}

export interface FileFinding extends Diagnostic {
  readonly file: string;
}

export interface ValidatedRule {
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  readonly name?: string;
  readonly kind?: string;
  readonly apiVersion?: string;
  /** False: a template deploys it with other parameters only. */
  readonly isDeployed: boolean;
}

export interface ValidatedFile {
  readonly file: string;
  /** Named by the user, not found in a folder. */
  readonly isNamed: boolean;
  /** What kind of document it is: `rule`, `template`, `policy`, `list` … */
  readonly form: string;
  readonly rules: readonly ValidatedRule[];
  /** Values that only a deployment knows. */
  readonly unknowns: readonly UnknownText[];
  /** Why there is no rule, where none is. */
  readonly noRule?: string;
}

export interface Validation {
  readonly files: readonly ValidatedFile[];
  /** By file, in the order of its text. */
  readonly findings: readonly FileFinding[];
  /** What could not be read, one sentence each. */
  readonly unread: readonly string[];
  /** False: what is collected twice was too much to look at, so there may be more of it. */
  readonly isComplete: boolean;
  readonly summary: {
    readonly files: number;
    readonly rules: number;
    readonly errors: number;
    readonly warnings: number;
    readonly unknowns: number;
  };
}

export function validate(
  documents: readonly ReadDocument[],
  unread: readonly string[],
  settings: ValidateSettings,
): Validation {
  const files = documents.map(validatedFile);
  const overlaps = findOverlapFindings(documents, settings);
  const across = [
    ...overlaps.findings,
    ...(settings.target === 'handler' ? handlerFindings(documents) : []),
  ];
  const findings = documents.flatMap(({ file, document }) => {
    const own = [...document.diagnostics, ...document.rules.flatMap((r) => r.diagnostics)];
    return inOrder([
      ...own.map((diagnostic) => ({ file, ...diagnostic })),
      ...across.filter((finding) => finding.file === file),
    ]);
  });
  const errors = findings.filter((f) => f.severity === 'error').length;
  return {
    files,
    findings,
    unread,
    isComplete: overlaps.isComplete,
    summary: {
      files: files.length,
      rules: files.reduce((n, f) => n + f.rules.length, 0),
      errors,
      warnings: findings.length - errors,
      unknowns: files.reduce((n, f) => n + f.unknowns.length, 0),
    },
  };
}

function validatedFile({ file, isNamed, document }: ReadDocument): ValidatedFile {
  const { form, rules, unknowns, noRule } = document;
  return {
    ...{ file, isNamed, form },
    rules: rules.map(validatedRule),
    unknowns,
    ...(noRule !== undefined && { noRule }),
  };
}

function validatedRule({ place, apiVersion, rule, isDeployed }: FoundRule): ValidatedRule {
  return {
    pointer: place.pointer,
    line: place.position.line,
    column: place.position.column,
    isDeployed,
    ...(rule?.name !== undefined && { name: rule.name }),
    ...(rule?.kind !== undefined && { kind: rule.kind }),
    ...(apiVersion !== undefined && { apiVersion }),
  };
}

/** A loop deploys a text several times; what is wrong with it is told once. */
function inOrder(findings: readonly FileFinding[]): readonly FileFinding[] {
  const once = new Map<string, FileFinding>();
  for (const finding of findings) {
    const { code, position, pointer, message } = finding;
    const key = [code, position?.offset, pointer, message].join(' ');
    if (!once.has(key)) once.set(key, finding);
  }
  return [...once.values()].toSorted((a, b) => offsetOf(a) - offsetOf(b));
}

function offsetOf({ position }: FileFinding): number {
  return position?.offset ?? 0;
}

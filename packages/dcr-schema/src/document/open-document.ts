/** The text of a file → the rules that are in it, each checked, with everything found. */
import type { Diagnostic, Position } from '../diagnostic.ts';
import { type DocumentForm, documentForm } from '../rule/document-form.ts';
import { Findings } from '../rule/findings.ts';
import { readRule } from '../rule/read-rule.ts';
import { refuseDocument } from '../rule/refuse-document.ts';
import type { Json, Rule } from '../rule/rule.ts';
import { LineIndex } from '../rule/text/line-index.ts';
import { type JsonTextOptions, parseJsonText } from '../rule/text/parse-json-text.ts';
import { CODES_OF_DOCUMENTS } from './catalogue.ts';
import { checkLocation } from './check-location.ts';
import { checkTransforms } from './check-transforms.ts';
import { findRules, type RuleCandidate } from './find-rules.ts';

export interface OpenOptions {
  /** Values of the parameters of templates and policies; they win over default values. */
  readonly parameters?: ReadonlyMap<string, Json>;
  /** The most diagnostics of one rule, and of what is around the rules. Default 1000. */
  readonly diagnosticCountMax?: number;
}

export interface FoundRule {
  /** Where the rule stands in the file. */
  readonly place: WrittenPlace;
  /** Of its document: absent where that says none. */
  readonly apiVersion?: string;
  /**
   * Present when no error is about more than one event query. What only a deployment knows has the
   * expression that stands for it: `[parameters('workspace')]`.
   */
  readonly rule: Rule | undefined;
  /** False: a template deploys it with other parameters only. It is checked all the same. */
  readonly isDeployed: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Where a value is written that has this pointer in a resource with published names. */
  placeOf(pointer: string): WrittenPlace;
}

export interface WrittenPlace {
  readonly pointer: string;
  readonly position: Position;
}

/** A value that only a deployment knows; checks that depend on it are not made. */
export interface UnknownText extends WrittenPlace {
  readonly expression: string;
  /** Why it is not known. */
  readonly reason: string;
}

export interface OpenedDocument {
  /** `unreadable`: the text is not JSON. */
  readonly form: DocumentForm | 'unreadable';
  /** In the order in which they are deployed. */
  readonly rules: readonly FoundRule[];
  /** What is wrong around the rules: syntax, template expressions, associations. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unknowns: readonly UnknownText[];
  /** Why there is no rule, where none is; a plain sentence. */
  readonly noRule?: string;
}

/** The largest templates of solutions have a few hundred thousand. */
const TEXT_OPTIONS: JsonTextOptions = { valueCountMax: 3_000_000, mayBeRaw: true };

/** Never throws, whatever the text holds. */
export function openDocument(text: string, options: OpenOptions = {}): OpenedDocument {
  const lines = new LineIndex(text);
  const findings = new Findings(lines, CODES_OF_DOCUMENTS);
  const most = options.diagnosticCountMax ?? 1000;
  const root = parseJsonText(text, lines, findings, TEXT_OPTIONS);
  if (root === undefined) {
    const diagnostics = findings.diagnostics(most);
    return { form: 'unreadable', rules: [], diagnostics, unknowns: [] };
  }
  const found = findRules(root, findings, options.parameters);
  const rules = found.candidates.map((candidate) => checkCandidate(candidate, lines, most));
  const refusal = refuseDocument(root);
  return {
    form: documentForm(root),
    rules,
    diagnostics: findings.diagnostics(most),
    unknowns: found.unknowns.map(({ offset, ...unknown }) => ({
      ...unknown,
      position: lines.position(offset),
    })),
    ...(rules.length === 0 && { noRule: refusal?.message ?? 'no rule is in it' }),
  };
}

function checkCandidate(candidate: RuleCandidate, lines: LineIndex, most: number): FoundRule {
  const { node, apiVersion, isDeployed } = candidate;
  const findings = new Findings(lines, CODES_OF_DOCUMENTS);
  const { document, rule } = readRule(node, findings, [checkLocation, checkTransforms]);
  const written = ({ pointer, offset }: { pointer: string; offset: number }): WrittenPlace => ({
    pointer,
    position: lines.position(offset),
  });
  const own = written({ pointer: node.pointer ?? '', offset: node.offset });
  return {
    place: own,
    ...(apiVersion !== undefined && { apiVersion }),
    rule,
    isDeployed,
    diagnostics: findings.diagnostics(most),
    placeOf: (pointer) => (document === undefined ? own : written(document.place(pointer))),
  };
}

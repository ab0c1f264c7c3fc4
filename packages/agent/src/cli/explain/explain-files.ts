/** Reads, explains, prints. */
import { formatDiagnostic, hasErrors } from '@dcr-agent/schema';
import { type Explanation, explainRule } from '@dcr-agent/schema/documents';
import { printable } from '../../host/printable.ts';
import { complain, printJson, printLines } from '../books/print.ts';
import { type ReadDocument, readDocuments } from '../documents/read-documents.ts';
import { readParameters } from '../documents/read-parameters.ts';
import { EXIT } from '../exit-codes.ts';
import { explanationMermaid } from './mermaid.ts';
import { explanationLines } from './text.ts';

export interface ExplainOptions {
  readonly parameters: readonly string[];
  readonly json?: true;
  readonly mermaid?: true;
}

/** A rule as it was found, for `--json`. */
interface ExplainedRule extends Explanation {
  readonly file: string;
  readonly pointer: string;
  /** False: a template deploys it with other parameters only. */
  readonly isDeployed: boolean;
}

/** Returns the exit code. */
export function explainFiles(paths: readonly string[], options: ExplainOptions): number {
  const { parameters, errors: badParameters } = readParameters(options.parameters);
  const { documents, errors } = readDocuments(paths, { parameters });
  const unread = [...badParameters, ...errors];
  for (const each of unread) complain(printable(each));
  const explained = documents.flatMap(explainedRules);
  if (options.json === true) printJson({ rules: explained });
  else if (options.mermaid === true) printLines([explanationMermaid(explained)]);
  else printLines(explained.flatMap(ruleLines));
  const isRefused = documents.map(tellRefused).some(Boolean);
  const isMissing = documents.some((d) => d.isNamed && d.document.rules.length === 0);
  if (isRefused) return EXIT.findings;
  return isMissing || unread.length > 0 || explained.length === 0 ? EXIT.noInput : EXIT.ok;
}

function explainedRules({ file, document }: ReadDocument): readonly ExplainedRule[] {
  return document.rules.flatMap(({ rule, place: { pointer }, isDeployed }) =>
    rule === undefined ? [] : [{ file, pointer, isDeployed, ...explainRule(rule) }],
  );
}

function ruleLines(rule: ExplainedRule, index: number): readonly string[] {
  const { file, pointer, isDeployed } = rule;
  const place = printable(pointer === '' ? file : `${file}, ${pointer}`);
  const note = isDeployed ? '' : ' (deployed with other parameters only)';
  return [...(index === 0 ? [] : ['']), `${place}${note}`, ...explanationLines(rule)];
}

/** Tells what kept rules from being explained; returns whether anything did. */
function tellRefused({ file, document }: ReadDocument): boolean {
  const refused = document.rules.filter((r) => r.rule === undefined);
  const around = document.form === 'unreadable' ? document.diagnostics : [];
  const findings = [...around, ...refused.flatMap((r) => r.diagnostics)];
  for (const finding of findings) {
    if (finding.severity !== 'error') continue;
    process.stderr.write(`${printable(formatDiagnostic(finding, file))}\n`);
  }
  if (document.rules.length === 0 && document.noRule !== undefined) {
    complain(printable(`${file}: no rule: ${document.noRule}`));
  }
  return hasErrors(around) || refused.length > 0;
}

/** Findings as lines that editors and terminals link, and what they add up to. */
import { formatDiagnostic } from '@dcr-agent/schema';
import { printable } from '../../host/printable.ts';
import type { ValidatedFile, Validation } from './validation.ts';

export function reportLines({ findings, files, summary, isComplete }: Validation): string[] {
  const noRules = files.filter((f) => f.isNamed && f.rules.length === 0);
  return [
    ...findings.map(({ file, ...finding }) => printable(formatDiagnostic(finding, file))),
    ...noRules.map(noRuleLine),
    ...(isComplete ? [] : ['more may be collected twice: it was too much to look at']),
    `${counted(summary.files, 'file')}, ${counted(summary.rules, 'rule')}: ${totals(summary)}`,
  ];
}

function noRuleLine({ file, noRule }: ValidatedFile): string {
  return printable(`${file}: no rule: ${noRule ?? 'the text cannot be read'}`);
}

function totals({ errors, warnings, unknowns }: Validation['summary']): string {
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  const isKnown = unknowns === 0;
  return isKnown ? found : `${found}, ${counted(unknowns, 'value')} known when deployed`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

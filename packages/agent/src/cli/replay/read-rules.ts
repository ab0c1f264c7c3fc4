/** The rules of a replay from their files: rules, or documents that hold them. */
import { formatDiagnostic, type Rule } from '@dcr-agent/schema';
import {
  dataSourcePointers,
  type FoundRule,
  type OpenOptions,
  type UnknownText,
} from '@dcr-agent/schema/documents';
import type { ReplayedRule, UnknownList } from '../../replay/rule-plan.ts';
import { type ReadDocument, readDocuments } from '../documents/read-documents.ts';

export interface ReadRules {
  /** Of the files that hold some; a rule of which only a query is refused is among them. */
  readonly rules: readonly ReplayedRule[];
  /** What is wrong and what is doubtful, in lines. */
  readonly findings: readonly string[];
  readonly hasErrors: boolean;
  /** Files that cannot be read or hold no rule, in lines with the reason. */
  readonly unreadable: readonly string[];
}

/** What a template deploys with other parameters only is left out. */
export function readRules(files: readonly string[], options: OpenOptions = {}): ReadRules {
  if (files.length === 0) return { rules: [], findings: [], hasErrors: false, unreadable: [] };
  const { documents, errors } = readDocuments(files, options);
  const found = documents.flatMap(findingsOf);
  return {
    rules: documents.flatMap(rulesOf),
    findings: found.map(({ line }) => line),
    hasErrors: found.some(({ isError }) => isError),
    unreadable: [...errors, ...documents.flatMap(withoutRule)],
  };
}

function rulesOf({ file, document }: ReadDocument): readonly ReplayedRule[] {
  return document.rules.flatMap(({ rule, isDeployed, placeOf }) => {
    if (rule === undefined || !isDeployed) return [];
    const unknowns = unknownLists(rule, document.unknowns, placeOf);
    return [{ file, rule, ...(unknowns.length > 0 && { unknowns }) }];
  });
}

/** Members of data sources that tell which records they collect. */
const LISTS = ['xPathQueries', 'facilityNames', 'logLevels', 'filePatterns', 'logDirectories'];

/** Lists, and entries of lists, that only a deployment knows. */
function unknownLists(
  rule: Rule,
  unknowns: readonly UnknownText[],
  placeOf: FoundRule['placeOf'],
): UnknownList[] {
  if (unknowns.length === 0) return [];
  const byPointer = Map.groupBy(unknowns, ({ pointer }) => pointer);
  const byList = Map.groupBy(unknowns, ({ pointer }) => pointer.replace(/\/\d+$/, ''));
  const pointers = dataSourcePointers(rule);
  return rule.dataSources.flatMap(({ name }, i) => {
    return LISTS.flatMap((member) => {
      const { pointer } = placeOf(`${pointers[i]}/${member}`);
      const found = byPointer.get(pointer) ?? byList.get(pointer) ?? [];
      return found.map(({ expression }) => ({ dataSource: name, member, expression }));
    });
  });
}

function findingsOf({ file, document }: ReadDocument): { line: string; isError: boolean }[] {
  const { diagnostics, rules } = document;
  const all = [...diagnostics, ...rules.filter((r) => r.isDeployed).flatMap((r) => r.diagnostics)];
  return all.map((diagnostic) => ({
    line: formatDiagnostic(diagnostic, file),
    isError: diagnostic.severity === 'error',
  }));
}

function withoutRule({ file, isNamed, document }: ReadDocument): string[] {
  const { rules, noRule } = document;
  return isNamed && rules.length === 0 && noRule !== undefined ? [`${file}: ${noRule}`] : [];
}

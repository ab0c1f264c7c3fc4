/**
 * What is collected twice: by one rule always, by several where they are for one machine. Rules of
 * one template may be for different ones.
 */
import {
  findDuplicateRuleNames,
  findOverlaps,
  notesForAzure,
  type Overlap,
  type RuleNote,
} from '@dcr-agent/schema/documents';
import type { ReadDocument } from '../documents/read-documents.ts';
import { type AttachedDocumentRule, attachedRules } from './attached-rules.ts';
import type { FileFinding, ValidateSettings } from './validation.ts';

export interface OverlapFindings {
  readonly findings: readonly FileFinding[];
  /** False: there were too many to look at, so there may be more. */
  readonly isComplete: boolean;
}

/** Pairs of which it is not sure that a record fulfils both are left out. */
export function findOverlapFindings(
  documents: readonly ReadDocument[],
  { isOneMachine, target }: ValidateSettings,
): OverlapFindings {
  const all = attachedRules(documents);
  const machines = isOneMachine ? [all] : all.map((rule) => [rule]);
  let isComplete = true;
  const findings = machines.flatMap((rules) => {
    const found = findOverlaps(rules, { nowMs: Date.now() });
    isComplete &&= found.isComplete;
    const notes = [
      ...(isOneMachine ? findDuplicateRuleNames(rules) : []),
      ...(target === 'azure' ? notesForAzure(rules) : []),
    ];
    return [
      ...found.overlaps.filter((o) => o.isCertain).map((o) => overlapFinding(o, rules)),
      ...notes.flatMap((note) => noteFindings(note, rules)),
    ];
  });
  return { findings, isComplete };
}

/** At the second of the two, which is the one to change. */
function overlapFinding(
  { code, severity, sides, message, hint }: Overlap,
  rules: readonly AttachedDocumentRule[],
): FileFinding {
  const [first, second] = sides;
  const { source } = rules[first.ruleIndex]!;
  const { position } = rules[first.ruleIndex]!.found.placeOf(first.pointer);
  const { source: file, found } = rules[second.ruleIndex]!;
  const other = `the other is at ${source}:${position.line}:${position.column}`;
  return {
    file,
    code,
    severity,
    ...found.placeOf(second.pointer),
    message,
    hint: `${hint}; ${other}`,
  };
}

function noteFindings(
  { code, severity, places, message, hint }: RuleNote,
  rules: readonly AttachedDocumentRule[],
): readonly FileFinding[] {
  return places.slice(-1).map(({ ruleIndex, pointer }) => {
    const { source: file, found } = rules[ruleIndex]!;
    return { file, code, severity, ...found.placeOf(pointer), message, hint };
  });
}

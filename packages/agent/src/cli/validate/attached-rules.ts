/** The rules of some documents as those of one machine. */
import type { AttachedRule, FoundRule } from '@dcr-agent/schema/documents';
import type { ReadDocument } from '../documents/read-documents.ts';

export interface AttachedDocumentRule extends AttachedRule {
  readonly found: FoundRule;
}

/** Those that are deployed and could be read; what is wrong with the others is told. */
export function attachedRules(documents: readonly ReadDocument[]): readonly AttachedDocumentRule[] {
  return documents.flatMap(({ file, document }) =>
    document.rules.flatMap((found) =>
      found.rule === undefined || !found.isDeployed
        ? []
        : [{ rule: found.rule, source: file, found }],
    ),
  );
}

import type { RuleParts } from '../read-parts.ts';
import type { RuleDocument } from '../rule-document.ts';
import { nameOf } from '../text/show.ts';

/** A stream declares a column once. Column names are case-sensitive. */
export function checkColumns({ declarations }: RuleParts, document: RuleDocument): void {
  for (const { stream, columns } of declarations) {
    const seen = new Set<string>();
    for (const { name } of columns) {
      if (seen.has(name.text)) {
        const message = `the stream ${nameOf(stream)} has the column ${nameOf(name.text)} already`;
        document.report('DCR_COLUMN_DUPLICATE', name.pointer, message, 'remove one of them');
      }
      seen.add(name.text);
    }
  }
}

/**
 * The event queries of a rule, told in the words of the query language. An agent refuses a query
 * by itself and runs the others, so a wrong query does not make the rule unreadable.
 */
import type { QueryDiagnostic } from '../../xpath/query-diagnostic.ts';
import { parseQueryEntry } from '../../xpath/query-entry.ts';
import type { RuleParts } from '../read-parts.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';

export function checkQueries(parts: RuleParts, document: RuleDocument): void {
  for (const { array, members, pointer } of parts.sources) {
    if (array !== 'windowsEventLogs' || !Array.isArray(members.xPathQueries)) continue;
    members.xPathQueries.forEach((entry: unknown, i) => {
      if (typeof entry !== 'string' || isExpression(entry)) return;
      const at = pointerTo(pointer, 'xPathQueries', i);
      for (const found of parseQueryEntry(entry).diagnostics) report(found, at, document);
    });
  }
}

function report(found: QueryDiagnostic, pointer: string, document: RuleDocument): void {
  const { code, message, hint, position } = found;
  document.reportInside(code, pointer, position.offset, message, hint);
}

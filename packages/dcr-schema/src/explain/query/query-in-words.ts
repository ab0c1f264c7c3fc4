/** An entry of `xPathQueries` as a sentence. */
import { isExpression } from '../../rule/template-expression.ts';
import { parseQueryEntry } from '../../xpath/query-entry.ts';
import { oneLine } from '../listed.ts';
import { clausesOf } from './clauses-of.ts';
import { mergeClauses } from './merge-clauses.ts';
import { sentenceOf } from './sentence.ts';

/**
 * Which events of which channel an entry selects: `Security: events with EventID 4624 or 4625`.
 * An entry that is refused is given as it is, with the reason, and so is one that holds a template
 * expression or placeholder. Never throws. Several lines where conditions are nested.
 */
export function queryInWords(entry: string): string {
  if (isExpression(entry)) return oneLine(entry);
  const { channel, query, diagnostics } = parseQueryEntry(entry);
  if (channel === null || query === null) {
    const error = diagnostics.find(({ severity }) => severity === 'error');
    return `${oneLine(entry)}: refused: ${oneLine(error?.message ?? '')}`;
  }
  const clause = mergeClauses(clausesOf(query.expression));
  return `${oneLine(channel)}: ${sentenceOf(clause)}`;
}

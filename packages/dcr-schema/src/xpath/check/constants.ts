/** Constants that do not fit where they are used, or that no value can fulfil. */
import type {
  Comparison,
  Condition,
  Constant,
  Expression,
  FunctionCall,
  Ordinal,
  Path,
} from '../ast.ts';
import type { Finding } from '../query-diagnostic.ts';
import { readMask } from '../value/bit-mask.ts';
import { readLiteral } from '../value/literal.ts';
import { readInstant } from '../value/time-text.ts';
import { allConditionsOf, pathOf } from './walk.ts';

export function checkConstants(query: Expression): Finding[] {
  return allConditionsOf(query).flatMap((condition) => [
    ...checkOrdinals(condition),
    ...(condition.kind === 'comparison' ? checkComparison(condition) : checkCall(condition)),
  ]);
}

function checkOrdinals(condition: Condition): Finding[] {
  const predicates = pathOf(condition)?.steps.flatMap((step) => step.predicates) ?? [];
  return predicates
    .filter((predicate): predicate is Ordinal => predicate.kind === 'ordinal')
    .filter((ordinal) => ordinal.position === 0)
    .map(({ offset }) => ({
      code: 'XPATH_NEVER_TRUE',
      offset,
      token: '0',
      message: 'no node has the position 0',
      hint: 'positions count from 1',
    }));
}

function checkComparison(comparison: Comparison): Finding[] {
  const { left, operator, right } = comparison;
  const findings = left.kind === 'path' ? checkWildcard(right) : checkCall(left);
  const isOrder = operator !== '=' && operator !== '!=';
  const literal = readLiteral(right);
  if (literal.isBare && literal.number === null) {
    findings.push({
      code: 'XPATH_NUMBER_OUT_OF_RANGE',
      offset: right.offset,
      token: right.text,
      message: `the number has ${right.text.length} digits; no value of an event has so many`,
      hint: 'values of events have at most 64 bits',
    });
  } else if (isOrder && literal.number === null && literal.time === null) {
    findings.push({
      code: 'XPATH_NEVER_TRUE',
      offset: right.offset,
      token: right.text,
      message: `'${right.text}' is neither a number nor a time: nothing is '${operator}' to it`,
      hint: "a time is written as '2025-06-02T18:00:00Z'",
    });
  }
  return findings;
}

function checkWildcard(constant: Constant): Finding[] {
  const { kind, text, offset } = constant;
  const hasWildcard = text.length > 1 && (text.startsWith('*') || text.endsWith('*'));
  if (kind !== 'literal' || !hasWildcard) return [];
  const message = `the '*' of '${text}' stands for itself: texts are compared as a whole`;
  const hint = 'there are no wildcards; filter in transformKql';
  return [{ code: 'XPATH_LITERAL_WILDCARD', offset, token: text, message, hint }];
}

function checkCall(condition: Path | FunctionCall): Finding[] {
  if (condition.kind === 'path') return [];
  return [...checkCase(condition), ...checkArgument(condition)];
}

function checkCase({ kind, name, offset }: FunctionCall): Finding[] {
  const isUsual = name === kind || (kind === 'band' && name === 'Band');
  if (isUsual) return [];
  const message = `Windows may not know the function under the name '${name}'`;
  return [{ code: 'XPATH_FUNCTION_CASE', offset, token: name, message, hint: `write '${kind}'` }];
}

function checkArgument(call: FunctionCall): Finding[] {
  if (call.kind === 'band' && readMask(call.mask.text) === null) {
    const { offset, text } = call.mask;
    const message = `the mask ${text} is not a whole number of 64 bits`;
    const hint = 'masks reach from -9223372036854775808 to 18446744073709551615';
    return [{ code: 'XPATH_NUMBER_OUT_OF_RANGE', offset, token: text, message, hint }];
  }
  if (call.kind !== 'timediff' || call.until === null) return [];
  if (readInstant(call.until.text) !== null) return [];
  const { offset, text } = call.until;
  const message = `'${text}' is not a time`;
  const hint = "write it as '2025-06-02T18:00:00Z', or as a count of 100 ns since 1601";
  return [{ code: 'XPATH_NOT_A_TIME', offset, token: text, message, hint }];
}

/**
 * The language of event queries alone. An entry of its own, so that a command that filters events
 * does not load what reads rules.
 */
export type { Diagnostic, Position, Severity } from './diagnostic.ts';
export type {
  Comparison,
  Expression,
  FunctionCall,
  Path,
  Predicate,
  Step,
} from './xpath/ast.ts';
export { XPATH_CODES, type XPathCode, type XPathCodeEntry } from './xpath/codes.ts';
export { inChannel } from './xpath/condition/in-channel.ts';
export type {
  PathCondition,
  QueryCondition,
  QueryStep,
  ValueComparison,
  ValueCondition,
} from './xpath/condition/query-condition.ts';
export {
  type CompileQueryOptions,
  compileConditionPredicate,
  compileEventQuery,
  type EventPredicate,
  queryCondition,
} from './xpath/element-tree/compile-event-query.ts';
export * from './xpath/event.ts';
export {
  type JoinedConditions,
  listConditions,
  type SingleCondition,
  type WrittenCondition,
} from './xpath/list-conditions.ts';
export {
  type EventQuery,
  type ParsedEventQuery,
  parseEventQuery,
} from './xpath/parse-event-query.ts';
export { type DecodedEntities, decodePastedEntities } from './xpath/pasted-entities.ts';
export type { QueryDiagnostic } from './xpath/query-diagnostic.ts';
export {
  type ParsedQueryEntry,
  parseQueryEntry,
  type QueryEntry,
  type SplitQueryEntry,
  splitQuery,
} from './xpath/query-entry.ts';
export type { BitMask } from './xpath/value/bit-mask.ts';
export { holds, orderOf, type StringCase } from './xpath/value/comparison.ts';
export { equalsIgnoringCase } from './xpath/value/ordinal-case.ts';
export { type Instant, readTime } from './xpath/value/time-text.ts';

/** The public face of the rule language. */

export * from './configuration/agent-configuration.ts';
export { channelProtocol } from './configuration/channel-choice.ts';
export { CONFIGURATION_CODES, type ConfigurationCode } from './configuration/codes.ts';
export { type ConfiguredRule, configureRule } from './configuration/configure-rule.ts';
export type { Resolution, ResolvedWorkspace } from './configuration/resolution.ts';
export * from './diagnostic.ts';
export { compilePlan } from './plan/compile-plan.ts';
export { diffPlan, type PlanDifference } from './plan/diff-plan.ts';
export * from './plan/plan.ts';
export { type CodeEntry, RULE_CODES, type RuleCode } from './rule/codes.ts';
export { didYouMean } from './rule/did-you-mean.ts';
export { type ParsedRule, type ParseRuleOptions, parseRule } from './rule/parse-rule.ts';
export * from './rule/rule.ts';
export * from './stream/known-streams.ts';
export type { TableSchema } from './stream/table.ts';
export { findTable, SERVICE_COLUMNS } from './stream/tables.ts';
export { XPATH_CODES, type XPathCode, type XPathCodeEntry } from './xpath/codes.ts';
export {
  type CompileQueryOptions,
  compileEventQuery,
  type EventPredicate,
} from './xpath/element-tree/compile-event-query.ts';
export * from './xpath/event.ts';
export {
  type EventQuery,
  type ParsedEventQuery,
  parseEventQuery,
} from './xpath/parse-event-query.ts';
export type { QueryDiagnostic } from './xpath/query-diagnostic.ts';
export {
  type ParsedQueryEntry,
  parseQueryEntry,
  type QueryEntry,
  type SplitQueryEntry,
  splitQuery,
} from './xpath/query-entry.ts';
export type { StringCase } from './xpath/value/comparison.ts';

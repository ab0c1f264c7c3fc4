/** The public face of the rule language. */

export * from './configuration/agent-configuration.ts';
export { channelProtocol } from './configuration/channel-choice.ts';
export { CONFIGURATION_CODES, type ConfigurationCode } from './configuration/codes.ts';
export { type ConfiguredRule, configureRule } from './configuration/configure-rule.ts';
export type { Resolution, ResolvedWorkspace } from './configuration/resolution.ts';
export * from './diagnostic.ts';
export * from './event-queries.ts';
export { compilePlan } from './plan/compile-plan.ts';
export { diffPlan, type PlanDifference } from './plan/diff-plan.ts';
export * from './plan/plan.ts';
export { type CodeEntry, RULE_CODES, type RuleCode } from './rule/codes.ts';
export { didYouMean } from './rule/did-you-mean.ts';
export { FIREWALL_PROFILES } from './rule/known-values.ts';
export { type ParsedRule, type ParseRuleOptions, parseRule } from './rule/parse-rule.ts';
export * from './rule/rule.ts';
export * from './streams.ts';

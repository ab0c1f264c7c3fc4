/** Documents that hold rules: what is in them, what is wrong with it, and what it comes to. */

export type { Diagnostic, Position } from './diagnostic.ts';
export * from './document/open-document.ts';
export { type ParsedJson, parseJson } from './document/parse-json.ts';
export { explainRule } from './explain/explain-rule.ts';
export type * from './explain/explanation.ts';
export type { AttachedRule } from './overlap/attached-rule.ts';
export { type FoundOverlaps, findOverlaps } from './overlap/find-overlaps.ts';
export type { Overlap } from './overlap/overlap.ts';
export { findDuplicateRuleNames, notesForAzure, type RuleNote } from './overlap/rule-notes.ts';
export { dataSourcePointers } from './rule/data-source-pointers.ts';
export { isObject } from './rule/read-values.ts';
export type { Json } from './rule/rule.ts';
export { isExpression } from './rule/template-expression.ts';
export { isTransformation } from './rule/transformation.ts';

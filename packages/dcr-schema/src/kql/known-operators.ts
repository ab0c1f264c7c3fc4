/**
 * Operators of transformations, of tables and of values. Source: "Supported KQL features in Azure
 * Monitor transformations", page of 2026-01-20; all others are those of Kusto.Language.
 */

/** What may stand behind a pipe. */
export const STAGE_OPERATORS = [
  'where',
  'extend',
  'project',
  'project-away',
  'project-rename',
  'parse',
] as const;
/** One of them. */
export type StageOperator = (typeof STAGE_OPERATORS)[number];

/** Whether transformations have the operator. */
export function isStageOperator(name: string): name is StageOperator {
  return (STAGE_OPERATORS as readonly string[]).includes(name);
}

const ONE_BY_ONE = 'a transformation sees one record at a time';
const AGGREGATE = `${ONE_BY_ONE}; aggregate in a query of the table or a summary rule`;
const ORDER = `${ONE_BY_ONE}; sort and limit in queries of the table`;
const COMBINE = `${ONE_BY_ONE}; look values up in a let map made with parse_json('…')`;
const EXPAND = 'one record gives at most one; take items by their place: value[0]';
const KEEP = 'list the columns with project';
const DROP = 'leave it out';

/** Tabular operators of Kusto that transformations do not have, with what to do instead. */
export const OTHER_STAGES: ReadonlyMap<string, string> = new Map([
  ...each('summarize make-series count reduce top-nested top-hitters facet', AGGREGATE),
  ...each('sort order top take limit sample sample-distinct distinct serialize', ORDER),
  ...each('join union lookup find search range externaldata partition fork', COMBINE),
  ...each('mv-expand mv-apply mvexpand mvapply', EXPAND),
  ...each('project-keep project-by-names', KEEP),
  ...each('project-reorder render as consume getschema assert-schema', DROP),
  ...each('evaluate invoke scan execute_and_cache macro-expand', `${ONE_BY_ONE}, by itself`),
  ...each('make-graph graph-match graph-shortest-paths graph-to-table', ONE_BY_ONE),
  ['filter', 'write where'],
  ['parse-where', 'write parse, then where isnotempty(column)'],
  ['parse-kv', 'write parse, or extract for each column'],
]);

/** Comparisons and their negations that the documentation lists. */
const STRING_COMPARISONS: ReadonlySet<string> = new Set([
  'contains',
  'contains_cs',
  'has',
  'has_cs',
  'startswith',
  'startswith_cs',
  'endswith',
  'endswith_cs',
  'in',
]);

/** Comparisons Kusto has besides. */
const OTHER_COMPARISONS: ReadonlyMap<string, string | undefined> = new Map([
  ['in~', 'write tolower(column) in (…)'],
  ['has_any', 'join several has with or'],
  ['has_all', 'join several has with and'],
  ['between', 'write column >= … and column <= …'],
  ['hasprefix', undefined],
  ['hasprefix_cs', undefined],
  ['hassuffix', undefined],
  ['hassuffix_cs', undefined],
  ['like', 'write matches regex'],
  ['likecs', 'write matches regex'],
  ['notlike', 'write not(… matches regex …)'],
  ['notlikecs', 'write not(… matches regex …)'],
  ['notcontains', 'write !contains'],
  ['containscs', 'write contains_cs'],
  ['notcontainscs', 'write !contains_cs'],
]);

const SYMBOL_COMPARISONS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '=~',
  '!~',
]);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);

/** Comparisons and logic make a boolean; those not documented are `unlisted`. */
export type OperatorKind = 'comparison' | 'unlisted' | 'logical' | 'arithmetic';

/** What stands between two values, or `undefined`; a negation such as `!has` is its operator. */
export function operatorKind(text: string): OperatorKind | undefined {
  if (text === 'and' || text === 'or') return 'logical';
  if (ARITHMETIC.has(text)) return 'arithmetic';
  if (SYMBOL_COMPARISONS.has(text) || text === 'matches') return 'comparison';
  const word = text.startsWith('!') ? text.slice(1) : text;
  if (STRING_COMPARISONS.has(word)) return 'comparison';
  return OTHER_COMPARISONS.has(word) || text === '<>' ? 'unlisted' : undefined;
}

/** What to write instead of a comparison that is not documented. */
export function insteadOf(comparison: string): string | undefined {
  if (comparison === '<>') return 'write !=';
  const word = comparison.startsWith('!') ? comparison.slice(1) : comparison;
  const hint = OTHER_COMPARISONS.get(word);
  return hint === undefined || word === comparison ? hint : `negate it: ${hint}`;
}

/** Words between values, to find what was meant. */
export function operatorWords(): string[] {
  return ['and', 'or', 'matches regex', ...STRING_COMPARISONS, ...OTHER_COMPARISONS.keys()];
}

function each(names: string, hint: string): [string, string][] {
  return names.split(' ').map((name) => [name, hint]);
}

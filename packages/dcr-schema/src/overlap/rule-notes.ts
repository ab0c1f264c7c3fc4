/** What is to be said of the rules of one machine beside what they collect twice. */
import type { Rule } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { pointerTo } from '../rule/text/json-tree.ts';
import { listed, nameOf } from '../rule/text/show.ts';
import { type AttachedRule, shownRule } from './attached-rule.ts';
import { OVERLAP_CODES, type OverlapCode } from './codes.ts';

export interface RuleNote {
  readonly code: OverlapCode;
  readonly severity: 'warning';
  /** Into the list of rules that was given, with a place in each; in ascending order. */
  readonly places: readonly RulePlace[];
  readonly message: string;
  readonly hint: string;
}

export interface RulePlace {
  readonly ruleIndex: number;
  /** JSON pointer into the rule as a resource with members under their published names. */
  readonly pointer: string;
}

/** Source: Azure Monitor service limits, "rules associated with one resource". */
const RULES_PER_MACHINE_MAX = 30;

/**
 * One note for each name that several rules have, letter case aside. Rules that Azure keeps apart
 * by resource id, as those of two resource groups, may have one name.
 */
export function findDuplicateRuleNames(rules: readonly AttachedRule[]): RuleNote[] {
  const named = rules.flatMap(({ rule }, ruleIndex) => {
    const name = rule.name?.trim() ?? '';
    return name === '' || isExpression(name) ? [] : [{ rule, ruleIndex, name }];
  });
  const groups = Map.groupBy(named, ({ name }) => name.toLowerCase());
  return [...groups.values()].flatMap((group): RuleNote[] => {
    const [first] = group;
    if (first === undefined || group.length === 1 || areKeptApart(group)) return [];
    const sources = group.map(({ ruleIndex }) => shownRule(rules[ruleIndex]));
    const places = group.map(({ ruleIndex }) => ({ ruleIndex, pointer: '/name' }));
    const message = `${listed(sources, 'and')} have the same rule name, ${nameOf(first.name)}`;
    return [note('OVERLAP_RULE_NAME', places, message)];
  });
}

/** Has each its own resource id? */
function areKeptApart(group: readonly { readonly rule: Rule }[]): boolean {
  const ids = group.flatMap(({ rule }) => rule.id?.toLowerCase() ?? []);
  return new Set(ids).size === group.length;
}

/** What Azure would not take, though this agent does. */
export function notesForAzure(rules: readonly AttachedRule[]): RuleNote[] {
  return [
    ...rules.flatMap((attached, ruleIndex) => streamsOfManyWorkspaces(attached, ruleIndex)),
    ...tooManyRules(rules),
  ];
}

function tooManyRules(rules: readonly AttachedRule[]): RuleNote[] {
  if (rules.length <= RULES_PER_MACHINE_MAX) return [];
  const places = rules
    .map((_, ruleIndex) => ({ ruleIndex, pointer: '' }))
    .slice(RULES_PER_MACHINE_MAX);
  const message = `the machine has ${rules.length} rules, Azure allows ${RULES_PER_MACHINE_MAX}`;
  return [note('AZURE_RULES_PER_MACHINE', places, message)];
}

/** One note for each stream, where a data flow takes it to a second workspace. */
function streamsOfManyWorkspaces(attached: AttachedRule, ruleIndex: number): RuleNote[] {
  const { rule } = attached;
  const ofFiles = rule.dataSources.filter(({ kind }) => kind === 'logFiles');
  const streams = new Map(ofFiles.flatMap((s) => s.streams.map((x) => [x.toLowerCase(), x])));
  const workspaces = workspacesByName(rule);
  return [...streams].flatMap(([key, stream]): RuleNote[] => {
    const reached = new Set<string>();
    let second: string | undefined;
    for (const [i, { streams: taken, destinations }] of rule.dataFlows.entries()) {
      if (!taken.some((name) => name.toLowerCase() === key)) continue;
      for (const name of destinations) {
        const workspace = workspaces.get(name.toLowerCase());
        if (workspace !== undefined) reached.add(workspace);
      }
      if (reached.size > 1) second ??= pointerTo('/properties/dataFlows', i, 'destinations');
    }
    if (second === undefined) return [];
    const of = shownRule(attached);
    const message = `the stream ${nameOf(stream)} of ${of} is sent to ${reached.size} workspaces`;
    return [note('AZURE_STREAM_MANY_WORKSPACES', [{ ruleIndex, pointer: second }], message)];
  });
}

/** Without those that an expression names, which may be any. */
function workspacesByName({ destinations }: Rule): ReadonlyMap<string, string> {
  return new Map(
    destinations.flatMap((destination): [string, string][] => {
      if (destination.family !== 'logAnalytics') return [];
      const id = destination.workspaceResourceId.trim().replace(/\/$/, '').toLowerCase();
      return id === '' || isExpression(id) ? [] : [[destination.name.toLowerCase(), id]];
    }),
  );
}

function note(code: OverlapCode, places: readonly RulePlace[], message: string): RuleNote {
  return { code, severity: 'warning', places, message, hint: OVERLAP_CODES[code].hint };
}

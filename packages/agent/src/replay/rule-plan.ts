/**
 * Rules → the plan that a machine with all of them would have. Nothing is asked of a cloud: each
 * workspace and ingestion endpoint has an address made from its name, and nothing is sent there.
 */
import { createHash } from 'node:crypto';
import {
  type AgentConfiguration,
  compilePlan,
  configureRule,
  type DataSource,
  type Diagnostic,
  findStream,
  type Plan,
  type ResolvedWorkspace,
  type Rule,
} from '@dcr-agent/schema';
import { type StreamDelivery, streamDeliveries } from './stream-deliveries.ts';

/** A rule of a replay, and the file it came from. */
export interface ReplayedRule {
  /** As it is named in results. */
  readonly file: string;
  readonly rule: Rule;
  /** What its data sources collect, as far as only a deployment knows it. */
  readonly unknowns?: readonly UnknownList[];
}

/** A list of a data source, or an entry of one. */
export interface UnknownList {
  readonly dataSource: string;
  /** `xPathQueries`, `facilityNames` and the like. */
  readonly member: string;
  /** What stands for it: `[parameters('queries')]`. */
  readonly expression: string;
}

/** What stands where there is an expression instead of a value, and what to do. */
export const NOT_KNOWN = 'not known: it comes from a parameter; give its value with --parameters';

/** One stream of one data source: what a flow of the plan carries. */
export interface RuleFlow {
  /** Of the plan's flow. */
  readonly id: string;
  readonly rule: ReplayedRule;
  readonly dataSource: DataSource;
  /** As the rule names it. */
  readonly stream: string;
  readonly deliveries: readonly StreamDelivery[];
}

export interface NotDone {
  /** File of the rule. */
  readonly rule: string;
  /** Empty where it is about all of the rule. */
  readonly dataSource: string;
  readonly reason: string;
}

export interface RulePlan {
  readonly rules: readonly ReplayedRule[];
  readonly plan: Plan;
  /** In the order of the rules; those that no destination takes have no flow in the plan. */
  readonly flows: readonly RuleFlow[];
  readonly notDone: readonly NotDone[];
}

/** Each rule has its own id here, so that two versions of one rule do not meet. */
export function planRules(rules: readonly ReplayedRule[]): RulePlan {
  const configured = rules.map(({ rule }, i) => configure(rule, ruleId(i)));
  const plan = compilePlan(configured.map(({ configuration }) => configuration));
  const fileOf = (id: string): string =>
    rules.find((_, i) => ruleId(i) === id)?.file ?? rules[0]?.file ?? '';
  const skipped = plan.skipped.map(({ configurationId, dataSource, reason }) => {
    return { rule: fileOf(configurationId), dataSource, reason };
  });
  const unresolved = configured.flatMap(({ diagnostics }, i) =>
    diagnostics.map(({ message }) => ({ rule: rules[i]!.file, dataSource: '', reason: message })),
  );
  // A list that is not known is no empty one.
  const known = skipped.filter(({ rule, dataSource, reason }) => {
    const unknowns = rules.flatMap((each) => (each.file === rule ? (each.unknowns ?? []) : []));
    return !unknowns.some((each) => each.dataSource === dataSource && reason.includes(each.member));
  });
  const notDone = [...unresolved, ...known, ...rules.flatMap(unknownParts)];
  return { rules, plan, flows: rules.flatMap(flowsOf), notDone };
}

function unknownParts({ file, unknowns = [] }: ReplayedRule): NotDone[] {
  return unknowns.map(({ dataSource, member, expression }) => {
    return { rule: file, dataSource, reason: `${member} ${expression} is ${NOT_KNOWN}` };
  });
}

function ruleId(index: number): string {
  return `rule-${index}`;
}

function configure(
  rule: Rule,
  configurationId: string,
): { configuration: AgentConfiguration; diagnostics: readonly Diagnostic[] } {
  return configureRule(rule, {
    configurationId,
    eTag: '',
    workspace: madeUpWorkspace,
    ingestionEndpoint: 'https://replay.ingest.invalid',
    metricsEndpoint: 'https://replay.metrics.invalid',
  });
}

/** ARM ids are compared ignoring case. */
function madeUpWorkspace(resourceId: string): ResolvedWorkspace {
  const plain = resourceId.replace(/\/+$/, '').toLowerCase();
  const hex = createHash('sha256').update(plain).digest('hex');
  const parts = [8, 4, 4, 4, 12].map((length, i, all) => {
    const start = all.slice(0, i).reduce((sum, each) => sum + each, 0);
    return hex.slice(start, start + length);
  });
  const workspaceId = parts.join('-');
  return { workspaceId, endpoint: `https://${workspaceId}.ods.invalid` };
}

function flowsOf(replayed: ReplayedRule, index: number): RuleFlow[] {
  const { rule } = replayed;
  return rule.dataSources.flatMap((dataSource) =>
    dataSource.streams.map((stream): RuleFlow => {
      const agentStream = findStream(stream)?.blobType ?? stream;
      return {
        id: `${ruleId(index)}/${dataSource.name}/${agentStream}`,
        rule: replayed,
        dataSource,
        stream,
        deliveries: streamDeliveries(rule, stream),
      };
    }),
  );
}

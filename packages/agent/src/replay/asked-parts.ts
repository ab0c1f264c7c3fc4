/** Whether rules ask for a part of an input that no pipeline is given: a channel, or all of syslog. */
import type { QueryTally } from './query-tally.ts';
import type { RuleFlow, RulePlan } from './rule-plan.ts';

/**
 * `no destination`: what asks for it goes nowhere; `not known`: what the rules ask for comes from
 * parameters.
 */
export type Asked = 'yes' | 'no' | 'no destination' | 'not known';

/** Of the events of a channel that no flow of the plan takes. */
export function askedChannel(
  name: string,
  plan: RulePlan,
  { entries }: Pick<QueryTally, 'entries'>,
): Asked {
  const asking = entries.filter(({ asked }) => asked?.channel.toLowerCase() === name.toLowerCase());
  const isLost = plan.flows.some(
    (flow) =>
      flow.deliveries.length === 0 &&
      asking.some(
        ({ rule, dataSource }) => rule === flow.rule && dataSource === flow.dataSource.name,
      ),
  );
  if (isLost) return 'no destination';
  const isKnown =
    entries.every((entry) => entry.isKnown) && !isAnyUnknown(plan, 'windowsEventLogs');
  return isKnown ? 'no' : 'not known';
}

/** Of messages that no flow of the plan takes. */
export function askedSyslog(plan: RulePlan): Asked {
  const isLost = plan.flows.some(
    ({ dataSource, deliveries }) => dataSource.kind === 'syslog' && deliveries.length === 0,
  );
  if (isLost) return 'no destination';
  return isAnyUnknown(plan, 'syslog') ? 'not known' : 'no';
}

/** Whether what the flow collects comes from parameters. */
export function isUnknownFlow({
  rule,
  dataSource,
}: Pick<RuleFlow, 'rule' | 'dataSource'>): boolean {
  return rule.unknowns?.some((each) => each.dataSource === dataSource.name) === true;
}

function isAnyUnknown({ flows }: RulePlan, kind: RuleFlow['dataSource']['kind']): boolean {
  return flows.some((flow) => flow.dataSource.kind === kind && isUnknownFlow(flow));
}

/** Whether this agent would collect a data source: asked of the compiler of plans itself. */
import { configureRule } from '../configuration/configure-rule.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { DataSource, Rule } from '../rule/rule.ts';
import { isExpression } from '../rule/template-expression.ts';
import { PROBE_RESOLUTION } from './probe-resolution.ts';

/** The reason; `undefined` where it is collected, or where a template leaves open whether. */
export function whyNotCollected(source: DataSource, rule: Rule): string | undefined {
  if (isOpen(source)) return undefined;
  const { kind: _, ...others } = rule;
  const probe: Rule = {
    ...others,
    dataSources: [source],
    destinations: [{ family: 'logAnalytics', name: 'probe', workspaceResourceId: 'probe' }],
    dataFlows: [{ streams: source.streams, destinations: ['probe'] }],
  };
  const { configuration } = configureRule(probe, PROBE_RESOLUTION);
  const plan = compilePlan([configuration]);
  const isRead = plan.sources.some(({ kind }) => kind !== 'heartbeat' && kind !== 'operation');
  const reasons = new Set(plan.skipped.map(({ reason }) => reason));
  return isRead || reasons.size === 0 ? undefined : [...reasons].join('; ');
}

/** Texts on which it depends are not known yet. */
function isOpen(source: DataSource): boolean {
  switch (source.kind) {
    case 'windowsEventLogs':
      return source.xPathQueries.some(isExpression);
    case 'logFiles':
      return [source.format, source.recordStartTimestampFormat ?? '', ...source.streams].some(
        isExpression,
      );
    default:
      return false;
  }
}

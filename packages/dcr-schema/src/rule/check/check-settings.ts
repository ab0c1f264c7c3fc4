/** The values of agent settings: texts that stand for something else. */
import { DISK_QUOTA_RANGE, diskQuotaMegabytes, isDiskQuota } from '../agent-settings.ts';
import { PROPERTIES_POINTER, type RuleParts } from '../read-parts.ts';
import { objectOf, stringOf } from '../read-values.ts';
import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerTo } from '../text/json-tree.ts';
import { nameOf } from '../text/show.ts';

export function checkSettings({ properties }: RuleParts, document: RuleDocument): void {
  const { logs } = objectOf(properties.agentSettings);
  const items: readonly Json[] = Array.isArray(logs) ? logs : [];
  for (const [index, item] of items.entries()) {
    const name = stringOf(objectOf(item).name);
    const value = stringOf(objectOf(item).value);
    if (name === undefined || value === undefined || !isDiskQuota(name)) continue;
    if (isExpression(value) || diskQuotaMegabytes(value) !== undefined) continue;
    const at = pointerTo(PROPERTIES_POINTER, 'agentSettings', 'logs', String(index), 'value');
    const message = `${name} is ${nameOf(value)}, usual is ${DISK_QUOTA_RANGE}`;
    document.report('DCR_VALUE_RANGE', at, message, 'agents leave their quota as it is');
  }
}

/** Agent settings of all configurations → what holds on this machine. */
import type { AgentConfiguration } from '../configuration/agent-configuration.ts';
import { DISK_QUOTA_RANGE, diskQuotaMegabytes, isDiskQuota } from '../rule/agent-settings.ts';
import type { PlannedDiskQuota, Skipped } from './plan.ts';

/** The last one in the list wins: the control plane sends one only, and that is the newest. */
export function planDiskQuota(
  configurations: readonly AgentConfiguration[],
  skipped: Skipped[],
): PlannedDiskQuota | undefined {
  let planned: PlannedDiskQuota | undefined;
  const skip = (configurationId: string, reason: string): void => {
    skipped.push({ configurationId, dataSource: '', reason });
  };
  for (const { configurationId, content } of configurations) {
    if (content.kind !== 'AgentSettings') continue;
    for (const { name, value } of content.settings) {
      const megabytes = diskQuotaMegabytes(value);
      if (!isDiskQuota(name)) {
        skip(configurationId, `the agent setting '${name}' is not supported yet`);
      } else if (megabytes === undefined) {
        skip(configurationId, `${name} is '${value}', which is not ${DISK_QUOTA_RANGE}`);
      } else {
        if (planned !== undefined) {
          skip(planned.configurationId, `${name} of '${configurationId}' holds instead`);
        }
        planned = { configurationId, megabytes };
      }
    }
  }
  return planned;
}

/**
 * How much disk the state directory may take. What the machine itself is configured with wins,
 * because only there its disk is known; then the rule, then the default.
 */
import type { PlannedDiskQuota } from '@dcr-agent/schema';
import type { AgentConfig } from './config/agent-config.ts';

/** Source: the default of the reference agent, see `MaxDiskQuotaInMB`. */
const DEFAULT_QUOTA_MEGABYTES = 10_000;

export interface QuotaInForce {
  readonly quotaBytes: number;
  /** `configuration`, `rule <id>` or `default`. */
  readonly from: string;
}

export function quotaInForce(
  { buffer: { quotaMegabytes } }: Pick<AgentConfig, 'buffer'>,
  planned?: PlannedDiskQuota,
): QuotaInForce {
  if (quotaMegabytes !== undefined) return quota(quotaMegabytes, 'configuration');
  if (planned === undefined) return quota(DEFAULT_QUOTA_MEGABYTES, 'default');
  return quota(planned.megabytes, `rule ${planned.configurationId}`);
}

function quota(megabytes: number, from: string): QuotaInForce {
  return { quotaBytes: megabytes * 1_000_000, from };
}

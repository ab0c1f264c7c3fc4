/** What rules of kind `AgentSettings` may set, where this agent or its checks know the meaning. */

/** Disk space of an agent for data not yet delivered, in megabytes. */
export const DISK_QUOTA_SETTING = 'MaxDiskQuotaInMB';

/**
 * Source: Azure Monitor Agent, "agent settings", which gives 4,000 to 1,000,000 and a default of
 * 10,000.
 */
const DISK_QUOTA_MEGABYTES = { min: 4_000, max: 1_000_000 } as const;

/** In words, for messages. */
export const DISK_QUOTA_RANGE = 'a whole number from 4000 to 1000000';

/** Values are texts. `undefined` for what is no quota. */
export function diskQuotaMegabytes(value: string): number | undefined {
  const megabytes = /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : 0;
  const { min, max } = DISK_QUOTA_MEGABYTES;
  return megabytes >= min && megabytes <= max ? megabytes : undefined;
}

export function isDiskQuota(name: string): boolean {
  return name.toLowerCase() === DISK_QUOTA_SETTING.toLowerCase();
}

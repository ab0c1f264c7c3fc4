/**
 * Limits of a rule. `isRefused`: the service was seen to reject more; the others are documented
 * or kept by common tools only.
 * Source: Azure Monitor service limits, "Data collection rules".
 */

export interface Limit {
  readonly most: number;
  readonly isRefused?: true;
}

export const LIMITS = {
  dataSources: { most: 10 },
  extensions: { most: 10 },
  extensionSettingsBytes: { most: 32_768 },
  counterSpecifiers: { most: 100 },
  facilityNames: { most: 20 },
  xPathQueries: { most: 100 },
  workspaces: { most: 10 },
  dataFlows: { most: 10, isRefused: true },
  streamsPerFlow: { most: 20, isRefused: true },
  agentStreams: { most: 10 },
  transformCharacters: { most: 15_360 },
  // The Terraform provider.
  dataSourceNameLength: { most: 32 },
  // A published conversion tool; the service compares names ignoring case and says no more.
  ruleNameLength: { most: 64 },
  directRuleNameLength: { most: 30 },
} as const;

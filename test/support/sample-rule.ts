/** A small correct rule, to be changed at one place by a test. */

export const WORKSPACE_ID =
  '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w';

export const SYSLOG_SOURCE = {
  name: 'messages',
  streams: ['Microsoft-Syslog'],
  facilityNames: ['auth', 'cron'],
  logLevels: ['Error'],
};

export const SAMPLE_PROPERTIES = {
  dataSources: { syslog: [SYSLOG_SOURCE] },
  destinations: { logAnalytics: [{ name: 'main', workspaceResourceId: WORKSPACE_ID }] },
  dataFlows: [{ streams: ['Microsoft-Syslog'], destinations: ['main'] }],
};

/** The text of the rule, with members of `properties` and of the resource replaced. */
export function sampleRule(properties: object = {}, resource: object = {}): string {
  const all = { ...SAMPLE_PROPERTIES, ...properties };
  return JSON.stringify({ location: 'westeurope', properties: all, ...resource }, null, 2);
}

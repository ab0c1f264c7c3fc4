/**
 * What can keep a destination of a good rule out of its configuration. Codes are stable, texts
 * are not. Each costs its destination only.
 */
export const CONFIGURATION_CODES = {
  DCR_DESTINATION_UNSUPPORTED: {
    meaning: 'a data flow sends to a kind of destination that is not supported yet',
    hint: 'the other destinations of the flow are served; use a Log Analytics workspace or azureMonitorMetrics',
  },
  DCR_STREAM_NOT_METRICS: {
    meaning: 'a data flow sends a stream to azureMonitorMetrics that holds no metrics',
    hint: "only performance counters as 'Microsoft-InsightsMetrics' can go there",
  },
  DCR_METRICS_ENDPOINT_MISSING: {
    meaning: 'where metrics of this machine are taken is not known here',
    hint: 'metrics need a control plane that names their endpoint; a folder of rules does not',
  },
  DCR_WORKSPACE_UNKNOWN: {
    meaning: 'where a workspace is reached is not known here',
    hint: 'register the workspace under this resource id, or correct the id in the rule',
  },
  DCR_INGESTION_ENDPOINT_MISSING: {
    meaning: 'a data flow needs a Logs Ingestion endpoint and the rule has none',
    hint: 'name a data collection endpoint in the rule, or make it of kind Direct',
  },
} as const;

export type ConfigurationCode = keyof typeof CONFIGURATION_CODES;

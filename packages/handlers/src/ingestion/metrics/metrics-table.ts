/**
 * Where metrics are kept. The service has a store of its own for them, which no workspace is;
 * here they stand beside the workspaces, under the name that rules use for it.
 */
import type { ColumnType } from '@dcr-agent/schema';

export const METRICS_STORE = 'azureMonitorMetrics';
export const METRICS_TABLE = 'Metrics';

/** Aggregates are called as the service shows them. */
export const METRICS_COLUMNS: ReadonlyMap<string, ColumnType> = new Map([
  ['TimeGenerated', 'datetime'],
  ['ResourceId', 'string'],
  ['Namespace', 'string'],
  ['Metric', 'string'],
  ['Dimensions', 'dynamic'],
  ['Minimum', 'real'],
  ['Maximum', 'real'],
  ['Total', 'real'],
  ['Count', 'long'],
  ['Average', 'real'],
]);

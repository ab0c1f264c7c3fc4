import { shapeHeartbeat } from './heartbeat.ts';
import { shapeInsightsMetrics } from './insights-metrics.ts';
import { shapeOperation } from './operation.ts';
import { shapePerf } from './perf.ts';
import { shapeSecurityLog } from './security-log.ts';
import type { Shape } from './shape.ts';
import { shapeSyslog } from './syslog.ts';

const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ['LINUX_SYSLOGS_BLOB', shapeSyslog],
  ['SECURITY_CEF_BLOB', shapeSecurityLog],
  ['SECURITY_CISCO_ASA_BLOB', shapeSecurityLog],
  ['HEALTH_ASSESSMENT_BLOB', shapeHeartbeat],
  ['OPERATION_BLOB', shapeOperation],
  ['GENERIC_PERF_BLOB', shapePerf],
  ['INSIGHTS_METRICS_BLOB', shapeInsightsMetrics],
]);

/** How items of a blob type are read; the others carry their table's columns by name. */
export function shapeOf(blobType: string): Shape {
  return SHAPES.get(blobType) ?? ((item) => item);
}

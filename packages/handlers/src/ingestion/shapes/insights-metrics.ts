/** `INSIGHTS_METRICS_BLOB` → InsightsMetrics. */
import type { Shape } from './shape.ts';

export const shapeInsightsMetrics: Shape = (item, origin) => {
  const { CollectionTime, Value, ...columns } = item;
  const { sourceComputerId } = origin;
  return {
    ...(CollectionTime !== undefined && { TimeGenerated: CollectionTime }),
    ...(Value !== undefined && { Val: Value }),
    ...(sourceComputerId !== undefined && { AgentId: sourceComputerId }),
    ...columns,
  };
};

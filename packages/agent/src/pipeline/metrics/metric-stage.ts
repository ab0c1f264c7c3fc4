/**
 * Metrics: a minute of a counter becomes one document of the custom metrics API.
 * Source: Azure REST API specification, custom metrics ingestion 2018-09-01-preview.
 */
import type { MetricMinute } from '../../record.ts';
import { type RecordStage, shapedRow } from '../record-stage.ts';
import { metricName } from './metric-names.ts';

/** Names and values of what tells this machine from others, the same in every document. */
export type MachineDimensions = Readonly<Record<string, string>>;

export function metricStage(machine: MachineDimensions): RecordStage<MetricMinute> {
  const names = Object.keys(machine);
  const values = Object.values(machine);
  const shape = ({ startMs, object, counter, isInsights, series }: MetricMinute): object => {
    const { namespace, metric, dimension } = metricName(object, counter, isInsights);
    const hasInstances = dimension !== undefined;
    return {
      time: new Date(startMs).toISOString(),
      data: {
        baseData: {
          metric,
          namespace,
          dimNames: hasInstances ? [...names, dimension] : names,
          series: series.map(({ instance, min, max, sum, count }) => ({
            dimValues: hasInstances ? [...values, instance.slice(0, NAME_CHARS_MAX)] : values,
            min,
            max,
            sum,
            count,
          })),
        },
      },
    };
  };
  return { keep: () => true, row: () => shapedRow(shape) };
}

/** Of any name or value. Source: "Custom metrics in Azure Monitor", read 2026-11. */
export const NAME_CHARS_MAX = 256;

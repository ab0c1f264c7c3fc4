/** Performance counters: every sample of a flow's source is kept, as a row of the flow's stream. */
import { tableOfStream } from '@dcr-agent/schema';
import type { CounterSample } from '../../record.ts';
import { type RecordStage, type RowContext, shapedRow } from '../record-stage.ts';
import { insightsItem, insightsRow } from './insights-metrics-row.ts';
import { perfItem, perfRow } from './perf-row.ts';

/**
 * `stream`: its agent-facing name. A stream that is not InsightsMetrics, such as one that the rule
 * declares, has the rows of Perf.
 */
export function counterStage(stream: string, context: RowContext): RecordStage<CounterSample> {
  const isInsights = tableOfStream(stream) === 'InsightsMetrics';
  const [item, row] = isInsights ? [insightsItem, insightsRow] : [perfItem, perfRow];
  return {
    keep: () => true,
    row: (protocol) => {
      const shape = protocol === 'ods' ? item : row;
      return shapedRow((sample) => shape(sample, context));
    },
  };
}

/** Rows of the InsightsMetrics table. Tags are JSON in a text, on the wire as in the table. */
import type { CounterSample } from '../../record.ts';
import type { RowContext } from '../record-stage.ts';
import { insightsTags, ORIGIN } from './insights-tags.ts';

/** As the ODS endpoint takes it; the endpoint knows the agent by the envelope. */
export function insightsItem(sample: CounterSample, { computer }: RowContext): object {
  return {
    Origin: ORIGIN,
    Namespace: sample.object,
    Name: sample.counter,
    Value: sample.value,
    Tags: JSON.stringify(insightsTags(sample)),
    CollectionTime: new Date(sample.atMs).toISOString(),
    Computer: computer,
  };
}

/** The columns of the table. */
export function insightsRow(sample: CounterSample, { computer, agentId }: RowContext): object {
  return {
    TimeGenerated: new Date(sample.atMs).toISOString(),
    Computer: computer,
    AgentId: agentId,
    Origin: ORIGIN,
    Namespace: sample.object,
    Name: sample.counter,
    Val: sample.value,
    Tags: JSON.stringify(insightsTags(sample)),
  };
}

/**
 * Windows events: kept when any query of the flow selects them, shaped by the stream's table.
 */
import {
  parseEventQuery,
  type QueryCondition,
  queryCondition,
  type WindowsEventFlow,
} from '@dcr-agent/schema';
import { EventQueries } from '../../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RecordStage, RowContext } from '../record-stage.ts';
import { eventRowWriter } from './event-row-writer.ts';

/** A query that is refused selects nothing; `report` is told, and the other queries work on. */
export function windowsEventStage(
  flow: WindowsEventFlow,
  context: RowContext,
  report: (query: string, reason: string) => void,
): RecordStage<WindowsEventRecord> {
  const conditions = flow.queries.flatMap((query): QueryCondition[] => {
    const { query: parsed, diagnostics } = parseEventQuery(query);
    if (parsed !== null) return [queryCondition(parsed)];
    const first = diagnostics.find((d) => d.severity === 'error');
    const place = first?.position === undefined ? '' : ` at column ${first.position.column}`;
    report(query, `${first?.message ?? 'refused'}${place}`);
    return [];
  });
  const queries = new EventQueries(conditions);
  const row = eventRowWriter(flow.stream, context);
  return {
    keep: (record, nowMs) => record.selectedBy(queries, nowMs).length > 0,
    row: () => row,
  };
}

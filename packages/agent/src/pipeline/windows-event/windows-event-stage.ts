/**
 * Windows events: kept when any query of the flow selects them, shaped by the stream's table.
 *
 * The body of these posts on the ODS endpoint is not published. Inferred and decided here: items
 * carry the table's columns by name, the same on every protocol.
 */
import {
  findBlobType,
  findStream,
  parseEventQuery,
  type QueryCondition,
  queryCondition,
  type WindowsEventFlow,
} from '@dcr-agent/schema';
import { EventQueries } from '../../eventlog/query/event-queries.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { RecordStage, RowContext } from '../record-stage.ts';
import { eventRow } from './event-row.ts';
import { securityEventRow } from './security-event-row.ts';
import { windowsEventRow } from './windows-event-row.ts';

type Shape = (record: WindowsEventRecord, context: RowContext) => object;

const SHAPES_BY_TABLE: ReadonlyMap<string | undefined, Shape> = new Map([
  ['Event', eventRow],
  ['SecurityEvent', securityEventRow],
  ['WindowsEvent', windowsEventRow],
]);

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
  const shape = shapeOf(flow.stream);
  return {
    keep: (record, nowMs) => record.selectedBy(queries, nowMs).length > 0,
    shape: () => (record) => shape(record, context),
  };
}

/** A stream of the author's own carries the event as it would stand in WindowsEvent. */
function shapeOf(stream: string): Shape {
  const table = (findBlobType(stream) ?? findStream(stream))?.table;
  return SHAPES_BY_TABLE.get(table) ?? windowsEventRow;
}

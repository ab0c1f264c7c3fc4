/**
 * What the agent tells of itself, in the form the legacy agent gave such records.
 *
 * Sources: its `operation_lib.rb` (members, `Solution`, an empty `HelpLink`); Azure Monitor Logs
 * table reference, `Operation`, read 2026-11 (`OperationStatus`: commonly Warning, Succeeded,
 * Failed, Error). Which rows the Azure Monitor Agent sends is not published.
 */
import type { OperationRecord } from '../record.ts';
import { type RecordStage, type RowContext, shapedRow } from './record-stage.ts';

export function operationStage(machine: RowContext): RecordStage<OperationRecord> {
  const shape = ({ atMs, status, category, detail }: OperationRecord): object => ({
    Timestamp: new Date(atMs).toISOString(),
    OperationStatus: status,
    Computer: machine.computer,
    Detail: detail,
    Category: category,
    Solution: 'Log Management',
    HelpLink: '',
  });
  return { keep: () => true, row: () => shapedRow(shape) };
}

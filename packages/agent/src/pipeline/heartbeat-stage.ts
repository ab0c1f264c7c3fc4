/**
 * The agent's sign of life, once a minute per workspace. All values are strings on the wire.
 * `Category` is what Linux agents send; the receiving side turns it into the table's wording.
 */
import type { HeartbeatRecord } from '../record.ts';
import { type RecordStage, type RowContext, shapedRow } from './record-stage.ts';

export interface MachineFacts extends RowContext {
  readonly osType: string;
  readonly osName: string;
  readonly osMajorVersion: string;
  readonly osMinorVersion: string;
  readonly agentVersion: string;
  /** RFC 1918 and fc00::/7 addresses. */
  readonly privateIps: readonly string[];
}

export function heartbeatStage(machine: MachineFacts): RecordStage<HeartbeatRecord> {
  const shape = (record: HeartbeatRecord): object => ({
    Timestamp: new Date(record.atMs).toISOString(),
    Computer: machine.computer,
    OSType: machine.osType,
    OSName: machine.osName,
    OSMajorVersion: machine.osMajorVersion,
    OSMinorVersion: machine.osMinorVersion,
    Category: 'AMA',
    SCAgentChannel: 'Direct',
    Version: machine.agentVersion,
    ComputerPrivateIps: JSON.stringify(machine.privateIps),
  });
  return { keep: () => true, row: () => shapedRow(shape) };
}

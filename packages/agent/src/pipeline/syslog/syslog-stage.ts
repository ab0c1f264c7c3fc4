/** Syslog: filter by facility and level, write the ODS item or the columns of the Syslog table. */
import type { SyslogFlow } from '@dcr-agent/schema';
import type { SyslogRecord } from '../../record.ts';
import type { RecordStage, RowContext } from '../record-stage.ts';
import { syslogRow } from './row-pieces.ts';
import { syslogRowWriter } from './row-writer.ts';
import { effectiveSeverity, selectFacilities, selectLevels } from './syslog-names.ts';

export function syslogStage(flow: SyslogFlow, context: RowContext): RecordStage<SyslogRecord> {
  const selects = priorityFilter(flow);
  return {
    keep: ({ facility, severity }) => selects(facility, severity),
    refusal: ({ refusal }) => refusal,
    row: (protocol) => syslogRowWriter(syslogRow(protocol, context)),
  };
}

/** Whether a flow selects a facility and a severity, which are both -1 without a priority. */
export function priorityFilter(
  flow: Pick<SyslogFlow, 'facilityNames' | 'logLevels'>,
): (facility: number, severity: number) => boolean {
  const facilities = selectFacilities(flow.facilityNames);
  const levels = selectLevels(flow.logLevels);
  return (facility, severity) =>
    facilities.has(facility) && levels.has(effectiveSeverity(severity));
}

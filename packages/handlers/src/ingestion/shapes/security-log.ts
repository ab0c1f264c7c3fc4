/**
 * `SECURITY_CEF_BLOB` and `SECURITY_CISCO_ASA_BLOB` → CommonSecurityLog. On ODS items are syslog
 * messages, which the service takes apart; on the Logs Ingestion path they carry columns.
 */
import type { Json } from '@dcr-agent/schema';
import { securityLogColumns } from '@dcr-agent/schema/security-log';
import { parseTime } from '../time.ts';
import type { Shape } from './shape.ts';

export const shapeSecurityLog: Shape = (item) => {
  const { ident, Timestamp, Host, Message } = item;
  if (ident === undefined || typeof Message !== 'string') return item;
  return {
    ...(Timestamp !== undefined && { TimeGenerated: Timestamp }),
    ...(Host !== undefined && { Computer: Host }),
    ...securityLogColumns(Message, timeOf(Timestamp)),
  };
};

/** Decides on the year of times that have none. */
function timeOf(timestamp: Json | undefined): number {
  return (typeof timestamp === 'string' ? parseTime(timestamp)?.epochMs : undefined) ?? 0;
}

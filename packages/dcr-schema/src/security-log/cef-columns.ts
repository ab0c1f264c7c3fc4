/** A CEF message → columns of CommonSecurityLog. */
import { commonSecurityLogTable } from '../stream/security-log-table.ts';
import { columnsOfKey } from './cef-keys.ts';
import type { CefMessage } from './cef-message.ts';
import { additionalExtensions, severityName } from './inferred-facts.ts';
import type { SecurityLogColumns } from './security-log-columns.ts';
import { typedValue } from './typed-value.ts';

/**
 * Nothing of the extension is lost: a key without column, one that comes again, a value that no
 * column of its key can hold, and text without a key are in AdditionalExtensions.
 */
export function cefColumns(message: CefMessage, nowMs: number): SecurityLogColumns {
  const columns: Record<string, string | number | null> = {
    DeviceVendor: message.deviceVendor,
    DeviceProduct: message.deviceProduct,
    DeviceVersion: message.deviceVersion,
    DeviceEventClassID: message.eventClassId,
    Activity: message.name,
    LogSeverity: severityName(message.severity),
    OriginalLogSeverity: message.severity,
  };
  const left: (readonly [string, string])[] = [];
  const seen = new Set<string>();
  for (const pair of message.extension) {
    const [key, value] = pair;
    const isHeld = !seen.has(key) && fill(columns, key, value, nowMs);
    if (!isHeld) left.push(pair);
    seen.add(key);
  }
  const additional = additionalExtensions(left, message.unkeyed);
  if (additional !== '') columns.AdditionalExtensions = additional;
  return columns;
}

/** Whether any column holds the value now. */
function fill(
  columns: Record<string, string | number | null>,
  key: string,
  text: string,
  nowMs: number,
): boolean {
  let isHeld = false;
  for (const column of columnsOfKey(key)) {
    const type = commonSecurityLogTable.columns.get(column)!;
    const value = typedValue(type, text, nowMs);
    columns[column] = value ?? null;
    isHeld ||= value !== undefined;
  }
  return isHeld;
}

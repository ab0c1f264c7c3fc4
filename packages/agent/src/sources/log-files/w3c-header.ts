/** The lines with `#` in logs in W3C format. */
import type { W3cHeader } from '../../record.ts';

export const NO_HEADER: W3cHeader = { fields: '' };

/** What is in force behind such a line. Remarks, and what is not known, change nothing. */
export function afterDirective(header: W3cHeader, line: string): W3cHeader {
  const colon = line.indexOf(':');
  if (colon < 0) return header;
  const value = line.slice(colon + 1).trim();
  switch (line.slice(1, colon).trim().toLowerCase()) {
    case 'fields':
      return { ...header, fields: value };
    case 'date': {
      const date = /^\d{4}-\d\d-\d\d/.exec(value)?.[0];
      return date === undefined ? header : { ...header, date };
    }
    case 'time format': {
      // The Windows firewall says so.
      const { isLocalTime: _, ...rest } = header;
      return value.toLowerCase() === 'local' ? { ...rest, isLocalTime: true } : rest;
    }
    default:
      return header;
  }
}

/** What was kept with a cursor; `undefined` for anything else. */
export function readHeader(value: unknown): W3cHeader | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { fields, date, isLocalTime } = value as Record<string, unknown>;
  if (typeof fields !== 'string') return undefined;
  return {
    fields,
    ...(typeof date === 'string' && { date }),
    ...(isLocalTime === true && { isLocalTime }),
  };
}

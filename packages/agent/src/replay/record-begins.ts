/** The times that records begin with, as a replay reads them: the wall clock has no part in it. */
import { type RecordStart, recordStartOf } from '../sources/log-files/record-start.ts';
import { createLocalTime, systemUtcOffsetMinutes } from '../time/local-time.ts';
import type { ReplayClock } from './replay-clock.ts';

/** Those whose years have two digits. */
const SHORT_YEARS: ReadonlySet<string> = new Set(['yyMMdd HH:mm:ss', 'ddMMyy HH:mm:ss']);

/** `undefined` for a format that is not known. */
export function recordBeginsOf(format: string, clock: ReplayClock): RecordStart | undefined {
  const begins = recordStartOf(format, createLocalTime(systemUtcOffsetMinutes));
  if (begins === undefined || !SHORT_YEARS.has(format)) return begins;
  return (bytes, start, end) => begins(bytes, start, end, clock.centuryMs);
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordStartOf } from '../../../../../packages/agent/src/sources/log-files/record-start.ts';
import { createLocalTime } from '../../../../../packages/agent/src/time/local-time.ts';
import { TIMESTAMP_FORMATS } from '../../../../../packages/dcr-schema/src/rule/known-values.ts';

const NOW_MS = Date.UTC(2026, 2, 10);
/** A machine one hour ahead of UTC. */
const toEpochMs = createLocalTime(() => 60);

function timeOf(format: string, line: string): string | undefined {
  const begins = recordStartOf(format, toEpochMs)!;
  const bytes = Buffer.from(`>${line}<`);
  const epochMs = begins(bytes, 1, bytes.length - 1, NOW_MS);
  return epochMs === null ? undefined : new Date(epochMs).toISOString();
}

const TIMES: Readonly<Record<string, Readonly<Record<string, string | undefined>>>> = {
  'ISO 8601': {
    '2026-03-01T10:11:12Z GET /': '2026-03-01T10:11:12.000Z',
    '2026-03-01T10:11:12.345+02:00': '2026-03-01T08:11:12.345Z',
    '2026-03-01 10:11:12,345 INFO': '2026-03-01T09:11:12.345Z',
    ' 2026-03-01T10:11:12Z': undefined,
    '2026-02-30T10:11:12Z': undefined,
  },
  'YYYY-MM-DD HH:MM:SS': {
    '2026-03-01 10:11:12 INFO': '2026-03-01T09:11:12.000Z',
    '2026-03-01 10:11:12-main': '2026-03-01T09:11:12.000Z',
    '2026-03-01T10:11:12': undefined,
    '2026-03-01 10:11:123': undefined,
    '2026-03-01': undefined,
  },
  'M/D/YYYY HH:MM:SS AM/PM': {
    '3/1/2026 9:11:12 AM started': '2026-03-01T08:11:12.000Z',
    '03/01/2026 12:00:00 AM': '2026-02-28T23:00:00.000Z',
    '3/1/2026 12:00:00 pm': '2026-03-01T11:00:00.000Z',
    '3/1/2026 13:00:00 PM': undefined,
    '3/1/2026 0:30:00 AM': undefined,
    '3/1/2026 10:11:12': undefined,
    '13/1/2026 10:11:12 AM': undefined,
  },
  'Mon DD, YYYY HH:MM:SS': {
    'Mar 01, 2026 10:11:12': '2026-03-01T09:11:12.000Z',
    'Mar 1, 2026 10:11:12': '2026-03-01T09:11:12.000Z',
    'Mar 1 2026 10:11:12': undefined,
  },
  'yyMMdd HH:mm:ss': {
    '260301 10:11:12 InnoDB': '2026-03-01T09:11:12.000Z',
    '260301  9:11:12 InnoDB': '2026-03-01T08:11:12.000Z',
    '990301 10:11:12': '1999-03-01T09:11:12.000Z',
    '261301 10:11:12': undefined,
  },
  'ddMMyy HH:mm:ss': {
    '010326 10:11:12': '2026-03-01T09:11:12.000Z',
    '320326 10:11:12': undefined,
  },
  'MMM d hh:mm:ss': {
    'Mar  1 10:11:12 host': '2026-03-01T09:11:12.000Z',
    'Mar 1 10:11:12 host': '2026-03-01T09:11:12.000Z',
    'Dec 31 23:59:59 host': '2025-12-31T22:59:59.000Z',
    'Feb 29 00:00:00': '2024-02-28T23:00:00.000Z',
    'Mai  1 10:11:12': undefined,
  },
  'dd/MMM/yyyy:HH:mm:ss zzz': {
    '01/Mar/2026:10:11:12 +0200 "GET': '2026-03-01T08:11:12.000Z',
    '01/Mar/2026:10:11:12 -05:30': '2026-03-01T15:41:12.000Z',
    '01/Mar/2026:10:11:12': undefined,
    '31/Feb/2026:10:11:12 +0000': undefined,
  },
  'yyyy-MM-ddTHH:mm:ssK': {
    '2026-03-01T10:11:12Z': '2026-03-01T10:11:12.000Z',
    '2026-03-01T10:11:12': '2026-03-01T09:11:12.000Z',
    '2026-03-01 10:11:12Z': undefined,
  },
};

test('each published format reads the times that logs of its kind begin with', () => {
  assert.deepEqual(Object.keys(TIMES).sort(), [...TIMESTAMP_FORMATS].sort());
  for (const [format, lines] of Object.entries(TIMES)) {
    for (const [line, expected] of Object.entries(lines)) {
      assert.equal(timeOf(format, line), expected, `${format}: ${line}`);
    }
  }
});

test('a format that is not published is told', () => {
  assert.equal(recordStartOf('toString', toEpochMs), undefined);
});

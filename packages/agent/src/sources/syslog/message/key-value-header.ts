/**
 * Devices that send no header but say it all in pairs of keys and values, which stay in the text:
 *
 *     date=2025-03-01 time=10:11:12 devname="FGT60" … tz="+0100"             FortiGate
 *     device="SFW" date=2025-03-01 time=10:11:12 timezone="CET" …            Sophos XG
 *     device_name="SFW" timestamp="2025-03-01T10:11:12+0100" …               Sophos XGS
 *
 * Source: FortiOS Log Message Reference; Sophos Firewall syslog guide.
 */

import { readIsoTime } from '../../../time/iso-time.ts';
import type { WallToEpochMs } from '../../../time/local-time.ts';
import { Scanner } from '../../../time/scanner.ts';
import type { HostSpan } from './dialects.ts';
import { ZONES } from './time-zones.ts';

const START = /^(?:date|device|device_name)=/;
const START_BYTES = 16;
/** The pairs of interest are among the first. */
const PAIRS_BYTES_MAX = 1024;
const DATE_AND_TIME = /^(?:device="[^"]*" )?date=(\S{10}) time="?([\d:.]{8,})"?(?= |$)/;
const TIMESTAMP = /^device_name="[^"]*" timestamp="([^"]+)"/;
const ZONE = / (?:tz|timezone)="?([A-Z]{3,4}|[+-]\d\d:?\d\d)"?(?= |$)/;
const NAME = / devname="?([\w.:-]+)"?(?= |$)/;
const MINUTE_MS = 60_000;

const time = new Scanner();

/**
 * Epoch milliseconds, or `null` where there is none; the host, if one is told, is noted as a
 * place in the bytes. Nothing is consumed.
 */
export function readKeyValueTime(
  { bytes, at, end }: Scanner,
  host: HostSpan,
  toEpochMs: WallToEpochMs,
): number | null {
  if (!START.test(bytes.toString('latin1', at, Math.min(end, at + START_BYTES)))) return null;
  const text = bytes.toString('latin1', at, Math.min(end, at + PAIRS_BYTES_MAX));
  const written = writtenTime(text);
  if (written === undefined) return null;
  const zone = ZONE.exec(text)?.[1] ?? '';
  const offsetMinutes = ZONES.get(zone);
  const inZone: WallToEpochMs =
    offsetMinutes === undefined ? toEpochMs : (wallMs) => wallMs - offsetMinutes * MINUTE_MS;
  const whole = Buffer.from(`${written}${/^[+-]/.test(zone) ? zone : ''}`, 'latin1');
  time.reset(whole, 0, whole.length);
  const epochMs = readIsoTime(time, inZone);
  if (epochMs === null || !time.isAtEnd) return null;
  const name = NAME.exec(text);
  if (name !== null) {
    host.start = at + name.index + name[0].lastIndexOf(name[1]!);
    host.end = host.start + name[1]!.length;
  }
  return epochMs;
}

function writtenTime(text: string): string | undefined {
  const pair = DATE_AND_TIME.exec(text);
  return pair === null ? TIMESTAMP.exec(text)?.[1] : `${pair[1]}T${pair[2]}`;
}

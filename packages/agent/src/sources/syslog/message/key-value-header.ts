/**
 * Devices that send no header but say it all in pairs of keys and values, which stay in the text:
 *
 *     date=2025-03-01 time=10:11:12 devname="FGT60" … tz="+0100"             FortiGate
 *     device="SFW" date=2025-03-01 time=10:11:12 timezone="CET" …            Sophos XG
 *     device_name="SFW" timestamp="2025-03-01T10:11:12+0100" …               Sophos XGS
 *     logver=704 timestamp=1740823872 … devname="FGT60" …                    FortiAnalyzer
 *     id=firewall sn=C0EAE4 time="2025-03-01 10:11:12 UTC" fw=198.51.100.1 … SonicWall
 *     id=firewall time="2025-03-01 10:11:12" fw="fw1" tz=+0100 …             Stormshield
 *
 * Source: FortiOS Log Message Reference; Sophos Firewall syslog guide (whose `device_name` is the
 * model); SonicOS Log Events Reference Guide; Stormshield Network Security, Description of Audit
 * Logs.
 */

import { readIsoTime } from '../../../time/iso-time.ts';
import type { WallToEpochMs } from '../../../time/local-time.ts';
import { Scanner } from '../../../time/scanner.ts';
import type { HostSpan } from './dialects.ts';
import { ZONES } from './time-zones.ts';

const START = /^(?:date|device|device_name|logver|id)=/;
const START_BYTES = 16;
/** The pairs of interest are among the first. */
const PAIRS_BYTES_MAX = 1024;
const DATE_AND_TIME = /^(?:device="[^"]*" )?date=(\S{10}) time="?([\d:.]{8,})"?(?= |$)/;
const TIMESTAMP = /^device_name="[^"]*" timestamp="([^"]+)"/;
const EPOCH_SECONDS = /^logver=\d+ timestamp=(\d{10}) /;
const LOG_TIME = /^id=\S+ (?:sn=\S+ )?time="(\S{10}) ([\d:]{8})( UTC)?" fw=/;
const ZONE = / (?:tz|timezone)="?([A-Z]{3,4}|[+-]\d\d:?\d\d)"?(?= |$)/;
const NAME = / (?:devname|fw)="?([\w.:-]+)"?(?= |$)/;
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
  const offset = /^[+-]/.test(zone) && !written.endsWith('Z') ? zone : '';
  const whole = Buffer.from(`${written}${offset}`, 'latin1');
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
  const pair = DATE_AND_TIME.exec(text) ?? LOG_TIME.exec(text);
  if (pair !== null) return `${pair[1]}T${pair[2]}${pair[3] === undefined ? '' : 'Z'}`;
  const seconds = EPOCH_SECONDS.exec(text);
  if (seconds !== null) return new Date(Number(seconds[1]) * 1000).toISOString();
  return TIMESTAMP.exec(text)?.[1];
}

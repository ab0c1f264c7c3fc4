import { systemUtcOffsetMinutes, type UtcOffsetMinutes } from '../../time/local-time.ts';
import type { PortAddress } from './listen.ts';
import type { TlsFiles } from './tls-credentials.ts';

export interface TlsSettings extends TlsFiles {
  readonly addresses: readonly PortAddress[];
}

export interface SyslogSettings {
  readonly tcp?: readonly PortAddress[];
  /** Absent: none. */
  readonly tls?: TlsSettings;
  readonly udp?: readonly PortAddress[];
  /** Paths of Unix stream sockets. */
  readonly unixStream?: readonly string[];
  /** Longer messages are cut. Default 65,536; never less than 480 (RFC 5424 §6.1). */
  readonly frameBytesMax?: number;
  /** Per TCP or TLS address and Unix socket. Default 1000. */
  readonly connectionsMax?: number;
  /** Memory of the unfinished messages of all connections. Default 64 MiB. */
  readonly heldBytesMax?: number;
  /** Default 1000. */
  readonly batchRecordsMax?: number;
  /** How long a record waits for others to share its batch. Default 50. */
  readonly batchDelayMs?: number;
  /** Identical messages of one sender in a row, a second. Default 0: any number. */
  readonly repeatsPerSecondMax?: number;
  /** Whether messages that are sent in several are put together. Default true. */
  readonly joinSegments?: boolean;
  /** Zone of times that name none. Default: the system's. */
  readonly utcOffsetMinutes?: UtcOffsetMinutes;
}

/** Only TLS may still be absent. */
export type CompleteSettings = Required<Omit<SyslogSettings, 'tls'>> & Pick<SyslogSettings, 'tls'>;

const FRAME_BYTES_MIN = 480;

export function completeSettings(settings: SyslogSettings): CompleteSettings {
  return {
    ...(settings.tls && { tls: settings.tls }),
    tcp: settings.tcp ?? [],
    udp: settings.udp ?? [],
    unixStream: settings.unixStream ?? [],
    frameBytesMax: Math.max(settings.frameBytesMax ?? 65_536, FRAME_BYTES_MIN),
    connectionsMax: settings.connectionsMax ?? 1000,
    heldBytesMax: settings.heldBytesMax ?? 64 * 1024 * 1024,
    batchRecordsMax: settings.batchRecordsMax ?? 1000,
    batchDelayMs: settings.batchDelayMs ?? 50,
    repeatsPerSecondMax: settings.repeatsPerSecondMax ?? 0,
    joinSegments: settings.joinSegments ?? true,
    utcOffsetMinutes: settings.utcOffsetMinutes ?? systemUtcOffsetMinutes,
  };
}

/** A syslog source on loopback, what it emitted, and clients that send to it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Batch, SyslogRecord } from '../../../../../packages/agent/src/record.ts';
import type { PortAddress } from '../../../../../packages/agent/src/sources/syslog/listen.ts';
import {
  openSyslog,
  type SyslogSettings,
} from '../../../../../packages/agent/src/sources/syslog/syslog.ts';
import { createFakeHost, type FakeHost } from '../../../../support/fake-host.ts';
import { fieldsOf, type SyslogFields } from '../../../../support/syslog-records.ts';
import { until } from '../../../../support/until.ts';

export const LOOPBACK: PortAddress = { address: '127.0.0.1', port: 0 };

export interface Description {
  readonly tcp: readonly PortAddress[];
  /** Absent where no address is to speak TLS; so is what else is told of TLS. */
  readonly tls?: readonly PortAddress[];
  readonly tlsHandshakesFailed?: number;
  readonly tlsCertificateValidTo?: string;
  readonly tlsCertificateNotRenewed?: string;
  readonly udp: readonly PortAddress[];
  readonly unixStream: readonly string[];
  readonly failing: readonly { readonly address: string; readonly reason: string }[];
  readonly connections: number;
  readonly connectionsRefused: number;
  readonly connectionsClosedIdle: number;
  readonly connectionsClosedUnfair: number;
  readonly messages: number;
  readonly waiting: number;
  /** By what headers lack. */
  readonly unparsed: Readonly<Record<string, number>>;
  readonly repaired: number;
  readonly repeated: number;
  readonly segmentsJoined: number;
  readonly segmentsAlone: number;
  readonly segmentsWaiting: number;
  readonly truncated: number;
  readonly truncatedForMemory: number;
  readonly unfinishedBytes: number;
  readonly udpOverflow: number;
  /** Absent where the system does not tell. */
  readonly udpKernelDrops?: number;
}

export interface RunningSource {
  readonly host: FakeHost;
  readonly records: SyslogFields[];
  readonly batches: Batch<SyslogRecord>[];
  readonly described: Description;
  messages(): string[];
  /** Aborts and resolves when `run` has. */
  stop(): Promise<void>;
}

/**
 * Runs until stopped or the test ends; `taking` is awaited by every `emit`. Resolves when every
 * address is listened on or has failed.
 */
export async function startSyslog(
  t: TestContext,
  settings: SyslogSettings,
  taking: (batch: Batch<SyslogRecord>) => Promise<void> = async () => {},
): Promise<RunningSource> {
  const host = createFakeHost();
  const source = openSyslog({ batchDelayMs: 0, utcOffsetMinutes: () => 0, ...settings }, host);
  const describe = (): Description => source.describe!() as unknown as Description;
  const records: SyslogFields[] = [];
  const batches: Batch<SyslogRecord>[] = [];
  const abort = new AbortController();
  const over = Promise.withResolvers<void>();
  t.after(() => {
    abort.abort();
    over.resolve();
  });
  let failure: unknown;
  const run = source
    .run(async (batch) => {
      batches.push(batch);
      batch.records.each((record) => void records.push(fieldsOf(record)));
      await Promise.race([taking(batch), over.promise]);
    }, abort.signal)
    .catch((error: unknown) => {
      failure = error;
    });
  const { tcp = [], tls, udp = [], unixStream = [] } = settings;
  const wanted = tcp.length + (tls?.addresses.length ?? 0) + udp.length + unixStream.length;
  const isListening = (): boolean => {
    const now = describe();
    const lists = [now.tcp, now.tls ?? [], now.udp, now.unixStream];
    const opened = lists.reduce((sum, { length }) => sum + length, 0);
    return opened + (now.failing ?? []).length === wanted;
  };
  await until('the source listens', () => failure !== undefined || isListening());
  if (failure !== undefined) throw failure;
  return {
    host,
    records,
    batches,
    get described() {
      return describe();
    },
    messages: () => records.map(({ message }) => message),
    async stop() {
      abort.abort();
      await run;
      if (failure !== undefined) throw failure;
    },
  };
}

/** `localAddress`: of the machine's own, to be another sender. */
export async function connectTcp(
  { address, port }: PortAddress,
  localAddress?: string,
): Promise<Socket> {
  const socket = connect({ host: address, port, ...(localAddress && { localAddress }) });
  await once(socket, 'connect');
  return socket.on('error', () => {});
}

export async function connectUnix(path: string): Promise<Socket> {
  const socket = connect({ path });
  await once(socket, 'connect');
  return socket;
}

/** Sends datagrams one after another, each when the last has left. */
export async function sendDatagrams(
  { address, port }: PortAddress,
  datagrams: readonly (string | Uint8Array)[],
): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise<void>((resolve, reject) => {
      socket.send(datagram, port, address, (error) => (error ? reject(error) : resolve()));
    });
  }
  socket.close();
}

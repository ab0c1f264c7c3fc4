/**
 * The syslog source: listens on TCP (plain or with TLS), UDP and Unix stream sockets and makes a
 * record of every message. Senders on TCP and Unix sockets wait while records do; a datagram that
 * comes then is dropped and counted.
 */
import type { Clock } from '../../host/clock.ts';
import type { Host } from '../../host/host.ts';
import type { Records, SyslogRecord } from '../../record.ts';
import { createLocalTime } from '../../time/local-time.ts';
import type { Emit, Source } from '../source.ts';
import { wantedAddresses } from './addresses.ts';
import { Connections } from './connections.ts';
import { Datagrams } from './datagrams.ts';
import { Intake } from './intake.ts';
import { KernelDrops } from './kernel-drops.ts';
import { Listeners } from './listeners.ts';
import { loopGuard } from './loop-guard.ts';
import { Outbox } from './outbox.ts';
import { readToTheEnd, untilSettled } from './read-to-the-end.ts';
import { type CompleteSettings, completeSettings, type SyslogSettings } from './settings.ts';
import { SyslogTap } from './tap.ts';
import { TlsListening } from './tls-listening.ts';

export type { SyslogSettings } from './settings.ts';

/**
 * Opens nothing yet: `run` does, once, and rejects with `LISTEN_FAILED` where none of the addresses
 * can be listened on.
 */
export function openSyslog(
  settings: SyslogSettings,
  host: Host,
  tap: SyslogTap = new SyslogTap(),
): Source<SyslogRecord> {
  return new SyslogSource(completeSettings(settings), host, tap);
}

class SyslogSource implements Source<SyslogRecord> {
  readonly key = 'syslog';

  readonly #settings: CompleteSettings;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #intake: Intake;
  readonly #connections: Connections;
  readonly #datagrams: Datagrams;
  readonly #kernelDrops: KernelDrops;
  /** Absent where no address is to speak TLS. */
  readonly #tls: TlsListening | undefined;
  readonly #listeners: Listeners;
  readonly #show: (records: Records<SyslogRecord>) => void;

  constructor(settings: CompleteSettings, host: Host, tap: SyslogTap) {
    this.#settings = settings;
    this.#clock = host.clock;
    const toEpochMs = createLocalTime(settings.utcOffsetMinutes);
    const refusalOf = loopGuard({
      processId: String(process.pid),
      ports: () => this.#ports,
      paths: () => this.#listeners.unixStream,
    });
    this.#show = tap.viewer(toEpochMs, refusalOf);
    this.#outbox = new Outbox({ ...settings, clock: host.clock, toEpochMs, refusalOf });
    this.#intake = new Intake(settings, this.#outbox, host);
    this.#connections = new Connections({
      ...settings,
      host,
      intake: this.#intake,
      afterRead: () => this.#pauseWhenFull(),
    });
    this.#datagrams = new Datagrams(this.#intake, settings.frameBytesMax);
    this.#kernelDrops = new KernelDrops(host);
    this.#tls = settings.tls && new TlsListening(settings.tls, host);
    this.#listeners = new Listeners(wantedAddresses(settings, this.#connections, this.#tls), {
      host,
      readDatagrams: async (socket) => {
        this.#datagrams.read(socket);
        await this.#kernelDrops.add(socket.address().port, socket.getRecvBufferSize());
      },
    });
  }

  async run(take: Emit<SyslogRecord>, signal: AbortSignal): Promise<void> {
    const emit: Emit<SyslogRecord> = (batch) => {
      this.#show(batch.records);
      return take(batch);
    };
    const ended = new AbortController();
    try {
      await this.#listeners.open();
      if (this.#settings.udp.length > 0) void this.#kernelDrops.watch(ended.signal);
      void this.#tls?.watch(ended.signal);
      const delivered = this.#outbox.deliver(emit);
      await Promise.race([whenAborted(signal, ended.signal), delivered]);
      await untilSettled(() => this.#connections.acceptedCount);
      this.#listeners.stopAccepting();
      await Promise.race([this.#readWhatArrived(), delivered]);
      await this.#close();
      this.#intake.close();
      this.#outbox.close();
      await delivered;
    } catch (error) {
      // During shutdown `emit` may refuse; it has counted what it refused.
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await this.#close();
      this.#intake.close();
      await this.#outbox.handOverRest(emit);
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    const udpKernelDrops = this.#kernelDrops.count;
    const { segments } = this.#intake;
    return {
      tcp: this.#listeners.tcp,
      ...(this.#tls && { tls: this.#listeners.tls }),
      udp: this.#listeners.udp,
      unixStream: this.#listeners.unixStream,
      failing: this.#listeners.failing,
      connections: this.#connections.count,
      connectionsRefused: this.#connections.refusedCount,
      connectionsClosedIdle: this.#connections.closedIdleCount,
      connectionsClosedUnfair: this.#connections.closedUnfairCount,
      ...this.#tls?.describe(),
      messages: this.#intake.messageCount,
      waiting: this.#outbox.recordCount,
      unparsed: { ...this.#outbox.unparsed },
      repaired: this.#outbox.repairedCount,
      repeated: this.#intake.repeatedCount,
      segmentsJoined: segments.joinedCount,
      segmentsAlone: segments.incompleteCount,
      segmentsWaiting: segments.waitingCount,
      truncated: this.#connections.truncatedCount + this.#datagrams.truncatedCount,
      truncatedForMemory: this.#connections.held.cutCount,
      unfinishedBytes: this.#connections.held.bytes,
      udpOverflow: this.#intake.overflowCount,
      ...(udpKernelDrops !== undefined && { udpKernelDrops }),
    };
  }

  #pauseWhenFull(): void {
    if (this.#outbox.hasRoom || this.#connections.isPaused) return;
    this.#connections.pause();
    void this.#outbox.whenRoom().then(() => this.#connections.resume());
  }

  /** Reads on until senders have noticed, or are quiet: what they have got rid of is not lost. */
  #readWhatArrived(): Promise<void> {
    this.#connections.hangUp();
    return readToTheEnd({
      clock: this.#clock,
      whenRoom: () => this.#outbox.whenRoom(),
      received: () => this.#receivedBytes,
      mayCome: () => this.#connections.count > 0,
    });
  }

  /**
   * Nothing is taken from TCP and Unix senders any more once this has returned, and nothing at
   * all once it has resolved. Twice is harmless.
   */
  async #close(): Promise<void> {
    this.#listeners.stopAccepting();
    this.#connections.close();
    // Only as long as the sockets are open does the kernel tell.
    await this.#kernelDrops.look();
    await this.#listeners.close();
    this.#kernelDrops.close();
    this.#tls?.close();
  }

  get #ports(): number[] {
    const { tcp, tls, udp } = this.#listeners;
    return [...tcp, ...tls, ...udp].map(({ port }) => port);
  }

  get #receivedBytes(): number {
    return this.#connections.receivedBytes + this.#datagrams.receivedBytes;
  }
}

function whenAborted(signal: AbortSignal, ended: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true, signal: ended });
  });
}

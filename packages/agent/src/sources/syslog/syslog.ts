/**
 * The syslog source: listens on TCP, UDP and Unix stream sockets and makes a record of every
 * message. Senders on TCP and Unix sockets wait while records do; a datagram that comes then is
 * dropped and counted.
 */
import type { Host } from '../../host/host.ts';
import type { SyslogRecord } from '../../record.ts';
import type { Emit, Source } from '../source.ts';
import { Connections } from './connections.ts';
import { Datagrams } from './datagrams.ts';
import { Intake } from './intake.ts';
import { Listeners } from './listeners.ts';
import { createLocalTime } from './message/local-time.ts';
import { Outbox } from './outbox.ts';
import { completeSettings, type SyslogSettings } from './settings.ts';

export type { SyslogSettings } from './settings.ts';

/** Turns of the event loop without a byte after which nothing is left in the kernel. */
const QUIET_TURNS = 3;
/** Bound on what is still read after the signal, for a sender that never pauses. */
const DRAIN_BYTES_MAX = 64 * 1024 * 1024;

/** Opens nothing yet: `run` does, once, and rejects with `LISTEN_FAILED` where it cannot. */
export function openSyslog(settings: SyslogSettings, host: Host): Source<SyslogRecord> {
  return new SyslogSource(completeSettings(settings), host);
}

class SyslogSource implements Source<SyslogRecord> {
  readonly key = 'syslog';

  readonly #settings: Required<SyslogSettings>;
  readonly #outbox: Outbox;
  readonly #intake: Intake;
  readonly #connections: Connections;
  readonly #datagrams: Datagrams;
  readonly #listeners: Listeners;

  constructor(settings: Required<SyslogSettings>, host: Host) {
    this.#settings = settings;
    this.#outbox = new Outbox({ ...settings, clock: host.clock });
    const toEpochMs = createLocalTime(settings.utcOffsetMinutes);
    this.#intake = new Intake(this.#outbox, host.clock, toEpochMs);
    this.#connections = new Connections({
      ...settings,
      receive: (messages, senderAddress) => this.#receive(messages, senderAddress),
    });
    this.#datagrams = new Datagrams(this.#intake, settings.frameBytesMax);
    this.#listeners = new Listeners(host.log);
  }

  async run(emit: Emit<SyslogRecord>, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    try {
      await this.#listeners.open(this.#settings, this.#connections, this.#datagrams);
      const delivered = this.#outbox.deliver(emit);
      await Promise.race([whenAborted(signal, ended.signal), delivered]);
      this.#listeners.stopAccepting();
      await Promise.race([this.#readWhatArrived(), delivered]);
      const closed = this.#close();
      this.#outbox.close();
      await Promise.all([delivered, closed]);
    } catch (error) {
      // During shutdown `emit` may refuse; nothing more can be handed over then.
      if (!signal.aborted) throw error;
    } finally {
      ended.abort();
      await this.#close();
    }
  }

  describe(): Readonly<Record<string, unknown>> {
    return {
      tcp: this.#listeners.tcp,
      udp: this.#listeners.udp,
      unixStream: this.#listeners.unixStream,
      connections: this.#connections.count,
      connectionsRefused: this.#connections.refusedCount,
      messages: this.#intake.messageCount,
      unparsed: this.#intake.unparsedCount,
      truncated: this.#connections.truncatedCount + this.#datagrams.truncatedCount,
      udpOverflow: this.#intake.overflowCount,
    };
  }

  #receive(messages: readonly string[], senderAddress: string): void {
    this.#intake.receive(messages, senderAddress);
    if (this.#outbox.hasRoom || this.#connections.isPaused) return;
    this.#connections.pause();
    void this.#outbox.whenRoom().then(() => this.#connections.resume());
  }

  /** Reads on until the kernel has nothing more: what a sender has got rid of is not lost. */
  async #readWhatArrived(): Promise<void> {
    const bytesMax = this.#receivedBytes + DRAIN_BYTES_MAX;
    let quietTurns = 0;
    while (quietTurns < QUIET_TURNS && this.#receivedBytes < bytesMax) {
      await this.#outbox.whenRoom();
      const before = this.#receivedBytes;
      await nextTurn();
      const isQuiet = this.#receivedBytes === before && this.#outbox.hasRoom;
      quietTurns = isQuiet ? quietTurns + 1 : 0;
    }
  }

  /** Nothing comes in any more once this has returned; resolves when all handles are closed. */
  #close(): Promise<void> {
    this.#connections.close();
    return this.#listeners.close();
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

/** Until the event loop has been to the sockets once more. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The addresses the source listens on, from opening to closing. One that cannot be listened on
 * does not keep others from being: it is reported, and tried again meanwhile. So is a Unix socket
 * whose file is removed or replaced while it is listened on.
 */
import type { Socket as DatagramSocket } from 'node:dgram';
import { AgentError, reasonOf } from '../../errors.ts';
import type { Host } from '../../host/host.ts';
import type { Opened, WantedAddress } from './addresses.ts';
import type { PortAddress } from './listen.ts';

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 60_000;
const LOOK_MS = 60_000;

/** An address that is not listened on, why, and where there is something, what to do. */
export interface FailingAddress {
  readonly address: string;
  readonly reason: string;
}

interface Listener {
  readonly wanted: WantedAddress;
  opened?: Opened;
  /** The last one; meaningless once it is opened. */
  failure?: unknown;
}

export interface ListenersOptions {
  readonly host: Pick<Host, 'clock' | 'log'>;
  /** Takes a UDP socket that is bound. */
  readDatagrams(socket: DatagramSocket): Promise<void>;
}

export class Listeners {
  readonly #options: ListenersOptions;
  readonly #listeners: readonly Listener[];
  readonly #ended = new AbortController();
  readonly #working = new Set<Promise<void>>();
  readonly #closing = new Map<Opened, Promise<void>>();

  constructor(addresses: readonly WantedAddress[], options: ListenersOptions) {
    this.#options = options;
    this.#listeners = addresses.map((wanted) => ({ wanted }));
  }

  get tcp(): PortAddress[] {
    return this.#opened.flatMap((at) => (at.transport === 'tcp' ? at.bound : []));
  }

  get tls(): PortAddress[] {
    return this.#opened.flatMap((at) => (at.transport === 'tls' ? at.bound : []));
  }

  get udp(): PortAddress[] {
    return this.#opened.flatMap((at) => (at.transport === 'udp' ? at.bound : []));
  }

  get unixStream(): string[] {
    return this.#opened.flatMap((at) => (at.transport === 'unixStream' ? at.bound : []));
  }

  get failing(): FailingAddress[] {
    return this.#listeners
      .filter(({ opened, failure }) => opened === undefined && failure !== undefined)
      .map(failingAddress);
  }

  /**
   * Opens what can be opened and goes on trying the others. Rejects with `LISTEN_FAILED` when
   * none can be, although some are wanted. `close` is due in either case.
   */
  async open(): Promise<void> {
    for (const listener of this.#listeners) await this.#tryOpen(listener);
    const failed = this.#listeners.filter(({ opened }) => opened === undefined);
    if (failed.length > 0) this.#tellFailed(failed);
    if (this.#listeners.some(({ wanted }) => wanted.isFile)) this.#begin(this.#lookAtFiles());
  }

  #tellFailed(failed: readonly Listener[]): void {
    if (failed.length === this.#listeners.length) throw asOneError(failed);
    for (const listener of failed) {
      this.#options.host.log.error(
        failingAddress(listener),
        'A syslog address cannot be listened on; others are, and it will be tried again.',
      );
      this.#begin(this.#keepTrying(listener));
    }
  }

  /** Takes no more connections. Those that are open go on, and so do UDP sockets. */
  stopAccepting(): void {
    this.#ended.abort();
    for (const at of this.#opened) if (at.transport !== 'udp') this.#close(at);
  }

  /**
   * Resolves when every handle is closed; connections are to be closed by whoever has them.
   * Twice is harmless.
   */
  async close(): Promise<void> {
    this.stopAccepting();
    for (const at of this.#opened) if (at.transport === 'udp') this.#close(at);
    while (this.#working.size > 0) await Promise.all(this.#working);
    await Promise.all(this.#closing.values());
  }

  get #opened(): Opened[] {
    return this.#listeners.flatMap(({ opened }) => opened ?? []);
  }

  #begin(work: Promise<void>): void {
    const working = work.finally(() => this.#working.delete(working));
    this.#working.add(working);
  }

  async #lookAtFiles(): Promise<void> {
    const { clock } = this.#options.host;
    const signal = this.#ended.signal;
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal);
      for (const listener of this.#listeners) await this.#lookAtFile(listener);
    }
  }

  /** Connections that are open stay. */
  async #lookAtFile(listener: Listener): Promise<void> {
    const { opened } = listener;
    if (opened?.transport !== 'unixStream' || (await opened.isReachable())) return;
    if (this.#ended.signal.aborted) return;
    delete listener.opened;
    listener.failure = new Error('the socket was removed or replaced while the agent listened');
    this.#close(opened);
    this.#options.host.log.error(
      failingAddress(listener),
      'A syslog socket can no longer be reached; it will be made again.',
    );
    this.#begin(this.#keepTrying(listener));
  }

  async #keepTrying(listener: Listener): Promise<void> {
    const { clock, log } = this.#options.host;
    const signal = this.#ended.signal;
    let pauseMs = RETRY_MS_MIN;
    while (listener.opened === undefined) {
      await clock.sleep(pauseMs, signal);
      if (signal.aborted) return;
      const told = reasonOf(listener.failure);
      await this.#tryOpen(listener);
      if (listener.opened === undefined && reasonOf(listener.failure) !== told) {
        log.error(failingAddress(listener), 'A syslog address still cannot be listened on.');
      }
      pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX);
    }
    log.info({ address: listener.wanted.name }, 'A syslog address is listened on now.');
  }

  async #tryOpen(listener: Listener): Promise<void> {
    let opened: Opened;
    try {
      opened = await listener.wanted.open();
    } catch (error) {
      listener.failure = error;
      return;
    }
    listener.opened = opened;
    const handle = opened.transport === 'udp' ? opened.socket : opened.server;
    handle.on('error', (error: Error) => {
      const facts = { address: listener.wanted.name, reason: reasonOf(error) };
      this.#options.host.log.warn(facts, 'A syslog listener reports an error.');
    });
    // Whoever ended the source meanwhile did not see this one.
    if (this.#ended.signal.aborted) this.#close(opened);
    else if (opened.transport === 'udp') await this.#options.readDatagrams(opened.socket);
    this.#tellOtherPort(listener.wanted, opened);
  }

  #tellOtherPort({ name, port = 0 }: WantedAddress, { bound }: Opened): void {
    if (port === 0 || typeof bound === 'string' || bound.port === port) return;
    this.#options.host.log.warn(
      { address: name, port: bound.port },
      'The syslog port is taken; senders must use another one.',
    );
  }

  #close(at: Opened): void {
    if (this.#closing.has(at)) return;
    this.#closing.set(at, new Promise((resolve) => closeHandle(at, () => resolve())));
  }
}

function closeHandle(at: Opened, closed: () => void): void {
  if (at.transport === 'unixStream') at.close(closed);
  else if (at.transport === 'udp') at.socket.close(closed);
  else at.server.close(closed);
}

function failingAddress({ wanted, failure }: Listener): FailingAddress {
  return { address: wanted.name, reason: reasonOf(failure) };
}

function asOneError(failed: readonly Listener[]): unknown {
  const [first] = failed;
  if (failed.length === 1) return first?.failure;
  const reasons = failed.map(({ failure }) => reasonOf(failure));
  return new AgentError('LISTEN_FAILED', reasons.join('; '), { cause: first?.failure });
}

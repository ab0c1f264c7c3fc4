/**
 * The open TCP and Unix connections of the source: reads them, and stops reading on request.
 * Every listener has a limit of its own, so that no clients can shut out those of another.
 */
import type { Socket } from 'node:net';
import type { Host } from '../../host/host.ts';
import { FrameReader } from './frame-reader.ts';
import type { Intake, Sender } from './intake.ts';
import type { Arrival } from './message/message.ts';
import { PacedWarning } from './paced-warning.ts';

/**
 * Senders keep idle connections for hours, and one that is closed may cost a message that is on
 * its way. So none is closed but for a new one, and none that was in use within this time.
 */
const IDLE_MS_MIN = 60_000;

const CROWDED =
  'A syslog listener has all the connections it may have; ' +
  'new ones take the place of idle ones, or are refused.';

export interface ConnectionsOptions {
  readonly frameBytesMax: number;
  /** Per listener. */
  readonly connectionsMax: number;
  readonly intake: Intake;
  /** Called when the messages of one read have been taken. */
  afterRead(): void;
  readonly host: Pick<Host, 'clock' | 'log'>;
}

interface Connection {
  readonly socket: Socket;
  readonly frames: FrameReader;
  readonly sender: Sender;
  readonly senderAddress: string;
  /** Of the read under way. */
  arrival: Arrival;
  /** When it was made or last brought something, on the clock that only grows. */
  usedAtMs: number;
}

/** The connections of one listener. */
interface Share {
  readonly listener: string;
  /** In the order of their last use. */
  readonly open: Set<Connection>;
  readonly crowded: PacedWarning;
}

export class Connections {
  /** Connections closed at once because there were too many. */
  refusedCount = 0;
  /** Connections closed for a new one, because they were idle. */
  closedIdleCount = 0;
  /** All there ever were, refused ones too. */
  acceptedCount = 0;
  receivedBytes = 0;
  isPaused = false;

  readonly #options: ConnectionsOptions;
  readonly #shares: Share[] = [];
  #closedTruncatedCount = 0;
  /** What is not read cannot be seen to be in use. */
  #resumedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#shares.reduce((sum, { open }) => sum + open.size, 0);
  }

  /** Messages that were cut because their frame was too long. */
  get truncatedCount(): number {
    let count = this.#closedTruncatedCount;
    for (const { frames } of this.#all()) count += frames.truncatedCount;
    return count;
  }

  /** What takes the connections of one listener, which is called by this name in the log. */
  acceptFor(listener: string): (socket: Socket) => void {
    const crowded = new PacedWarning(this.#options.host, CROWDED);
    const share: Share = { listener, open: new Set(), crowded };
    this.#shares.push(share);
    return (socket) => this.#accept(share, socket);
  }

  /** Leaves what senders send in the kernel, which in the end makes them wait. */
  pause(): void {
    this.isPaused = true;
    for (const { socket } of this.#all()) socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    this.#resumedAtMs = this.#nowMs;
    for (const { socket } of this.#all()) socket.resume();
  }

  /**
   * Tells all senders that there is nobody to send to any more, and goes on reading: what they
   * have sent before they notice is not lost, and what they would send then they keep.
   */
  hangUp(): void {
    for (const { socket } of this.#all()) socket.end();
  }

  /** Receives what has already left the kernel, and takes nothing more from it. */
  close(): void {
    for (const share of this.#shares) {
      for (const connection of [...share.open]) {
        // What was read while the socket was paused: gives it to the listener for `data`.
        connection.socket.read();
        connection.socket.destroy();
        this.#finish(share.open, connection);
      }
      share.crowded.flush();
    }
  }

  get #nowMs(): number {
    return this.#options.host.clock.monotonic();
  }

  *#all(): Iterable<Connection> {
    for (const { open } of this.#shares) yield* open;
  }

  #accept(share: Share, socket: Socket): void {
    this.acceptedCount += 1;
    if (share.open.size >= this.#options.connectionsMax && !this.#makeRoom(share)) {
      socket.destroy();
      return;
    }
    const { intake, frameBytesMax } = this.#options;
    const senderAddress = withoutIpv6Prefix(socket.remoteAddress ?? '');
    const sender = intake.sender();
    const connection: Connection = {
      socket,
      frames: new FrameReader(frameBytesMax, (bytes, start, end) =>
        sender.receive(bytes, start, end, connection.arrival),
      ),
      sender,
      senderAddress,
      arrival: intake.arrivalFrom(senderAddress),
      usedAtMs: this.#nowMs,
    };
    share.open.add(connection);
    socket.on('data', (chunk: Buffer) => this.#read(share, connection, chunk));
    // A reset is nothing to act on; what had arrived is kept by the `close` that follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#finish(share.open, connection));
    if (this.isPaused) socket.pause();
  }

  /** Closes the connection that was idle for longest, if it may be; counts and tells either. */
  #makeRoom({ listener, open, crowded }: Share): boolean {
    const [idlest] = open;
    const facts = { listener, connectionsMax: this.#options.connectionsMax };
    if (idlest === undefined || !this.#isIdle(idlest)) {
      this.refusedCount += 1;
      crowded.add({ refused: 1, closedIdle: 0 }, facts);
      return false;
    }
    this.closedIdleCount += 1;
    crowded.add({ refused: 0, closedIdle: 1 }, facts);
    idlest.socket.destroy();
    this.#finish(open, idlest);
    return true;
  }

  #isIdle({ usedAtMs }: Connection): boolean {
    const idleSinceMs = Math.max(usedAtMs, this.#resumedAtMs);
    return !this.isPaused && this.#nowMs - idleSinceMs > IDLE_MS_MIN;
  }

  #read(share: Share, connection: Connection, chunk: Buffer): void {
    connection.usedAtMs = this.#nowMs;
    if (share.open.delete(connection)) share.open.add(connection);
    this.receivedBytes += chunk.length;
    connection.arrival = this.#options.intake.arrivalFrom(connection.senderAddress);
    connection.frames.push(chunk);
    connection.sender.settle(connection.arrival);
    this.#options.afterRead();
  }

  #finish(open: Set<Connection>, connection: Connection): void {
    if (!open.delete(connection)) return;
    const { frames, senderAddress } = connection;
    connection.arrival = this.#options.intake.arrivalFrom(senderAddress);
    frames.end();
    connection.sender.settle(connection.arrival);
    this.#options.afterRead();
    this.#closedTruncatedCount += frames.truncatedCount;
  }
}

/** `::ffff:192.0.2.1` is what an IPv4 address looks like on a socket that takes both. */
function withoutIpv6Prefix(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

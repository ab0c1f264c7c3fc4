/**
 * The open TCP, TLS and Unix connections of the source: reads them, and stops reading on request.
 * Every listener has a limit of its own, so that no clients can shut out those of another.
 */
import type { Socket } from 'node:net';
import type { Host } from '../../host/host.ts';
import { Connection } from './connection.ts';
import { ConnectionShare, type SenderConnections } from './connection-share.ts';
import { HeldFrames } from './held-frames.ts';
import type { Intake } from './intake.ts';
import { PacedWarning } from './paced-warning.ts';

/**
 * Senders keep idle connections for hours, and one that is closed may cost a message that is on
 * its way. So none is closed but for a new one, and one that was in use within this time only if
 * its sender has more than its share.
 */
const IDLE_MS_MIN = 60_000;

const CROWDED =
  'A syslog listener has all the connections it may have; new ones take the place of idle ones ' +
  'or of senders that have more than others, or are refused. ' +
  'Raise sources.syslog.connectionsMax where so many are wanted.';
const NO_ROOM =
  'Unfinished syslog messages take all the memory they may; the oldest that are long are cut.';

export interface ConnectionsOptions {
  readonly frameBytesMax: number;
  /** Per listener. */
  readonly connectionsMax: number;
  /** Of the unfinished messages of all connections. */
  readonly heldBytesMax: number;
  readonly intake: Intake;
  /** Called when the messages of one read have been taken. */
  afterRead(): void;
  readonly host: Pick<Host, 'clock' | 'log'>;
}

/**
 * Calls `agreed` with what is to be read of a connection, at once or once both sides have agreed on
 * it. Returns what gives that up, without a word.
 */
export type Agree = (socket: Socket, agreed: (stream: Socket) => void) => () => void;

const AS_IT_IS: Agree = (socket, agreed) => {
  agreed(socket);
  return () => {};
};

interface Listener {
  readonly name: string;
  readonly share: ConnectionShare<Connection>;
  readonly crowded: PacedWarning;
}

/** What is known of an open connection beside itself. */
interface Place {
  readonly listener: Listener;
  readonly ofSender: SenderConnections<Connection>;
  giveUp(): void;
}

export class Connections {
  /** Connections closed at once because there were too many. */
  refusedCount = 0;
  /** Connections closed for a new one, because they were idle. */
  closedIdleCount = 0;
  /** Connections closed for one of a sender with fewer, although they were in use. */
  closedUnfairCount = 0;
  /** All there ever were, refused ones too. */
  acceptedCount = 0;
  receivedBytes = 0;
  isPaused = false;

  readonly #options: ConnectionsOptions;
  readonly #listeners: Listener[] = [];
  readonly #open = new Map<Connection, Place>();
  /** All connections by sender, that which was read the longest ago first. */
  readonly #turns = new Set<SenderConnections<Connection>>();
  readonly #held: HeldFrames;
  readonly #noRoom: PacedWarning;
  #closedTruncatedCount = 0;
  /** What is not read cannot be seen to be in use. */
  #resumedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#held = new HeldFrames(options.heldBytesMax);
    this.#noRoom = new PacedWarning(options.host, NO_ROOM);
  }

  get count(): number {
    return this.#open.size;
  }

  /** Messages that were cut because their frame was too long, or for lack of memory. */
  get truncatedCount(): number {
    let count = this.#closedTruncatedCount;
    for (const { frames } of this.#open.keys()) count += frames.truncatedCount;
    return count;
  }

  /** Memory of unfinished messages, and how many were cut for lack of it. */
  get held(): Pick<HeldFrames, 'bytes' | 'cutCount'> {
    return this.#held;
  }

  /** What takes the connections of one listener, which is called by this name in the log. */
  acceptFor(name: string, agree: Agree = AS_IT_IS): (socket: Socket) => void {
    const crowded = new PacedWarning(this.#options.host, CROWDED);
    const listener: Listener = { name, share: new ConnectionShare(), crowded };
    this.#listeners.push(listener);
    return (socket) => this.#accept(listener, socket, agree);
  }

  /** Leaves what senders send in the kernel, which in the end makes them wait. */
  pause(): void {
    this.isPaused = true;
    for (const { stream } of this.#open.keys()) stream?.pause();
  }

  /**
   * Whoever is read first may fill all the room there is. So it is one connection of each sender,
   * that sender first which was read the longest ago; then the others.
   */
  resume(): void {
    this.isPaused = false;
    this.#resumedAtMs = this.#nowMs;
    for (const [longestUnread] of this.#turns) longestUnread?.stream?.resume();
    for (const ofSender of this.#turns) for (const { stream } of ofSender) stream?.resume();
  }

  /**
   * Tells all senders that there is nobody to send to any more, and goes on reading: what they
   * have sent before they notice is not lost, and what they would send then they keep. Those that
   * have not agreed on TLS yet are closed.
   */
  hangUp(): void {
    for (const connection of [...this.#open.keys()]) {
      if (connection.stream === undefined) this.#close(connection);
      else connection.stream.end();
    }
  }

  /** Receives what has already left the kernel, and takes nothing more from it. */
  close(): void {
    for (const connection of [...this.#open.keys()]) this.#close(connection);
    for (const { crowded } of this.#listeners) crowded.flush();
    this.#noRoom.flush();
  }

  get #nowMs(): number {
    return this.#options.host.clock.monotonic();
  }

  #accept(listener: Listener, socket: Socket, agree: Agree): void {
    this.acceptedCount += 1;
    // A reset is nothing to act on; what had arrived is kept by the `close` that follows.
    socket.on('error', () => {});
    const { intake, frameBytesMax } = this.#options;
    const connection = new Connection({ socket, intake, frameBytesMax, usedAtMs: this.#nowMs });
    if (!this.#hasRoom(listener, connection.senderAddress)) {
      socket.destroy();
      return;
    }
    const ofSender = listener.share.add(connection);
    this.#turns.add(ofSender);
    const place = { listener, ofSender, giveUp: () => {} };
    this.#open.set(connection, place);
    socket.on('close', () => {
      // Of TLS there may be more to read.
      if (connection.stream === socket || connection.stream === undefined) this.#finish(connection);
    });
    place.giveUp = agree(socket, (stream) => this.#readFrom(connection, stream));
  }

  #readFrom(connection: Connection, stream: Socket): void {
    connection.stream = stream;
    stream.on('data', (chunk: Buffer) => this.#read(connection, chunk));
    if (stream !== connection.socket) {
      stream.on('error', () => {});
      stream.on('close', () => this.#finish(connection));
    }
    if (this.isPaused) stream.pause();
  }

  /** Whether there is room for one more of the sender; closes another one for it if need be. */
  #hasRoom({ name, share, crowded }: Listener, senderAddress: string): boolean {
    const { connectionsMax } = this.#options;
    if (share.count < connectionsMax) return true;
    const leaving = share.givingWayTo(senderAddress, (each) => this.#isIdle(each));
    const isIdle = leaving !== undefined && this.#isIdle(leaving);
    const counts = {
      refused: leaving === undefined ? 1 : 0,
      closedIdle: isIdle ? 1 : 0,
      closedUnfair: leaving !== undefined && !isIdle ? 1 : 0,
    };
    this.refusedCount += counts.refused;
    this.closedIdleCount += counts.closedIdle;
    this.closedUnfairCount += counts.closedUnfair;
    crowded.add(counts, { listener: name, connectionsMax });
    if (leaving === undefined) return false;
    this.#close(leaving);
    return true;
  }

  #isIdle({ usedAtMs }: Connection): boolean {
    const idleSinceMs = Math.max(usedAtMs, this.#resumedAtMs);
    return !this.isPaused && this.#nowMs - idleSinceMs > IDLE_MS_MIN;
  }

  #read(connection: Connection, chunk: Buffer): void {
    const place = this.#open.get(connection);
    this.receivedBytes += chunk.length;
    connection.usedAtMs = this.#nowMs;
    // In the order of their last use, senders as well as the connections of each.
    if (place?.ofSender.delete(connection) === true) {
      this.#turns.delete(place.ofSender);
      this.#turns.add(place.ofSender.add(connection));
    }
    connection.receive(chunk);
    if (place !== undefined) this.#boundHeld(connection);
    this.#options.afterRead();
  }

  #boundHeld(connection: Connection): void {
    const cut = this.#held.note(connection);
    if (cut === 0) return;
    const { senderAddress } = connection;
    const facts = { heldBytesMax: this.#options.heldBytesMax, sender: senderAddress };
    this.#noRoom.add({ cut }, facts);
  }

  #close(connection: Connection): void {
    // What was read while the socket was paused: gives it to the listener for `data`.
    connection.stream?.read();
    this.#open.get(connection)?.giveUp();
    connection.socket.destroy();
    this.#finish(connection);
  }

  #finish(connection: Connection): void {
    const place = this.#open.get(connection);
    if (place === undefined) return;
    this.#open.delete(connection);
    place.listener.share.remove(connection);
    if (place.ofSender.size === 0) this.#turns.delete(place.ofSender);
    this.#held.forget(connection);
    connection.end();
    this.#closedTruncatedCount += connection.frames.truncatedCount;
    this.#options.afterRead();
  }
}

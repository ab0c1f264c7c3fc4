/** The open TCP and Unix connections of the source: reads them, and stops reading on request. */
import type { Socket } from 'node:net';
import { FrameReader } from './frame-reader.ts';

/** Takes the messages that one read brought; the address is empty for local sockets. */
export type ReceiveMessages = (messages: readonly string[], senderAddress: string) => void;

export interface ConnectionsOptions {
  readonly frameBytesMax: number;
  readonly connectionsMax: number;
  readonly receive: ReceiveMessages;
}

interface Connection {
  readonly socket: Socket;
  readonly frames: FrameReader;
  readonly senderAddress: string;
}

export class Connections {
  /** Connections closed at once because there were too many. */
  refusedCount = 0;
  receivedBytes = 0;
  isPaused = false;

  readonly #options: ConnectionsOptions;
  readonly #open = new Set<Connection>();
  #closedTruncatedCount = 0;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Messages that were cut because their frame was too long. */
  get truncatedCount(): number {
    let count = this.#closedTruncatedCount;
    for (const { frames } of this.#open) count += frames.truncatedCount;
    return count;
  }

  accept(socket: Socket): void {
    if (this.#open.size >= this.#options.connectionsMax) {
      this.refusedCount += 1;
      socket.destroy();
      return;
    }
    const connection: Connection = {
      socket,
      frames: new FrameReader(this.#options.frameBytesMax),
      senderAddress: withoutIpv6Prefix(socket.remoteAddress ?? ''),
    };
    this.#open.add(connection);
    socket.on('data', (chunk: Buffer) => {
      this.receivedBytes += chunk.length;
      this.#options.receive(connection.frames.push(chunk), connection.senderAddress);
    });
    // A reset is nothing to act on; what had arrived is kept by the `close` that follows.
    socket.on('error', () => {});
    socket.on('close', () => this.#finish(connection));
    if (this.isPaused) socket.pause();
  }

  /** Leaves what senders send in the kernel, which in the end makes them wait. */
  pause(): void {
    this.isPaused = true;
    for (const { socket } of this.#open) socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    for (const { socket } of this.#open) socket.resume();
  }

  close(): void {
    for (const connection of this.#open) {
      connection.socket.destroy();
      this.#finish(connection);
    }
  }

  #finish(connection: Connection): void {
    if (!this.#open.delete(connection)) return;
    const { frames, senderAddress } = connection;
    this.#options.receive(frames.end(), senderAddress);
    this.#closedTruncatedCount += frames.truncatedCount;
  }
}

/** `::ffff:192.0.2.1` is what an IPv4 address looks like on a socket that takes both. */
function withoutIpv6Prefix(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** One TCP, TLS or Unix connection: what it brings is framed and received as its sender's. */
import type { Socket } from 'node:net';
import type { Member } from './connection-share.ts';
import { FrameReader } from './frame-reader.ts';
import type { FrameHolder } from './held-frames.ts';
import type { Intake, Sender } from './intake.ts';
import type { Arrival } from './message/message.ts';

export interface ConnectionOptions {
  /** Destroying it closes the connection. */
  readonly socket: Socket;
  readonly intake: Intake;
  readonly frameBytesMax: number;
  readonly usedAtMs: number;
}

export class Connection implements Member, FrameHolder {
  readonly socket: Socket;
  /** What messages are read from: the socket, or TLS over it once that has been agreed on. */
  stream: Socket | undefined;
  readonly senderAddress: string;
  readonly frames: FrameReader;
  usedAtMs: number;

  readonly #intake: Intake;
  readonly #sender: Sender;
  /** Of the read under way. */
  #arrival: Arrival;

  constructor({ socket, intake, frameBytesMax, usedAtMs }: ConnectionOptions) {
    this.socket = socket;
    this.senderAddress = withoutIpv6Prefix(socket.remoteAddress ?? '');
    this.usedAtMs = usedAtMs;
    this.#intake = intake;
    this.#sender = intake.sender();
    this.#arrival = intake.arrivalFrom(this.senderAddress);
    this.frames = new FrameReader(frameBytesMax, (bytes, start, end) =>
      this.#sender.receive(bytes, start, end, this.#arrival),
    );
  }

  receive(chunk: Buffer): void {
    this.#during(() => this.frames.push(chunk));
  }

  cut(): void {
    this.#during(() => this.frames.cut());
  }

  /** Nothing comes any more: what is unfinished is a message too. */
  end(): void {
    this.#during(() => this.frames.end());
  }

  #during(read: () => void): void {
    this.#arrival = this.#intake.arrivalFrom(this.senderAddress);
    read();
    this.#sender.settle(this.#arrival);
  }
}

/** `::ffff:192.0.2.1` is what an IPv4 address looks like on a socket that takes both. */
function withoutIpv6Prefix(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

/** The UDP sockets of the source; a datagram is a message (RFC 5426 §3.1). */
import type { RemoteInfo, Socket } from 'node:dgram';
import type { Intake } from './intake.ts';
import { messageEnd, wholeCharacters } from './text.ts';

export class Datagrams {
  receivedBytes = 0;
  /** Messages that were cut because they were too long. */
  truncatedCount = 0;

  readonly #intake: Intake;
  readonly #bytesMax: number;

  constructor(intake: Intake, bytesMax: number) {
    this.#intake = intake;
    this.#bytesMax = bytesMax;
  }

  read(socket: Socket): void {
    socket.on('message', (datagram: Buffer, sender: RemoteInfo) => {
      this.receivedBytes += datagram.length;
      const end = this.#endOf(datagram);
      if (end === 0) return;
      this.#intake.receiveDatagram(datagram, end, this.#intake.arrivalFrom(sender.address));
    });
  }

  #endOf(datagram: Buffer): number {
    if (datagram.length <= this.#bytesMax) return messageEnd(datagram, 0, datagram.length);
    this.truncatedCount += 1;
    return messageEnd(datagram, 0, wholeCharacters(datagram, 0, this.#bytesMax));
  }
}

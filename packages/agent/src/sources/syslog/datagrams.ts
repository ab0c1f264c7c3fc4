/** The UDP sockets of the source; a datagram is a message (RFC 5426 §3.1). */
import type { RemoteInfo, Socket } from 'node:dgram';
import type { Intake } from './intake.ts';
import { isTerminator, wholeCharacters } from './text.ts';

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
    let end = datagram.length;
    if (end > this.#bytesMax) {
      this.truncatedCount += 1;
      end = wholeCharacters(datagram, 0, this.#bytesMax);
    }
    while (end > 0 && isTerminator(datagram[end - 1]!)) end -= 1;
    return end;
  }
}

/** Where all messages come in, whichever way: counts them and passes them on. */
import type { Clock } from '../../host/clock.ts';
import type { Arrival } from './message/message.ts';
import type { Outbox } from './outbox.ts';

/** Reason under which datagrams count that came while nothing more could be held. */
const OVERFLOW = 'udp overflow';

export class Intake {
  messageCount = 0;
  overflowCount = 0;

  readonly #outbox: Outbox;
  readonly #clock: Clock;

  constructor(outbox: Outbox, clock: Clock) {
    this.#outbox = outbox;
    this.#clock = clock;
  }

  /** For the messages that come at the same time from one sender; empty for local ones. */
  arrivalFrom(senderAddress: string): Arrival {
    return { receivedAtMs: this.#clock.now(), senderAddress };
  }

  /** Takes the message in `bytes[start..end)`, which must not change any more. */
  receive(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    this.messageCount += 1;
    this.#outbox.add(bytes, start, end, arrival);
  }

  /** A message whose sender cannot be made to wait: dropped and counted when there is no room. */
  receiveDatagram(bytes: Buffer, end: number, arrival: Arrival): void {
    if (this.#outbox.hasRoom) {
      this.receive(bytes, 0, end, arrival);
    } else {
      this.overflowCount += 1;
      this.#outbox.reject(OVERFLOW);
    }
  }
}

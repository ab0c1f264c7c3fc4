/** Where all messages come in, whichever way: takes them apart, counts them, passes them on. */
import type { Clock } from '../../host/clock.ts';
import type { SyslogRecord } from '../../record.ts';
import type { WallToEpochMs } from './message/local-time.ts';
import { parseMessage } from './message/message.ts';
import type { Outbox } from './outbox.ts';

/** Reason under which datagrams count that came while nothing more could be held. */
const OVERFLOW = 'udp overflow';

export class Intake {
  messageCount = 0;
  /** Messages without a priority or a time; their whole text is the record's message. */
  unparsedCount = 0;
  overflowCount = 0;

  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #toEpochMs: WallToEpochMs;

  constructor(outbox: Outbox, clock: Clock, toEpochMs: WallToEpochMs) {
    this.#outbox = outbox;
    this.#clock = clock;
    this.#toEpochMs = toEpochMs;
  }

  /** Messages that came at the same time from one sender; the address is empty for local ones. */
  receive(messages: readonly string[], senderAddress: string): void {
    const arrival = { receivedAtMs: this.#clock.now(), senderAddress };
    for (const message of messages) {
      const record = parseMessage(message, arrival, this.#toEpochMs);
      if (isUnparsed(record)) this.unparsedCount += 1;
      this.#outbox.add(record);
    }
    this.messageCount += messages.length;
  }

  /** A message whose sender cannot be made to wait: dropped and counted when there is no room. */
  receiveDatagram(message: string, senderAddress: string): void {
    if (this.#outbox.hasRoom) {
      this.receive([message], senderAddress);
    } else {
      this.overflowCount += 1;
      this.#outbox.reject(OVERFLOW);
    }
  }
}

function isUnparsed(record: SyslogRecord): boolean {
  return record.facility < 0 && record.eventTimeMs === null;
}

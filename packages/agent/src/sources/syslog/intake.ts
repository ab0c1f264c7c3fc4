/**
 * Where all messages come in, whichever way: what repeats itself without end is left out, segments
 * are put together, the rest is counted and passed on.
 */
import type { Host } from '../../host/host.ts';
import type { Arrival } from './message/message.ts';
import { MessageSegments, type TakeMessage } from './message-segments.ts';
import type { Outbox } from './outbox.ts';
import { PacedWarning } from './paced-warning.ts';
import { RepeatGuard } from './repeat-guard.ts';

/** Reason under which datagrams count that came while nothing more could be held. */
const OVERFLOW = 'udp overflow';
/** Reason under which messages count that a sender repeated too often. */
const REPEATED = 'repeated too often';

const STORM =
  'A syslog sender repeats one message again and again; what is more than ' +
  'sources.syslog.repeatsPerSecondMax is counted and not kept.';

/** Senders of datagrams whose last message is remembered. */
const DATAGRAM_SENDERS_MAX = 256;

export interface IntakeOptions {
  /** 0: any number. */
  readonly repeatsPerSecondMax: number;
  readonly joinSegments: boolean;
}

export class Intake {
  messageCount = 0;
  overflowCount = 0;
  repeatedCount = 0;

  readonly #options: IntakeOptions;
  readonly #outbox: Outbox;
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #segments: MessageSegments | undefined;
  readonly #storm: PacedWarning;
  readonly #datagramSenders = new Map<string, Sender>();

  constructor(options: IntakeOptions, outbox: Outbox, host: Pick<Host, 'clock' | 'log'>) {
    this.#options = options;
    this.#outbox = outbox;
    this.#host = host;
    this.#storm = new PacedWarning(host, STORM);
    if (options.joinSegments) {
      this.#segments = new MessageSegments(host.clock, (bytes, start, end, arrival) =>
        this.#passOn(bytes, start, end, arrival),
      );
    }
  }

  get segments(): Pick<MessageSegments, 'joinedCount' | 'incompleteCount' | 'waitingCount'> {
    return this.#segments ?? { joinedCount: 0, incompleteCount: 0, waitingCount: 0 };
  }

  /** For the messages that come at the same time from one sender; empty for local ones. */
  arrivalFrom(senderAddress: string): Arrival {
    return { receivedAtMs: this.#host.clock.now(), senderAddress };
  }

  /** What takes the messages of one sender. */
  sender(): Sender {
    const { repeatsPerSecondMax } = this.#options;
    const guard = repeatsPerSecondMax > 0 ? new RepeatGuard(repeatsPerSecondMax) : undefined;
    return new Sender(guard, this.#take, (count, senderAddress) =>
      this.#countRepeated(count, senderAddress),
    );
  }

  /** A message whose sender cannot be made to wait: dropped and counted when there is no room. */
  receiveDatagram(bytes: Buffer, end: number, arrival: Arrival): void {
    if (!this.#outbox.hasRoom) {
      this.overflowCount += 1;
      this.#outbox.reject(OVERFLOW);
      return;
    }
    const sender = this.#datagramSender(arrival.senderAddress);
    sender.receive(bytes, 0, end, arrival);
    sender.settle(arrival);
  }

  /** Passes on what waits for more of it, and tells what was not told. */
  close(): void {
    this.#segments?.flush();
    this.#storm.flush();
  }

  #datagramSender(address: string): Sender {
    const known = this.#datagramSenders.get(address);
    if (known !== undefined) return known;
    if (this.#datagramSenders.size >= DATAGRAM_SENDERS_MAX) this.#datagramSenders.clear();
    const sender = this.sender();
    this.#datagramSenders.set(address, sender);
    return sender;
  }

  readonly #take: TakeMessage = (bytes, start, end, arrival) => {
    if (this.#segments?.add(bytes, start, end, arrival) === true) return;
    this.#passOn(bytes, start, end, arrival);
  };

  #passOn(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    this.messageCount += 1;
    this.#outbox.add(bytes, start, end, arrival);
  }

  #countRepeated(count: number, senderAddress: string): void {
    this.repeatedCount += count;
    this.#outbox.reject(REPEATED, count);
    this.#storm.add({ repeated: count }, { sender: senderAddress });
  }
}

/** Messages of one sender, in turn. */
export class Sender {
  readonly #guard: RepeatGuard | undefined;
  readonly #take: TakeMessage;
  readonly #tellRepeated: (count: number, senderAddress: string) => void;
  #repeatedCount = 0;

  constructor(
    guard: RepeatGuard | undefined,
    take: TakeMessage,
    tellRepeated: (count: number, senderAddress: string) => void,
  ) {
    this.#guard = guard;
    this.#take = take;
    this.#tellRepeated = tellRepeated;
  }

  /** Takes the message in `bytes[start..end)`, which must not change any more. */
  receive(bytes: Buffer, start: number, end: number, arrival: Arrival): void {
    if (this.#guard?.isExcess(bytes, start, end, arrival) === true) this.#repeatedCount += 1;
    else this.#take(bytes, start, end, arrival);
  }

  /** To be called when the messages of one read have been received. */
  settle({ senderAddress }: Arrival): void {
    this.#guard?.settle();
    if (this.#repeatedCount === 0) return;
    this.#tellRepeated(this.#repeatedCount, senderAddress);
    this.#repeatedCount = 0;
  }
}

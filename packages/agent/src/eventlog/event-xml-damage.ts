/**
 * Damage of event XML as it comes to light, piece by piece: text that goes on over many pieces is
 * one place, and whether a file holds events at all is known at its end only.
 */
import type { Damage } from './damage.ts';

/** Characters of one event; longer ones are damage. Windows writes events of up to 64 KiB. */
export const EVENT_LENGTH_MAX = 0x40_0000;
const TOO_LONG = `an event of more than ${EVENT_LENGTH_MAX} characters`;

/** Bytes of the file. */
interface Place {
  readonly offset: number;
  readonly length: number;
}

export class EventXmlDamage {
  #found: Damage[] = [];
  /** The last of them, as long as text that follows belongs to it. */
  #open: Damage | null = null;
  #isAnyEvent: boolean;

  /** `isAnyEvent`: there was one before. */
  constructor(isAnyEvent: boolean) {
    this.#isAnyEvent = isAnyEvent;
  }

  /** An event, whatever is found in it, ends what was open. */
  event(): void {
    if (this.#open !== null) this.#close();
    this.#isAnyEvent = true;
  }

  malformed(place: Place, detail: string): void {
    this.event();
    this.#found.push({ ...place, reason: 'malformed event', detail });
  }

  tooLong(place: Place): void {
    this.event();
    this.#found.push({ ...place, reason: 'oversized event', detail: TOO_LONG });
  }

  /** The beginning of an event that is longer than is read; text follows that belongs to it. */
  tooLongSoFar(place: Place): void {
    this.event();
    this.#open = { ...place, reason: 'oversized event', detail: TOO_LONG };
  }

  /** Text outside of events. */
  stray({ offset, length }: Place): void {
    if (this.#open !== null) {
      this.#open = { ...this.#open, length: offset + length - this.#open.offset };
      return;
    }
    const detail = 'not a closed event';
    this.#open = { offset, length, reason: 'malformed event', detail };
    if (this.#isAnyEvent) this.#close();
  }

  /** What has come to light since the last call; all of it, when no more text will come. */
  take(isEnd: boolean): readonly Damage[] {
    if (isEnd && this.#open !== null) this.#close();
    const found = this.#found;
    if (found.length > 0) this.#found = [];
    const [only] = found;
    if (!isEnd || this.#isAnyEvent || only === undefined) return found;
    return [{ offset: only.offset, length: only.length, reason: 'no event log' }];
  }

  #close(): void {
    if (this.#open !== null) this.#found.push(this.#open);
    this.#open = null;
  }
}

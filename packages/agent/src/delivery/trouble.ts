/**
 * Failures in a row of a destination or of one of its flows, and the wait after each. The log
 * hears when trouble starts and when it ends, not of each attempt in between.
 */
import type { Host } from '../host/host.ts';
import type { Log } from '../host/log.ts';
import { backoffMs, HELD, TRANSIENT } from './backoff.ts';
import { Pause } from './pause.ts';

export interface Wait {
  /** What was asked for; absent: a back-off of our own. */
  readonly afterMs?: number;
  /** Someone has to act. */
  readonly isHeld?: boolean;
}

export class Trouble {
  readonly pause: Pause;
  readonly #host: Host;
  readonly #log: Log;
  #failures = 0;
  #reason: string | undefined;
  #isHeld = false;

  /** `onEnd` is called when a wait has run its time. */
  constructor(host: Host, log: Log, onEnd: () => void) {
    this.#host = host;
    this.#log = log;
    this.pause = new Pause(host.clock, onEnd);
  }

  /** In a row. */
  get failures(): number {
    return this.#failures;
  }

  get isOn(): boolean {
    return this.#failures > 0;
  }

  /** Of the last failure, as long as it is not over. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Someone has to act; also while it is tried once more. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Uploads that were under way together and fail together count as one failure. */
  failed(reason: string, { afterMs, isHeld = false }: Wait = {}): void {
    const isFirst = !this.pause.isOn;
    if (isFirst) this.#count(reason);
    else if (afterMs === undefined) return;
    this.#isHeld = isHeld;
    const range = isHeld ? HELD : TRANSIENT;
    this.pause.start(afterMs ?? backoffMs(range, this.#failures, this.#host.random()), isHeld);
  }

  /** The service is there and listens. */
  ended(): void {
    if (this.isOn) this.#log.info({ failures: this.#failures }, 'delivery works again');
    this.#failures = 0;
    this.#reason = undefined;
    this.#isHeld = false;
  }

  #count(reason: string): void {
    this.#failures += 1;
    this.#reason = reason;
    if (this.#failures === 1) {
      this.#log.warn({ reason }, 'delivery fails; nothing is lost, it will be tried again');
    } else {
      this.#log.debug({ reason, failures: this.#failures }, 'delivery still fails');
    }
  }
}

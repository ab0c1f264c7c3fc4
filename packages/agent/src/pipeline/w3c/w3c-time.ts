/** The times of rows in W3C format. Rows of one second follow each other, so the last one is kept. */
import type { WallToEpochMs } from '../../time/local-time.ts';
import type { W3cLayout } from './w3c-layout.ts';
import type { W3cValues } from './w3c-values.ts';

const TIME = /^([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,7})?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

export class W3cTime {
  readonly #toEpochMs: WallToEpochMs;
  #layout: W3cLayout | undefined;
  #day: Buffer = Buffer.alloc(0);
  #clock: Buffer = Buffer.alloc(0);
  #text: string | undefined;

  constructor(toEpochMs: WallToEpochMs) {
    this.#toEpochMs = toEpochMs;
  }

  /**
   * As JSON has it, without quotes; `undefined` for a time that is none. Without a date the last
   * `#Date` holds, without a time that of reading.
   */
  of(layout: W3cLayout, values: W3cValues, readAtMs: number): string | undefined {
    const { header, date, time } = layout;
    if (time < 0 || (date < 0 && header?.date === undefined)) {
      return new Date(readAtMs).toISOString();
    }
    if (this.#isLast(layout, values)) return this.#text;
    this.#layout = layout;
    this.#clock = values.copy(time);
    if (date >= 0) this.#day = values.copy(date);
    const day = date >= 0 ? this.#day.toString('latin1') : header!.date!;
    this.#text = this.#textOf(day, this.#clock.toString('latin1'), header?.isLocalTime === true);
    return this.#text;
  }

  #isLast(layout: W3cLayout, values: W3cValues): boolean {
    return (
      layout === this.#layout &&
      values.isAt(layout.time, this.#clock) &&
      (layout.date < 0 || values.isAt(layout.date, this.#day))
    );
  }

  #textOf(day: string, clock: string, isLocal: boolean): string | undefined {
    if (!DATE.test(day) || !TIME.test(clock)) return undefined;
    const wallMs = Date.parse(`${day}T${clock}Z`);
    // `Date.parse` lets 30 February pass as 2 March.
    if (Number.isNaN(wallMs) || new Date(wallMs).getUTCDate() !== Number(day.slice(8))) {
      return undefined;
    }
    return new Date(isLocal ? this.#toEpochMs(wallMs) : wallMs).toISOString();
  }
}

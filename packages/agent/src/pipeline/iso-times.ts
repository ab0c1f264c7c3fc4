/** Times as rows carry them, `2026-11-20T06:14:34.007Z`, written without a `Date` for each. */
import type { JsonBytes } from './json-bytes.ts';
import { JsonLiteral } from './json-literal.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export class IsoTimes {
  #day = Number.NaN;
  /** `2026-11-20T`. */
  #date = new JsonLiteral('');

  /** `epochMs` is a whole number that a `Date` takes. */
  write(epochMs: number, out: JsonBytes): void {
    const day = Math.floor(epochMs / DAY_MS);
    if (day !== this.#day) {
      this.#date = new JsonLiteral(new Date(epochMs).toISOString().slice(0, -13));
      this.#day = day;
    }
    const ms = (epochMs - day * DAY_MS) | 0;
    out.raw(this.#date);
    out.timeOfDay((ms / HOUR_MS) | 0, ((ms / MINUTE_MS) | 0) % 60, ms % MINUTE_MS);
  }
}

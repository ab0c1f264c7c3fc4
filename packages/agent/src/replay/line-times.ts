/**
 * Times that lines begin with where the rule does not say so: to tell which time a log covers, and
 * for nothing else. Any of the formats that a rule may name is found.
 */
import type { LineRecord } from '../record.ts';
import type { RecordStart } from '../sources/log-files/record-start.ts';
import { recordBeginsOf } from './record-begins.ts';
import type { ReplayClock } from './replay-clock.ts';

/** `recordStartTimestampFormat`, those that say most first. */
const FORMATS: readonly string[] = [
  'ISO 8601',
  'dd/MMM/yyyy:HH:mm:ss zzz',
  'YYYY-MM-DD HH:MM:SS',
  'M/D/YYYY HH:MM:SS AM/PM',
  'Mon DD, YYYY HH:MM:SS',
  'MMM d hh:mm:ss',
  'yyMMdd HH:mm:ss',
];
/** Lines that are tried before a log counts as one without times. */
const TRIED_MAX = 100;

export class LineTimes {
  readonly #clock: ReplayClock;
  #begins: RecordStart | undefined;
  #tried = 0;
  readonly #formats: readonly RecordStart[];

  constructor(clock: ReplayClock) {
    this.#clock = clock;
    this.#formats = FORMATS.flatMap((format) => recordBeginsOf(format, clock) ?? []);
  }

  /** Epoch milliseconds, or `NaN`. */
  timeOf({ bytes, start, end }: LineRecord): number {
    const { yearMs } = this.#clock;
    if (this.#begins === undefined) {
      if (this.#tried === TRIED_MAX) return Number.NaN;
      this.#tried += 1;
      this.#begins = this.#formats.find((begins) => begins(bytes, start, end, yearMs) !== null);
    }
    return this.#begins?.(bytes, start, end, yearMs) ?? Number.NaN;
  }
}

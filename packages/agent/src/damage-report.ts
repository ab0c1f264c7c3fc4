/** What was wrong with one file, in lines for a person. */
import { DAMAGE_REASONS, type Damage, type DamageReason } from './eventlog/damage.ts';
import { printable } from './host/printable.ts';

/** Damaged places of one file that are told one by one. */
const TOLD_MAX = 10;

/** What to do about it, where that is not plain. */
const ADVICE: Partial<Record<DamageReason, string>> = {
  'no event log': 'give an .evtx file, or event XML as Event Viewer saves it',
  'piped log': "give the file's name instead",
};

export class DamageReport {
  readonly #name: string;
  readonly #told: string[] = [];
  #damaged = 0;
  #failure: string | undefined;

  constructor(name: string) {
    this.#name = printable(name);
  }

  add(damage: readonly Damage[]): void {
    for (const each of damage) {
      this.#damaged++;
      if (this.#told.length < TOLD_MAX) this.#told.push(`${this.#name}: ${wordsOf(each)}`);
    }
  }

  /** It could not be read to its end. */
  fail(message: string): void {
    this.#failure = printable(message);
  }

  get isDamaged(): boolean {
    return this.#damaged > 0;
  }

  /** Nothing in it is an event, and something else is. */
  isUnreadable(total: number): boolean {
    return this.#failure !== undefined || (total === 0 && this.#damaged > 0);
  }

  lines(salvaged: number): string[] {
    const lines = [...this.#told];
    const more = this.#damaged - this.#told.length;
    if (more > 0) lines.push(`${this.#name}: ${more} more damaged places`);
    if (salvaged > 0) lines.push(`${this.#name}: ${salvaged} events were found behind damage`);
    if (this.#failure !== undefined) lines.push(this.#failure);
    return lines;
  }
}

function wordsOf({ reason, offset, length, detail }: Damage): string {
  const isAboutAll = length === 0 || reason === 'no event log';
  const what = reason === 'cut file' ? 'missing bytes' : 'bytes';
  const place = isAboutAll ? '' : ` at offset ${offset}, ${length} ${what}`;
  const advice = ADVICE[reason];
  return `${reason}${place}: ${detail ?? meaningOf(reason)}${advice ? `; ${advice}` : ''}`;
}

/** The sentence of the catalogue, to stand within another. */
function meaningOf(reason: DamageReason): string {
  const sentence = DAMAGE_REASONS[reason].replace(/\.$/, '');
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

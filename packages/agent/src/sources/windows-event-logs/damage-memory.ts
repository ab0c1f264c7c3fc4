/**
 * Which damage has been counted. A reader tells of the damage around its position at every look;
 * each piece of it is worth one count, over restarts too.
 */
import type { Damage } from '../../eventlog/damage.ts';

/** More damage than this around one position is counted again rather than remembered. */
const REMEMBERED_MAX = 200;

export class DamageMemory {
  #counted: Set<string>;

  constructor(counted: readonly string[]) {
    this.#counted = new Set(counted);
  }

  /** What of this was not counted yet; `hasMoved`: the position is another than last time. */
  take(damage: readonly Damage[], hasMoved: boolean): Damage[] {
    const fresh = damage.filter((piece) => !this.#counted.has(keyOf(piece)));
    // Behind a new position the old damage is out of sight.
    if (hasMoved) this.#counted = new Set(damage.map(keyOf));
    else for (const piece of fresh) this.#counted.add(keyOf(piece));
    return fresh;
  }

  counted(): string[] {
    return [...this.#counted].slice(-REMEMBERED_MAX);
  }
}

function keyOf({ offset, reason }: Damage): string {
  return `${offset} ${reason}`;
}

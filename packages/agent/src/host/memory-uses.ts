/** Who still needs the memory of some bytes. Once nobody does, it is freed by hand. */
import { freeMemory } from './free-memory.ts';

interface Uses {
  count: number;
  /** Somebody may look at it for longer than anybody here knows. */
  isLeft: boolean;
}

export class MemoryUses {
  readonly #uses = new Map<Uint8Array, Uses>();

  add(bytes: Uint8Array): void {
    const uses = this.#uses.get(bytes);
    if (uses === undefined) this.#uses.set(bytes, { count: 1, isLeft: false });
    else uses.count += 1;
  }

  remove(bytes: Uint8Array): void {
    this.#end(bytes, false);
  }

  /** As `remove`, but whoever had it may still look at it: it is left to the collector. */
  leave(bytes: Uint8Array): void {
    this.#end(bytes, true);
  }

  #end(bytes: Uint8Array, isLeft: boolean): void {
    const uses = this.#uses.get(bytes);
    if (uses === undefined) return;
    uses.count -= 1;
    uses.isLeft ||= isLeft;
    if (uses.count > 0) return;
    this.#uses.delete(bytes);
    if (!uses.isLeft) freeMemory(bytes);
  }
}

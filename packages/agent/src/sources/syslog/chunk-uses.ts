/**
 * Who still needs the memory of a chunk: its messages end up in one batch or in several. Once
 * nobody does, it is freed.
 */
import { freeMemory } from '../../host/free-memory.ts';

export class ChunkUses {
  readonly #uses = new Map<Buffer, number>();

  add(chunk: Buffer): void {
    this.#uses.set(chunk, (this.#uses.get(chunk) ?? 0) + 1);
  }

  remove(chunk: Buffer): void {
    const left = (this.#uses.get(chunk) ?? 0) - 1;
    if (left > 0) {
      this.#uses.set(chunk, left);
    } else {
      this.#uses.delete(chunk);
      freeMemory(chunk);
    }
  }
}

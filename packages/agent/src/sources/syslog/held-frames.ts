/**
 * What the unfinished frames of all connections hold together, and its bound. Each connection has
 * a bound of its own, the longest message; but thousands that each hold one that never ends would
 * be too much. Beyond the bound frames are cut, the oldest first of those that hold half the
 * average at least: a message that is really under way is younger than those that somebody leaves
 * open, and what holds next to nothing would not help. What was there of it is kept.
 */
import type { FrameReader } from './frame-reader.ts';

export interface FrameHolder {
  readonly frames: Pick<FrameReader, 'heldBytes' | 'heldFrames'>;
  /** Ends the unfinished frame where it is. */
  cut(): void;
}

interface Held {
  /** Which of the holder's. */
  readonly frame: number;
  bytes: number;
}

export class HeldFrames {
  /** Memory of all unfinished frames. */
  bytes = 0;
  /** Frames that were cut for this bound. */
  cutCount = 0;

  readonly #bytesMax: number;
  /** By the age of their frame, the oldest first. */
  readonly #held = new Map<FrameHolder, Held>();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** To be called after each read; returns how many frames were cut. */
  note(holder: FrameHolder): number {
    this.#update(holder);
    const before = this.cutCount;
    while (this.bytes > this.#bytesMax) this.#cutOne();
    return this.cutCount - before;
  }

  forget(holder: FrameHolder): void {
    this.bytes -= this.#held.get(holder)?.bytes ?? 0;
    this.#held.delete(holder);
  }

  #update(holder: FrameHolder): void {
    const { heldBytes, heldFrames } = holder.frames;
    const known = this.#held.get(holder);
    if (known?.frame === heldFrames && heldBytes > 0) {
      this.bytes += heldBytes - known.bytes;
      known.bytes = heldBytes;
      return;
    }
    if (known !== undefined) this.forget(holder);
    if (heldBytes === 0) return;
    this.#held.set(holder, { frame: heldFrames, bytes: heldBytes });
    this.bytes += heldBytes;
  }

  #cutOne(): void {
    const bytesMin = this.bytes / this.#held.size / 2;
    for (const [holder, { bytes }] of this.#held) {
      if (bytes < bytesMin) continue;
      this.cutCount += 1;
      this.forget(holder);
      holder.cut();
      return;
    }
  }
}

/** Gathers the JSON texts of one outlet into fragments of a size worth compressing. */
import type { Entry, Outlet } from '../buffer/durable-buffer.ts';
import { createFragment } from '../fragment.ts';

/** Large enough for the compressor to find repetition, small enough to pack batches tightly. */
const FRAGMENT_CHARS = 128 * 1024;
const FRAGMENT_RECORDS = 5_000;

export class FragmentWriter {
  readonly #outlet: Outlet;
  readonly #entries: Entry[];
  #texts: string[] = [];
  #chars = 0;

  /** Finished fragments are pushed onto `entries`. */
  constructor(outlet: Outlet, entries: Entry[]) {
    this.#outlet = outlet;
    this.#entries = entries;
  }

  /** One JSON text. */
  add(text: string): void {
    this.#texts.push(text);
    this.#chars += text.length;
    if (this.#chars >= FRAGMENT_CHARS || this.#texts.length >= FRAGMENT_RECORDS) this.flush();
  }

  flush(): void {
    if (this.#texts.length === 0) return;
    const json = Buffer.from(this.#texts.join(','), 'utf8');
    const fragment = createFragment(json, this.#texts.length);
    this.#entries.push({ outlet: this.#outlet, fragment });
    this.#texts = [];
    this.#chars = 0;
  }
}

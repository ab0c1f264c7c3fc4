/**
 * What one destination was given: every record by its number, with the batch it came in. Kept
 * small, for runs of millions.
 */
import { hash } from 'node:crypto';
import { readNumberedText, SOURCES, type SourceName } from './numbered-text.ts';

/** How many of a kind of finding are kept as samples. */
const SAMPLES = 5;

/** What must not be; each with how often and a few examples. */
export interface Findings {
  readonly count: number;
  readonly samples: readonly string[];
}

export class Arrivals {
  /** Per source: the batch of each number, counted from 1; 0 where the number has not come. */
  readonly #batchOf: Record<SourceName, Uint32Array>;
  readonly #distinct: Record<SourceName, number> = { messages: 0, lines: 0, events: 0 };
  readonly #batches = new Map<string, { readonly index: number; readonly digest: string }>();
  readonly #written: (source: SourceName) => number;
  readonly #findings = new Map<string, { count: number; samples: string[] }>();
  #repeatedBatches = 0;

  /** `written`: the highest number that exists so far. */
  constructor(written: (source: SourceName) => number) {
    this.#written = written;
    const none = (): Uint32Array => new Uint32Array(1_024);
    this.#batchOf = { messages: none(), lines: none(), events: none() };
  }

  /** Batches that came again, as they may. */
  get repeatedBatches(): number {
    return this.#repeatedBatches;
  }

  /** What must not be, by name. */
  get findings(): ReadonlyMap<string, Findings> {
    return this.#findings;
  }

  distinct(source: SourceName): number {
    return this.#distinct[source];
  }

  has(source: SourceName, number: number): boolean {
    return (this.#batchOf[source][number] ?? 0) > 0;
  }

  /** Numbers from 1 on that have not come. */
  missing(source: SourceName, last: number): number[] {
    const found: number[] = [];
    for (let n = 1; n <= last; n++) if (!this.has(source, n)) found.push(n);
    return found;
  }

  /** A batch was stored; `texts` are its records. */
  note(batchId: string, texts: readonly string[]): void {
    const digest = hash('sha256', texts.join('\0'));
    const known = this.#batches.get(batchId);
    if (known !== undefined) {
      this.#repeatedBatches += 1;
      if (known.digest !== digest) this.#find('batches repeated with other records', batchId);
      return;
    }
    const index = this.#batches.size + 1;
    this.#batches.set(batchId, { index, digest });
    for (const text of texts) this.#noteRecord(index, text);
  }

  #noteRecord(batch: number, text: string): void {
    const read = readNumberedText(text);
    if (read === undefined) {
      this.#find('records damaged', text.slice(0, 120));
      return;
    }
    const { source, number } = read;
    if (number < 1 || number > this.#written(source)) {
      this.#find('records never written', `${source} ${number}`);
      return;
    }
    const before = this.#roomFor(source, number)[number];
    if (before !== 0) {
      this.#find('records repeated outside a repeated batch', `${source} ${number}`);
      return;
    }
    this.#batchOf[source][number] = batch;
    this.#distinct[source] += 1;
  }

  #roomFor(source: SourceName, number: number): Uint32Array {
    const room = this.#batchOf[source];
    if (number < room.length) return room;
    const more = new Uint32Array(Math.max(number + 1, room.length * 2));
    more.set(room);
    this.#batchOf[source] = more;
    return more;
  }

  #find(what: string, sample: string): void {
    const found = this.#findings.get(what) ?? { count: 0, samples: [] };
    found.count += 1;
    if (found.samples.length < SAMPLES) found.samples.push(sample);
    this.#findings.set(what, found);
  }
}

/** Numbers that only one of the two has been given. */
export function differences(one: Arrivals, two: Arrivals, last: (of: SourceName) => number) {
  return SOURCES.flatMap((source) => {
    const odd: string[] = [];
    for (let n = 1; n <= last(source); n++) {
      if (one.has(source, n) !== two.has(source, n)) odd.push(`${source} ${n}`);
    }
    return odd;
  });
}

/** Text whose places in the document are known, though entities and CDATA stood in between. */

interface Piece {
  /** Where the piece begins in the text. */
  readonly at: number;
  /** Where it begins in the document. */
  readonly offset: number;
}

export class MappedText {
  readonly #start: number;
  readonly #pieces: Piece[] = [];
  #text = '';

  /** `start` is its place in the document while it is empty. */
  constructor(start: number) {
    this.#start = start;
  }

  get text(): string {
    return this.#text;
  }

  /** Appends what the document holds at `offset`: as it is written, or one decoded reference. */
  append(piece: string, offset: number): void {
    if (piece === '') return;
    this.#pieces.push({ at: this.#text.length, offset });
    this.#text += piece;
  }

  /** The place in the document of a place in the text. */
  offsetOf(at: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.at ?? 0) <= at) low = middle;
      else high = middle;
    }
    const piece = this.#pieces[low] ?? { at, offset: this.#start };
    return piece.offset + at - piece.at;
  }
}

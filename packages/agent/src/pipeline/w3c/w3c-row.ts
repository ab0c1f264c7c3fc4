/** Writes the columns of one row, each once: a log may name a field twice. */
import type { JsonBytes } from '../json-bytes.ts';

const CLOSE = 0x7d;

export class W3cRow {
  readonly #out: JsonBytes;
  readonly #written = new Set<string>();

  constructor(out: JsonBytes) {
    this.#out = out;
  }

  text(column: string, value: string): void {
    this.#json(column, JSON.stringify(value));
  }

  /** Digits as they are, leading zeros apart. */
  digits(column: string, text: string): void {
    this.#json(column, text.length < 16 ? String(Number(text)) : String(BigInt(text)));
  }

  value(column: string, value: string | number | Readonly<Record<string, string>>): void {
    this.#json(column, JSON.stringify(value));
  }

  end(): void {
    this.#out.byte(CLOSE);
  }

  #json(column: string, json: string): void {
    if (this.#written.has(column)) return;
    this.#out.json(`${this.#written.size === 0 ? '{' : ','}"${column}":${json}`);
    this.#written.add(column);
  }
}

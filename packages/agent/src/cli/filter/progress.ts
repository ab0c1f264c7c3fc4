/** How far long work is, on a terminal only: one line that is written over. */
import { printable } from '../../host/printable.ts';

/** Work that is done before this is not worth a line. */
const FIRST_AFTER_MS = 500;
const AGAIN_AFTER_MS = 200;
const CLEAR_LINE = '\r\u001b[K';

/** Where the line goes. */
export interface Terminal {
  /** Asked once there is something to show. */
  isThere(): boolean;
  write(text: string): void;
}

export class Progress {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #nextMs: number;
  #name = '';
  /** Bytes of the files before this one, and of this one. */
  #before = 0;
  #read = 0;
  #hasLine = false;

  constructor(terminal: Terminal, total: number, nowMs: () => number) {
    this.#terminal = terminal;
    this.#total = total;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    this.#nextMs = this.#startMs + FIRST_AFTER_MS;
  }

  begin({ name }: { readonly name: string }): void {
    this.#before += this.#read;
    this.#read = 0;
    this.#name = name;
  }

  at(bytesRead: number): void {
    this.#read = bytesRead;
    const now = this.#nowMs();
    if (now < this.#nextMs) return;
    this.#nextMs = this.#terminal.isThere() ? now + AGAIN_AFTER_MS : Number.POSITIVE_INFINITY;
    if (this.#nextMs !== Number.POSITIVE_INFINITY) this.#show(now);
  }

  /** Makes room for something else. */
  clear(): void {
    if (this.#hasLine) this.#terminal.write(CLEAR_LINE);
    this.#hasLine = false;
  }

  #show(now: number): void {
    const bytes = this.#before + this.#read;
    const share = this.#total === 0 ? '' : `${Math.floor((100 * bytes) / this.#total)} %  `;
    const rate = bytes / 1e3 / Math.max(1, now - this.#startMs);
    const size = `${(bytes / 1e6).toFixed(0)} MB  ${rate.toFixed(0)} MB/s`;
    this.#terminal.write(`${CLEAR_LINE}${share}${size}  ${printable(this.#name)}`);
    this.#hasLine = true;
  }
}

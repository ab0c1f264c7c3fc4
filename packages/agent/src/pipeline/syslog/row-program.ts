/** Pieces of rows as programs of the kernel; see its `steps.ts`. */
import type { KernelExports } from './kernel-exports.ts';
import type { RowPiece } from './row-pieces.ts';
import { FACILITY_MAX, SEVERITY_MAX } from './syslog-names.ts';

export interface RowProgram {
  readonly address: number;
  /** Of all it writes that is not of the message or of its sender, at most. */
  readonly fixedBytes: number;
}

const TIME_BYTES = 24;
/** The kernel copies texts sixteen bytes at a time. */
const ALIGNMENT = 16;

type Step = readonly [step: number, first: number, second: number];

/** Puts programs and their texts one behind the other into the kernel's memory. */
export class ProgramMemory {
  readonly #kernel: KernelExports;
  #next: number;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
    this.#next = kernel.is.PROGRAMS;
  }

  /** Throws `RangeError` when there is no room. */
  add(pieces: readonly RowPiece[]): RowProgram {
    const { is, view } = this.#kernel;
    let fixedBytes = 0;
    const steps = pieces.map((piece) => {
      const { step, bytes } = this.#stepOf(piece);
      fixedBytes += bytes;
      return step;
    });
    const address = this.#take((steps.length + 1) * is.STEP_BYTES);
    for (const [i, words] of [...steps, [is.STEP_END, 0, 0]].entries()) {
      for (const [j, word] of words.entries()) {
        view.setUint32(address + i * is.STEP_BYTES + 4 * j, word, true);
      }
    }
    return { address, fixedBytes };
  }

  /** And how many bytes it writes, at most. */
  #stepOf(piece: RowPiece): { step: Step; bytes: number } {
    const { is } = this.#kernel;
    switch (piece.kind) {
      case 'raw':
        return this.#withText(is.STEP_RAW, piece.json);
      case 'facility':
        return this.#withList(is.STEP_FACILITY, FACILITY_MAX, piece.json);
      case 'severity':
        return this.#withList(is.STEP_SEVERITY, SEVERITY_MAX, piece.json);
      case 'received':
        return { step: [is.STEP_RECEIVED, 0, 0], bytes: TIME_BYTES };
      case 'eventTime':
        return { step: [is.STEP_EVENT_TIME, 0, 0], bytes: TIME_BYTES };
      case 'host':
        return this.#withText(is.STEP_HOST, piece.orElse);
      case 'sender':
        return { step: [is.STEP_SENDER, 0, 0], bytes: 0 };
      case 'ident':
        return { step: [is.STEP_IDENT, 0, 0], bytes: 0 };
      case 'processId':
        return { step: [is.STEP_PROCESS, 0, 0], bytes: 0 };
      case 'processNumber':
        return this.#withText(is.STEP_PROCESS_NUMBER, piece.json);
      case 'text':
        return { step: [is.STEP_TEXT, 0, 0], bytes: 0 };
    }
  }

  #withText(step: number, json: string): { step: Step; bytes: number } {
    const { address, bytes } = this.#text(json);
    return { step: [step, address, bytes], bytes };
  }

  /** A text for each number, and behind them the one for none. */
  #withList(
    step: number,
    max: number,
    json: (number: number) => string,
  ): { step: Step; bytes: number } {
    const { view } = this.#kernel;
    const texts = Array.from({ length: max + 2 }, (_, i) => this.#text(json(i > max ? -1 : i)));
    const list = this.#take(8 * texts.length);
    for (const [i, { address, bytes }] of texts.entries()) {
      view.setUint32(list + 8 * i, address, true);
      view.setUint32(list + 8 * i + 4, bytes, true);
    }
    return { step: [step, list, 0], bytes: Math.max(...texts.map(({ bytes }) => bytes)) };
  }

  #text(json: string): { address: number; bytes: number } {
    const text = Buffer.from(json);
    const address = this.#take(text.length);
    this.#kernel.bytes.set(text, address);
    return { address, bytes: text.length };
  }

  #take(bytes: number): number {
    const { is } = this.#kernel;
    const address = this.#next;
    this.#next += ALIGNMENT * Math.ceil(bytes / ALIGNMENT);
    if (this.#next <= is.PROGRAMS + is.PROGRAMS_BYTES) return address;
    throw new RangeError('the rows are too many for the kernel');
  }
}

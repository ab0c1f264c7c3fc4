/** The rows of a slice of lines at once, by the kernel. `textLineStage` is its twin. */

import { instantiate, type Kernel } from '../../kernel/kernel.ts';
import type { LineRecord, Records, TextLines } from '../../record.ts';
import { JsonLiteral } from '../json-literal.ts';
import { FIELD_BYTES_MAX } from '../long-fields.ts';
import type { BulkFlow, BulkStage } from '../pipeline.ts';
import type { RowContext } from '../record-stage.ts';
import { lineFrame } from './line-row.ts';

type Constant =
  | 'TABLE'
  | 'LINES_MAX'
  | 'BEFORE'
  | 'BEHIND'
  | 'FRAME_BYTES'
  | 'INPUT'
  | 'INPUT_BYTES'
  | 'OUTPUT'
  | 'OUTPUT_BYTES';

interface Functions {
  writeLines(
    from: number,
    count: number,
    beforeBytes: number,
    behindBytes: number,
    shift: number,
  ): number;
  writtenBytes(): number;
}

export function textLineKernelStage(
  module: WebAssembly.Module,
  context: RowContext,
): BulkStage<LineRecord> {
  return new KernelStage(instantiate(module), context);
}

class KernelStage implements BulkStage<LineRecord> {
  readonly #kernel: Kernel<Constant, Functions>;
  readonly #context: RowContext;

  constructor(kernel: Kernel<Constant, Functions>, context: RowContext) {
    this.#kernel = kernel;
    this.#context = context;
  }

  process(records: Records<LineRecord>, flows: readonly BulkFlow[]): boolean {
    if (!isLines(records) || !this.#place(records)) return false;
    const { is, functions, bytes } = this.#kernel;
    const { count } = records;
    const frame = lineFrame(records.filePath, this.#context);
    const time = new Date(records.timeMs).toISOString();
    const before = new JsonLiteral(frame.before + time + frame.between);
    const behind = new JsonLiteral(frame.behind);
    if (!this.#fits(records, before, behind)) return false;
    this.#put(before, is.BEFORE);
    this.#put(behind, is.BEHIND);
    // All flows and protocols have the same row.
    const outlets = flows.flatMap(({ rows }) => [...rows.values()]);
    for (let at = 0; at < count; ) {
      const shift = outlets[0]?.shift ?? 0;
      const next = functions.writeLines(at, count, before.length, behind.length, shift);
      if (next === at) throw new Error('the kernel has no room for a row');
      const start = is.OUTPUT + shift;
      const rows = bytes.subarray(start, start + functions.writtenBytes());
      for (const outletRows of outlets) outletRows.append(rows, next - at);
      at = next;
    }
    for (const { counts } of flows) counts.add(count, 0);
    return true;
  }

  /** Whether no line has to be cut, or makes a row that is too large, all escapes included. */
  #fits({ places, from, to }: TextLines, before: JsonLiteral, behind: JsonLiteral): boolean {
    const { is } = this.#kernel;
    if (Math.max(before.length, behind.length) > is.FRAME_BYTES) return false;
    const roomBytes = (is.OUTPUT_BYTES - 2 * is.FRAME_BYTES) / 6 - 64;
    const longest = Math.min(roomBytes, FIELD_BYTES_MAX);
    for (let i = 2 * from; i < 2 * to; i += 2) {
      if (places[i + 1]! - places[i]! > longest) return false;
    }
    return true;
  }

  /** Puts the lines into the kernel's memory; false when they do not fit or are not UTF-8. */
  #place({ bytes: source, places, from, to, isText, count }: TextLines): boolean {
    const { is, bytes, view } = this.#kernel;
    if (!isText || count === 0 || count > is.LINES_MAX) return false;
    const start = places[2 * from]!;
    const end = places[2 * to - 1]!;
    if (end - start > is.INPUT_BYTES) return false;
    source.copy(bytes, is.INPUT, start, end);
    const shift = is.INPUT - start;
    let entry = is.TABLE;
    for (let i = 2 * from; i < 2 * to; i++, entry += 4) {
      view.setUint32(entry, places[i]! + shift, true);
    }
    return true;
  }

  #put({ words, length }: JsonLiteral, address: number): void {
    this.#kernel.bytes.set(new Uint8Array(words.buffer, 0, length), address);
  }
}

/** Whether they lie together, and have one time. */
function isLines(records: Records<LineRecord>): records is TextLines {
  return 'places' in records && !Number.isNaN((records as TextLines).timeMs);
}

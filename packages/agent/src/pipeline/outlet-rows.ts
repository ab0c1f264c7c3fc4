/**
 * Rows for one outlet, or for several that are to have the same ones, as JSON text in blocks:
 * objects joined by commas, each block no larger than one request may be, so that a full block is
 * a request of its own.
 */
import type { Outlet } from '../buffer/durable-buffer.ts';
import { BLOCK_BYTES_MAX, takeFullBlock } from './block-memory.ts';
import { JsonBytes } from './json-bytes.ts';
import { cutLongFields, FIELD_BYTES_MAX } from './long-fields.ts';
import type { RowWriter } from './record-stage.ts';

const BLOCK_BYTES_MIN = 4 * 1024;
/** Where so much was gathered at once, the next block will be a full one. */
const MUCH_BYTES = 256 * 1024;
/** Rows over this are refused: the services drop them. Source: Azure Monitor service limits. */
const ROW_BYTES_MAX = 900_000;
const COMMA = 0x2c;

/** JSON texts of some records, joined by commas. */
export interface Block {
  /** At least one, all of one protocol. */
  readonly outlets: readonly Outlet[];
  readonly json: Buffer;
  readonly recordCount: number;
}

export class OutletRows {
  readonly #outlets: readonly Outlet[];
  #blocks: Block[] = [];
  #closedBytes = 0;
  readonly #open = new JsonBytes(BLOCK_BYTES_MIN);
  #recordCount = 0;
  /** Where the row that was written last begins, comma included. */
  #rowStart = 0;
  /** Fields that were cut in that row, and in all that were kept and not taken. */
  #rowCuts = 0;
  #cuts = 0;

  constructor(outlets: readonly Outlet[]) {
    this.#outlets = outlets;
  }

  /** Of all that was written and not taken. */
  get bytes(): number {
    return this.#closedBytes + this.#open.length;
  }

  /**
   * Writes one row, which counts once `keep` is called; until then `undo` takes it back. False,
   * having written nothing, for a row that is too large.
   */
  write<R>(row: RowWriter<R>, record: R): boolean {
    const out = this.#open;
    const start = out.length;
    this.#rowStart = start;
    this.#rowCuts = 0;
    if (start > 0) out.byte(COMMA);
    row(record, out);
    if (out.length - start > FIELD_BYTES_MAX) this.#cutLongFields();
    if (out.length - start <= ROW_BYTES_MAX) return true;
    out.truncate(start);
    return false;
  }

  undo(): void {
    this.#open.truncate(this.#rowStart);
  }

  keep(): void {
    if (this.#open.length > BLOCK_BYTES_MAX && this.#rowStart > 0) this.#closeBeforeRow();
    this.#recordCount += 1;
    this.#cuts += this.#rowCuts;
  }

  /** Fields cut in the rows that were kept since the last call. */
  takeCuts(): number {
    const cuts = this.#cuts;
    this.#cuts = 0;
    return cuts;
  }

  /**
   * Where the rows for `append` should begin in their own memory, as bytes behind a word of eight:
   * memory that threads share is copied by words only between places that are alike in this.
   */
  get shift(): number {
    const { length } = this.#open;
    return (length === 0 ? 0 : length + 1) % 8;
  }

  /** Adds rows that are joined by commas already, and less than a block. */
  append(rows: Uint8Array, recordCount: number): void {
    const out = this.#open;
    if (out.length > 0 && out.length + rows.length >= BLOCK_BYTES_MAX) this.#close();
    if (out.length > 0) out.byte(COMMA);
    out.bytes(rows);
    this.#recordCount += recordCount;
  }

  /** All blocks, the last one as it is; begins anew. */
  take(): Block[] {
    if (this.#recordCount > 0) this.#close();
    const blocks = this.#blocks;
    this.#blocks = [];
    this.#closedBytes = 0;
    return blocks;
  }

  #cutLongFields(): void {
    if (this.#outlets[0]?.protocol !== 'gig') return;
    const out = this.#open;
    const start = this.#rowStart === 0 ? 0 : this.#rowStart + 1;
    const cut = cutLongFields(out.content().subarray(start));
    if (cut === undefined) return;
    out.truncate(start);
    out.json(cut.json);
    this.#rowCuts = cut.count;
  }

  /** The row that does not fit begins the next block. */
  #closeBeforeRow(): void {
    const row = Buffer.from(this.#open.content().subarray(this.#rowStart + 1));
    this.#open.truncate(this.#rowStart);
    this.#close();
    this.#open.bytes(row);
  }

  #close(): void {
    const next =
      this.bytes >= MUCH_BYTES
        ? takeFullBlock()
        : Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES_MIN, 2 * this.#open.length));
    const json = this.#open.handOver(next);
    this.#closedBytes += json.length;
    this.#blocks.push({ outlets: this.#outlets, json, recordCount: this.#recordCount });
    this.#recordCount = 0;
  }
}

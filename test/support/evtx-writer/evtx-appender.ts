/**
 * A log that grows the way the service lets it: each append rewrites the newest chunk or begins
 * another, the file header stays as it was (dirty, counting nothing) until the log is closed,
 * and a full log begins again at its first slot.
 */
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import type { DataTypes } from './authored-event.ts';
import { ChunkWriter } from './chunk-writer.ts';
import { type AuthoredEvent, chunkOffset, fileHeader, recordOf } from './evtx-writer.ts';

export interface EvtxAppenderOptions {
  readonly startRecordId?: number;
  readonly types?: DataTypes;
  /** Slots of the file; when all are used, the oldest chunk is overwritten. */
  readonly chunksMax?: number;
}

export class EvtxAppender {
  readonly #path: string;
  readonly #types: DataTypes;
  readonly #chunksMax: number;
  #chunk = new ChunkWriter();
  #slot: number;
  #nextRecordId: number;

  /** Goes on in a new chunk where the file exists and holds records, or creates it. */
  constructor(path: string, options: EvtxAppenderOptions = {}) {
    this.#path = path;
    this.#types = options.types ?? {};
    this.#chunksMax = options.chunksMax ?? Number.POSITIVE_INFINITY;
    const existing = existsSync(path) ? lastRecordOf(readFileSync(path)) : null;
    this.#slot = existing === null ? 0 : existing.slot + 1;
    this.#nextRecordId = options.startRecordId ?? (existing?.recordId ?? 0) + 1;
    if (!existsSync(path)) {
      writeFileSync(path, fileHeader({ chunkCount: 0, nextRecordId: 1, isDirty: true }));
    }
  }

  /** Writes the events to the file; returns the identifier of the last. */
  append(...events: readonly AuthoredEvent[]): number {
    for (const event of events) {
      const record = recordOf(event, this.#nextRecordId, this.#types);
      if (!this.#chunk.add(record)) {
        this.#writeChunk();
        this.#slot++;
        this.#chunk = new ChunkWriter();
        if (!this.#chunk.add(record)) throw new Error('the event is larger than a chunk');
      }
      this.#nextRecordId = record.recordId + 1;
    }
    if (!this.#chunk.isEmpty) this.#writeChunk();
    return this.#nextRecordId - 1;
  }

  /** Writes a clean file header. */
  close(): void {
    const chunkCount = Math.min(this.#slot + 1, this.#chunksMax);
    this.#write(0, fileHeader({ chunkCount, nextRecordId: this.#nextRecordId, isDirty: false }));
  }

  #writeChunk(): void {
    this.#write(chunkOffset(this.#slot % this.#chunksMax), this.#chunk.finish());
  }

  #write(offset: number, bytes: Buffer): void {
    const file = openSync(this.#path, 'r+');
    writeSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
  }
}

interface LastRecord {
  readonly slot: number;
  readonly recordId: number;
}

/** The last slot in use, and the highest identifier in the chunk headers. */
function lastRecordOf(file: Buffer): LastRecord | null {
  const used: LastRecord[] = [];
  for (let slot = 0; chunkOffset(slot) < file.length; slot++) {
    const offset = chunkOffset(slot);
    if (file.toString('latin1', offset, offset + 8) !== 'ElfChnk\0') continue;
    used.push({ slot, recordId: Number(file.readBigUInt64LE(offset + 32)) });
  }
  const last = used.at(-1);
  if (last === undefined) return null;
  return { slot: last.slot, recordId: Math.max(...used.map(({ recordId }) => recordId)) };
}

/**
 * A log file as a row of slots of 64 KiB behind a header of 4096 bytes. Slots are recognised by
 * what is in them: the header's chunk count lags behind while the log is written, and is wrong
 * in some finished files.
 */
import type { FileHandle } from 'node:fs/promises';
import {
  CHUNK_PEEK_SIZE,
  CHUNK_SIZE,
  type Chunk,
  firstRecordIdOf,
  hasChunkSignature,
} from './chunk.ts';
import { FILE_SIGNATURE_SIZE, type Slot, signatureDamage, slotOf } from './chunk-slot.ts';
import type { Damage } from './damage.ts';
import { readBytes } from './read-bytes.ts';

/** Source: libyal "Windows XML Event Log (EVTX) format", file header. */
const FLAGS_OFFSET = 120;
const DIRTY_FLAG = 1;

/** Which chunk is where: slots are used again, so the place alone does not say. */
export interface ChunkPlace {
  readonly offset: number;
  readonly firstRecordId: number;
}

/** A slot's age without its content. */
type SlotPeek =
  | { readonly kind: 'chunk'; readonly place: ChunkPlace }
  | { readonly kind: 'other' }
  | { readonly kind: 'end' };

export class ChunkFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Damage when the file does not begin like a log; a file still empty is in order. */
  async checkSignature(): Promise<Damage | null> {
    return signatureDamage(await readBytes(this.#handle, 0, FILE_SIGNATURE_SIZE));
  }

  /** Does the header say that the log is being written? Copies of live logs say so for ever. */
  async isDirty(): Promise<boolean> {
    const flags = await readBytes(this.#handle, FLAGS_OFFSET, 1);
    return ((flags[0] ?? DIRTY_FLAG) & DIRTY_FLAG) !== 0;
  }

  /** Reads a slot. Each chunk gets memory of its own, so events may outlive the next read. */
  async slot(offset: number): Promise<Slot> {
    return slotOf(await readBytes(this.#handle, offset, CHUNK_SIZE), offset);
  }

  /** The chunk at a place; `null` when it is not there any more. */
  async chunk(place: ChunkPlace): Promise<Chunk | null> {
    const slot = await this.slot(place.offset);
    if (slot.kind !== 'chunk') return null;
    return slot.chunk.firstRecordId === place.firstRecordId ? slot.chunk : null;
  }

  async peek(offset: number): Promise<SlotPeek> {
    const bytes = await readBytes(this.#handle, offset, CHUNK_PEEK_SIZE);
    if (bytes.length === 0) return { kind: 'end' };
    if (!hasChunkSignature(bytes)) return { kind: 'other' };
    return { kind: 'chunk', place: { offset, firstRecordId: firstRecordIdOf(bytes) } };
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** What a slot of 64 KiB holds, behind the header of the file. */
import { CHUNK_SIZE, Chunk, hasChunkSignature } from './chunk.ts';
import type { Damage } from './damage.ts';

export const FIRST_CHUNK_OFFSET = 4096;
const FILE_SIGNATURE = Buffer.from('ElfFile\0', 'latin1');
export const FILE_SIGNATURE_SIZE: number = FILE_SIGNATURE.length;
const ZEROS = Buffer.alloc(CHUNK_SIZE);

export type Slot =
  | { readonly kind: 'chunk'; readonly chunk: Chunk }
  /** Only zeros: room for later. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'damaged'; readonly damage: Damage }
  /** The file ends before it. */
  | { readonly kind: 'end' };

/** What is to be said of how a file begins; `null` for a log, and for a file still empty. */
export function signatureDamage(bytes: Buffer): Damage | null {
  const signature = bytes.subarray(0, FILE_SIGNATURE.length);
  if (signature.length === 0 || signature.equals(FILE_SIGNATURE)) return null;
  return { offset: 0, length: FIRST_CHUNK_OFFSET, reason: 'file signature' };
}

export function slotOf(bytes: Buffer, offset: number): Slot {
  if (bytes.length === 0) return { kind: 'end' };
  if (hasChunkSignature(bytes)) return { kind: 'chunk', chunk: new Chunk(bytes, offset) };
  if (bytes.equals(ZEROS.subarray(0, bytes.length))) return { kind: 'unused' };
  return { kind: 'damaged', damage: { offset, length: bytes.length, reason: 'chunk signature' } };
}

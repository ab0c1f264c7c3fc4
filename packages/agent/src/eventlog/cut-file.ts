/**
 * Whether a finished .evtx file is as long as it has to be. The header, of 4096 bytes, counts the
 * chunks in the u16 at 42. In a log that is in use there may be more of them than it counts, as
 * there are where the count has wrapped, but never fewer.
 * Source: libyal "Windows XML Event Log (EVTX) format".
 */
import { readU16 } from './bytes.ts';
import { CHUNK_SIZE } from './chunk.ts';
import { FIRST_CHUNK_OFFSET, signatureDamage } from './chunk-slot.ts';
import type { Damage } from './damage.ts';

const CHUNK_COUNT = 42;

/** `header` is what there is of the first 4096 bytes, `size` that of the file. */
export function checkLength(header: Buffer, size: number): Damage[] {
  if (size === 0) return [{ offset: 0, length: 0, reason: 'empty file' }];
  const isLog = signatureDamage(header) === null;
  if (header.length < FIRST_CHUNK_OFFSET) {
    if (!isLog) return [];
    const detail = `its header of ${FIRST_CHUNK_OFFSET} bytes is not whole`;
    return [cut(size, FIRST_CHUNK_OFFSET - size, detail)];
  }
  const damage: Damage[] = [];
  const beyond = (size - FIRST_CHUNK_OFFSET) % CHUNK_SIZE;
  if (beyond > 0) {
    const detail = `its last chunk of ${CHUNK_SIZE} bytes is not whole`;
    damage.push(cut(size, CHUNK_SIZE - beyond, detail));
  }
  const count = Math.ceil((size - FIRST_CHUNK_OFFSET) / CHUNK_SIZE);
  // A header that begins wrong is not asked for the count.
  const counted = isLog ? readU16(header, CHUNK_COUNT) : 0;
  if (counted > count) {
    const detail = `its header counts ${counted} chunks of ${CHUNK_SIZE} bytes, ${count} are there`;
    damage.push(
      cut(FIRST_CHUNK_OFFSET + count * CHUNK_SIZE, (counted - count) * CHUNK_SIZE, detail),
    );
  }
  return damage;
}

/** `offset` and `length` are those of what is missing. */
function cut(offset: number, length: number, detail: string): Damage {
  return { offset, length, reason: 'cut file', detail };
}

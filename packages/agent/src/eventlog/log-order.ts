/**
 * The order in which a log's chunks were written. The service fills slots from the first to the
 * last and then begins again at the first, so the order in the file is not the order in time.
 */
import { CHUNK_SIZE } from './chunk.ts';
import type { ChunkFile, ChunkPlace } from './chunk-file.ts';
import { FIRST_CHUNK_OFFSET } from './chunk-slot.ts';
import type { Damage } from './damage.ts';

export interface NextChunk extends ChunkPlace {
  /** Damaged slots on the way to it. */
  readonly damage: readonly Damage[];
}

/** The chunk to read after one; `null` when that one is the newest. */
export type ChunkOrder = (current: ChunkPlace) => Promise<NextChunk | null>;

export interface LogIndex {
  /** Every chunk, oldest first. */
  readonly places: readonly ChunkPlace[];
  /** Slots that are neither chunk nor room, but for one that may be a chunk being begun. */
  readonly damage: readonly Damage[];
}

/** Looks at every slot; reads a few hundred bytes of each chunk. */
export async function indexLog(file: ChunkFile): Promise<LogIndex> {
  const places: ChunkPlace[] = [];
  const damage: Damage[] = [];
  for (let offset = FIRST_CHUNK_OFFSET; ; offset += CHUNK_SIZE) {
    const peek = await file.peek(offset);
    if (peek.kind === 'end') break;
    if (peek.kind === 'chunk') places.push(peek.place);
    else damage.push(...(await slotDamage(file, offset)));
  }
  places.sort((a, b) => a.firstRecordId - b.firstRecordId || a.offset - b.offset);
  const afterNewest = (places.at(-1)?.offset ?? 0) + CHUNK_SIZE;
  return { places, damage: damage.filter(({ offset }) => offset !== afterNewest) };
}

/** An order that was looked up before. */
export function listedOrder(places: readonly ChunkPlace[]): ChunkOrder {
  const following = new Map(places.map(({ offset }, i) => [offset, places[i + 1]]));
  return (current) => {
    const place = following.get(current.offset);
    return Promise.resolve(place === undefined ? null : { ...place, damage: [] });
  };
}

/** The order in which the service fills slots. Costs one small read where nothing was added. */
export function slotOrder(file: ChunkFile): ChunkOrder {
  return async (current) => {
    const damage: Damage[] = [];
    let hasWrapped = false;
    let offset = current.offset + CHUNK_SIZE;
    while (offset !== current.offset) {
      const peek = await file.peek(offset);
      if (peek.kind === 'chunk') {
        const isNewer = peek.place.firstRecordId > current.firstRecordId;
        return isNewer ? { ...peek.place, damage } : null;
      }
      const found = peek.kind === 'end' ? [] : await slotDamage(file, offset);
      damage.push(...found);
      if (found.length === 0 && hasWrapped) return null;
      hasWrapped ||= found.length === 0;
      offset = found.length === 0 ? FIRST_CHUNK_OFFSET : offset + CHUNK_SIZE;
    }
    return null;
  };
}

async function slotDamage(file: ChunkFile, offset: number): Promise<Damage[]> {
  const slot = await file.slot(offset);
  return slot.kind === 'damaged' ? [slot.damage] : [];
}

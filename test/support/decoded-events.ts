/** Events of a file that is in memory, decoded as the reader does it. */
import { CHUNK_SIZE, Chunk } from '../../packages/agent/src/eventlog/chunk.ts';
import { type ChunkContent, decodeChunk } from '../../packages/agent/src/eventlog/decode-chunk.ts';
import type { EvtxEvent } from '../../packages/agent/src/eventlog/evtx-event.ts';
import { RecordIdSet } from '../../packages/agent/src/eventlog/record-id-set.ts';
import { TemplateCache } from '../../packages/agent/src/eventlog/template-cache.ts';
import { type AuthoredEvent, chunkOffset, writeEvtx } from './evtx-writer/evtx-writer.ts';

/** The n-th chunk of a file. */
export function chunkAt(file: Buffer, index = 0): Chunk {
  const offset = chunkOffset(index);
  return new Chunk(file.subarray(offset, offset + CHUNK_SIZE), offset);
}

export function decodeFirstChunk(file: Buffer, templates = new TemplateCache()): ChunkContent {
  return decodeChunk(chunkAt(file), { templates, seen: new RecordIdSet() });
}

/** One event written to a file and read back; throws when anything was damaged. */
export function roundTrip(event: AuthoredEvent): EvtxEvent {
  const { events, damage } = decodeFirstChunk(writeEvtx([event]));
  const [only] = events;
  if (only === undefined || damage.length > 0) throw new Error(JSON.stringify(damage));
  return only;
}

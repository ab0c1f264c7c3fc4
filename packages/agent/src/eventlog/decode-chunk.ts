/** One chunk → its events and what had to be skipped. */
import { BinXmlDecoder } from './binxml-decoder.ts';
import { BinXmlError } from './binxml-error.ts';
import { CHUNK_HEADER_SIZE, type Chunk } from './chunk.ts';
import type { Damage, DamageReason } from './damage.ts';
import { EvtxEvent } from './evtx-event.ts';
import type { RecordIdSet } from './record-id-set.ts';
import {
  type ChunkState,
  findRecords,
  RECORD_HEADER_SIZE,
  RECORD_TRAILER_SIZE,
  type RecordSpan,
} from './records.ts';
import type { TemplateCache } from './template-cache.ts';

export interface ChunkContent {
  readonly events: readonly EvtxEvent[];
  readonly damage: readonly Damage[];
}

export interface DecodeChunkOptions {
  readonly templates: TemplateCache;
  /** Identifiers seen so far; those of this chunk are added. */
  readonly seen: RecordIdSet;
  /** Place in the chunk to begin at; its first record when not given. */
  readonly from?: number;
  /** `finished` when not given. */
  readonly state?: ChunkState;
}

/** Never throws for what is in the chunk. */
export function decodeChunk(chunk: Chunk, options: DecodeChunkOptions): ChunkContent {
  const found = findRecords(chunk, {
    from: options.from ?? CHUNK_HEADER_SIZE,
    state: options.state ?? 'finished',
  });
  const decoder = new BinXmlDecoder(chunk, options.templates);
  const events: EvtxEvent[] = [];
  const damage: Damage[] = [...found.damage];
  for (const span of found.records) {
    const result = decodeRecord(decoder, chunk, span);
    if (!(result instanceof EvtxEvent)) {
      damage.push(result);
    } else if (!options.seen.add(span.recordId)) {
      damage.push(damageOf(chunk, span, 'duplicate record'));
    } else {
      events.push(result);
      if (span.condition === 'torn') damage.push(damageOf(chunk, span, 'incomplete record'));
    }
  }
  return { events, damage: damage.sort((a, b) => a.offset - b.offset) };
}

function decodeRecord(decoder: BinXmlDecoder, chunk: Chunk, span: RecordSpan): EvtxEvent | Damage {
  const start = span.offset + RECORD_HEADER_SIZE;
  const end = span.offset + span.size - RECORD_TRAILER_SIZE;
  try {
    return new EvtxEvent(chunk, span, decoder.decodeRecord(start, end));
  } catch (error) {
    if (!(error instanceof BinXmlError)) throw error;
    const reason = span.condition === 'torn' ? 'torn record' : error.reason;
    return { ...damageOf(chunk, span, reason), detail: error.message };
  }
}

function damageOf(chunk: Chunk, span: RecordSpan, reason: DamageReason): Damage {
  return { offset: chunk.offset + span.offset, length: span.size, reason };
}

/** One chunk → its events and what had to be skipped. */
import { BinXmlDecoder } from './binxml-decoder.ts';
import { BinXmlError } from './binxml-error.ts';
import { CHUNK_HEADER_SIZE, type Chunk } from './chunk.ts';
import type { Damage, DamageReason } from './damage.ts';
import { EvtxEvent } from './evtx-event.ts';
import type { RecordIdSet } from './record-id-set.ts';
import {
  type ChunkState,
  RECORD_HEADER_SIZE,
  RECORD_TRAILER_SIZE,
  type RecordSpan,
  RecordWalk,
} from './records.ts';
import type { TemplateCache } from './template-cache.ts';
import { TemplateInstance } from './template-instance.ts';

export interface ChunkContent {
  /** Those that were to be kept. */
  readonly events: readonly EvtxEvent[];
  readonly damage: readonly Damage[];
}

/**
 * Sees every event before it costs more than finding it, and tells whether to keep it. An event
 * that is not kept is good for the call only.
 */
export type EventVisitor<E> = (event: E) => boolean;

export interface DecodeChunkOptions {
  readonly templates: TemplateCache;
  /** Identifiers seen so far; those of this chunk are added. */
  readonly seen: RecordIdSet;
  /** Place in the chunk to begin at; its first record when not given. */
  readonly from?: number;
  /** `finished` when not given. */
  readonly state?: ChunkState;
  /** All events are kept when not given. */
  readonly visit?: EventVisitor<EvtxEvent> | undefined;
}

/** Never throws for what is in the chunk. */
export function decodeChunk(chunk: Chunk, options: DecodeChunkOptions): ChunkContent {
  const { from = CHUNK_HEADER_SIZE, state = 'finished', seen, visit } = options;
  const walk = new RecordWalk(chunk, { from, state });
  const decoder = new BinXmlDecoder(chunk, options.templates);
  const events: EvtxEvent[] = [];
  const damage: Damage[] = [];
  let spare: EvtxEvent | undefined;
  while (walk.next()) {
    const result = decodeRecord(decoder, chunk, walk);
    if (!(result instanceof TemplateInstance)) {
      damage.push(result);
      continue;
    }
    if (!seen.add(walk.recordId)) {
      damage.push(damageOf(chunk, walk, 'duplicate record'));
      continue;
    }
    if (walk.condition === 'torn') damage.push(damageOf(chunk, walk, 'incomplete record'));
    if (spare === undefined) spare = new EvtxEvent(chunk, walk, result);
    else spare.reset(chunk, walk, result);
    if (visit !== undefined && !visit(spare)) continue;
    decoder.keep();
    events.push(spare);
    spare = undefined;
  }
  damage.push(...walk.damage);
  if (damage.length > 1) damage.sort((a, b) => a.offset - b.offset);
  return { events, damage };
}

function decodeRecord(
  decoder: BinXmlDecoder,
  chunk: Chunk,
  span: RecordSpan,
): TemplateInstance | Damage {
  const start = span.offset + RECORD_HEADER_SIZE;
  const end = span.offset + span.size - RECORD_TRAILER_SIZE;
  try {
    return decoder.decodeRecord(start, end);
  } catch (error) {
    if (!(error instanceof BinXmlError)) throw error;
    const reason = span.condition === 'torn' ? 'torn record' : error.reason;
    return { ...damageOf(chunk, span, reason), detail: error.message };
  }
}

function damageOf(chunk: Chunk, span: RecordSpan, reason: DamageReason): Damage {
  return { offset: chunk.offset + span.offset, length: span.size, reason };
}

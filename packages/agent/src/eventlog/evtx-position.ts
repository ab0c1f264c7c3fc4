/** How far a log has been read. Plain data: keep it as JSON, hand it back to go on from there. */
import type { Chunk } from './chunk.ts';
import type { EvtxEvent } from './evtx-event.ts';
import { type RecordSpan, writtenTimeAt } from './records.ts';

export interface EvtxPosition {
  /** Where the chunk of the last record read began; finds it again without a search. */
  readonly chunkOffset: number;
  /** Identifier in the header of the last record read. */
  readonly recordId: number;
  /** When that record was written: tells it from another of the same number in a cleared log. */
  readonly writtenTime: string;
}

export function positionAfter(event: EvtxEvent): EvtxPosition {
  const { chunkOffset, recordId, writtenTime } = event;
  return { chunkOffset, recordId, writtenTime };
}

export function positionOf(chunk: Chunk, record: RecordSpan): EvtxPosition {
  const writtenTime = writtenTimeAt(chunk, record.offset);
  return { chunkOffset: chunk.offset, recordId: record.recordId, writtenTime };
}

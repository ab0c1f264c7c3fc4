/**
 * Where reading goes on after a position. Mostly where it stopped; but between two reads the log
 * may have wrapped over the position, or been cleared, and then every chunk's age is looked at.
 */
import { CHUNK_HEADER_SIZE, type Chunk } from './chunk.ts';
import type { ChunkFile, ChunkPlace } from './chunk-file.ts';
import type { Damage, DamageReason } from './damage.ts';
import type { EvtxPosition } from './evtx-position.ts';
import { type ChunkOrder, indexLog, listedOrder, slotOrder } from './log-order.ts';
import { findRecords, type RecordSpan, writtenTimeAt } from './records.ts';

export interface ReadingPlan {
  /** The chunk to begin with; `null` when there is nothing to read. */
  readonly start: ChunkPlace | null;
  /** Where in it to begin. */
  readonly from: number;
  readonly order: ChunkOrder;
  /** What the search came across. */
  readonly damage: readonly Damage[];
}

export async function planReading(
  file: ChunkFile,
  position: EvtxPosition | null,
): Promise<ReadingPlan> {
  const known = position === null ? null : await findRecord(file, position);
  if (known !== null) return { ...known, order: slotOrder(file), damage: [] };
  const signatureDamage = await file.checkSignature();
  const index = await indexLog(file);
  const found = await findStart(file, index.places, position);
  const damage = [signatureDamage, ...index.damage, found.damage].filter((each) => each !== null);
  return { ...found, order: listedOrder(index.places), damage };
}

/** Behind the record of the position, if it is where it was. */
async function findRecord(
  file: ChunkFile,
  position: EvtxPosition,
): Promise<{ start: ChunkPlace; from: number } | null> {
  const slot = await file.slot(position.chunkOffset);
  if (slot.kind !== 'chunk') return null;
  const { chunk } = slot;
  const record = recordsOf(chunk).find(
    (span) => span.recordId === position.recordId && isAt(chunk, span, position),
  );
  return record === undefined ? null : { start: chunk, from: record.offset + record.size };
}

interface Start {
  readonly start: ChunkPlace | null;
  readonly from: number;
  readonly damage: Damage | null;
}

async function findStart(
  file: ChunkFile,
  places: readonly ChunkPlace[],
  position: EvtxPosition | null,
): Promise<Start> {
  const oldest = places[0];
  if (oldest === undefined) return nowhere(null);
  if (position === null) return startOf(oldest);
  const index = places.findLastIndex((place) => place.firstRecordId <= position.recordId);
  if (index < 0) return afterGap(oldest, position);
  const place = places[index]!;
  const chunk = await file.chunk(place);
  const records = chunk === null ? [] : recordsOf(chunk);
  const same = records.find((span) => span.recordId === position.recordId);
  if (chunk !== null && same !== undefined && !isAt(chunk, same, position)) {
    return startOf(oldest, notice('restarted log'));
  }
  const next = records.find((span) => span.recordId > position.recordId);
  if (next !== undefined) return { start: place, from: next.offset, damage: null };
  const newer = places[index + 1];
  if (newer !== undefined) return startOf(newer);
  if (same !== undefined) return nowhere(null);
  const isRestarted = chunk !== null && isWrittenAfter(chunk, records.at(-1), position);
  return isRestarted ? startOf(oldest, notice('restarted log')) : nowhere(notice('position lost'));
}

/** Everything in the log is newer than the position. */
function afterGap(oldest: ChunkPlace, position: EvtxPosition): Start {
  const missing = oldest.firstRecordId - position.recordId - 1;
  return startOf(oldest, missing > 0 ? notice('overwritten records', `${missing} records`) : null);
}

/**
 * Nothing in the log has a higher identifier than the position, nor its own: if a record was
 * written later all the same, the log was cleared and counts from the beginning.
 */
function isWrittenAfter(
  chunk: Chunk,
  record: RecordSpan | undefined,
  position: EvtxPosition,
): boolean {
  if (record === undefined || position.writtenTime === '') return false;
  return writtenTimeAt(chunk, record.offset) > position.writtenTime;
}

function nowhere(damage: Damage | null): Start {
  return { start: null, from: 0, damage };
}

function startOf(place: ChunkPlace, damage: Damage | null = null): Start {
  return { start: place, from: CHUNK_HEADER_SIZE, damage };
}

function notice(reason: DamageReason, detail?: string): Damage {
  return { offset: 0, length: 0, reason, ...(detail === undefined ? {} : { detail }) };
}

function recordsOf(chunk: Chunk): readonly RecordSpan[] {
  return findRecords(chunk, { from: CHUNK_HEADER_SIZE, state: 'finished' }).records;
}

/** Whether a record with the position's identifier is the one that was read. */
function isAt(chunk: Chunk, span: RecordSpan, position: EvtxPosition): boolean {
  return position.writtenTime === '' || writtenTimeAt(chunk, span.offset) === position.writtenTime;
}

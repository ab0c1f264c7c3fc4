/**
 * An .evtx file that may still be being written: what is new since a position, oldest first. One
 * chunk of 64 KiB is in memory at a time; what is damaged is handed over as data beside the
 * events. Finished files are read faster by `evtx-scan.ts`.
 */
import { CHUNK_HEADER_SIZE } from './chunk.ts';
import { ChunkFile } from './chunk-file.ts';
import { FIRST_CHUNK_OFFSET } from './chunk-slot.ts';
import { type ChunkContent, decodeChunk } from './decode-chunk.ts';
import { type EvtxPosition, positionAfter, positionOf } from './evtx-position.ts';
import { indexLog, type NextChunk } from './log-order.ts';
import { openForReading } from './read-bytes.ts';
import { RecordIdSet } from './record-id-set.ts';
import { type ChunkState, findRecords } from './records.ts';
import { planReading } from './resume.ts';
import { TemplateCache } from './template-cache.ts';

export interface EvtxBatch extends ChunkContent {
  /** Where to go on once this batch is safe; `null` while no event was ever read. */
  readonly position: EvtxPosition | null;
}

export interface EvtxFileOptions {
  /** Compiled templates, shared by every file opened with the same cache. */
  readonly templates?: TemplateCache;
}

export class EvtxFile {
  readonly #file: ChunkFile;
  readonly #templates: TemplateCache;

  private constructor(file: ChunkFile, templates: TemplateCache) {
    this.#file = file;
    this.#templates = templates;
  }

  /** Opens for reading only. Throws `SOURCE_UNAVAILABLE`, with the system's error as cause. */
  static async open(path: string, options: EvtxFileOptions = {}): Promise<EvtxFile> {
    const file = new ChunkFile(await openForReading(path));
    return new EvtxFile(file, options.templates ?? new TemplateCache());
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /**
   * What was written after a position, oldest first; from the beginning when there is none. Ends
   * at the present end of the log: call again later with the last batch's position. A call that
   * finds nothing new costs two chunk reads, however long the log is.
   *
   * In the newest chunk, which is being written, reading stops at the first record that is not
   * whole, without calling it damage; it is read when it is whole, or as damage when a newer
   * chunk exists. `isSettled` says that the file has not changed for a while: then what is not
   * whole is damage where a whole record follows, and in any case when the file's header says
   * that nobody is writing. A log that was cleared, or wrapped past the position, is read from
   * its oldest record, with damage telling so.
   */
  async *read(
    position: EvtxPosition | null,
    { isSettled = false }: { readonly isSettled?: boolean } = {},
  ): AsyncGenerator<EvtxBatch, void, void> {
    const newestState = isSettled ? await this.#settledState() : 'growing';
    const plan = await planReading(this.#file, position);
    let last = position;
    if (plan.damage.length > 0) yield { events: [], damage: plan.damage, position: last };
    const seen = new RecordIdSet();
    let { start: place, from } = plan;
    while (place !== null) {
      // Before the chunk itself: once a newer one exists, nothing is added to it any more.
      const next: NextChunk | null = await plan.order(place);
      const chunk = await this.#file.chunk(place);
      if (chunk === null) return;
      const state = next === null ? newestState : 'finished';
      const content = decodeChunk(chunk, { templates: this.#templates, seen, from, state });
      const damage = [...content.damage, ...(next?.damage ?? [])];
      const newest = content.events.at(-1);
      if (newest !== undefined) last = positionAfter(newest);
      if (newest !== undefined || damage.length > 0) {
        yield { events: content.events, damage, position: last };
      }
      place = next;
      from = CHUNK_HEADER_SIZE;
    }
  }

  async #settledState(): Promise<ChunkState> {
    return (await this.#file.isDirty()) ? 'settled' : 'finished';
  }

  /** As `read`, after the last record whose identifier is known but not where it was. */
  readAfter(recordId: number): AsyncGenerator<EvtxBatch, void, void> {
    return this.read({ chunkOffset: FIRST_CHUNK_OFFSET, recordId, writtenTime: '' });
  }

  /** The position after the newest record, to read only what comes from now on. */
  async end(): Promise<EvtxPosition | null> {
    const { places } = await indexLog(this.#file);
    for (const place of places.toReversed()) {
      const chunk = await this.#file.chunk(place);
      if (chunk === null) continue;
      const options = { from: CHUNK_HEADER_SIZE, state: 'growing' } as const;
      const record = findRecords(chunk, options).records.at(-1);
      if (record !== undefined) return positionOf(chunk, record);
    }
    return null;
  }
}

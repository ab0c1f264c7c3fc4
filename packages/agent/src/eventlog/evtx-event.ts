/** One event of an .evtx file: decoded enough to be filtered, rendered only when asked. */
import type { EventElement } from '@dcr-agent/schema/event-queries';
import type { Chunk } from './chunk.ts';
import { eventRecordIdOf, storedEventRecordId } from './event-record-id.ts';
import { renderTree } from './event-tree.ts';
import { renderXml } from './event-xml.ts';
import type { EventQueries } from './query/event-queries.ts';
import { type RecordCondition, type RecordSpan, writtenTimeAt } from './records.ts';
import type { TemplateInstance } from './template-instance.ts';
import type { WindowsEventRecord } from './windows-event-record.ts';

/** Keeps its chunk's 64 KiB in memory for as long as it is referenced. */
export class EvtxEvent implements WindowsEventRecord {
  /**
   * The identifier in the record's header: what resuming goes by. Not always the
   * `EventRecordID` of the event, which queries use.
   */
  recordId: number;
  condition: RecordCondition;
  /** The compiled template and the raw values, for queries that need no rendering. */
  instance: TemplateInstance;
  #chunk: Chunk;
  #recordOffset: number;
  #tree: EventElement | undefined;

  constructor(chunk: Chunk, span: RecordSpan, instance: TemplateInstance) {
    this.recordId = span.recordId;
    this.condition = span.condition;
    this.instance = instance;
    this.#chunk = chunk;
    this.#recordOffset = span.offset;
  }

  /** Becomes another event: most are looked at once and dropped. */
  reset(chunk: Chunk, span: RecordSpan, instance: TemplateInstance): void {
    this.recordId = span.recordId;
    this.condition = span.condition;
    this.instance = instance;
    this.#chunk = chunk;
    this.#recordOffset = span.offset;
    this.#tree = undefined;
  }

  /** Where the chunk begins in the file. */
  get chunkOffset(): number {
    return this.#chunk.offset;
  }

  /** Where the record begins in the file. */
  get offset(): number {
    return this.#chunk.offset + this.#recordOffset;
  }

  /** When the record was written: `2025-06-08T07:12:52.1635583Z`. */
  get writtenTime(): string {
    return writtenTimeAt(this.#chunk, this.#recordOffset);
  }

  /** The element tree; rendered at the first use and kept. */
  get event(): EventElement {
    this.#tree ??= renderTree(this.instance);
    return this.#tree;
  }

  get isSalvaged(): boolean {
    return this.condition === 'salvaged';
  }

  selectedBy(queries: EventQueries, nowMs: number): readonly number[] {
    return queries.ofStored(this, nowMs);
  }

  eventRecordId(): string | undefined {
    return storedEventRecordId(this.instance) ?? eventRecordIdOf(this.event);
  }

  /** The event's XML as Windows exports it; rendered at each call. */
  xml(): string {
    return renderXml(this.instance);
  }
}

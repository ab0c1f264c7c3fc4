/**
 * Follows one event file: reads what is new, hands it over, waits, looks again. Only files cross
 * restarts, so the file is opened anew at every look: a log that was replaced is noticed.
 */
import { stat } from 'node:fs/promises';
import { AgentError, reasonOf } from '../../errors.ts';
import type { Damage, DamageReason } from '../../eventlog/damage.ts';
import { TemplateCache } from '../../eventlog/template-cache.ts';
import type { WindowsEventRecord } from '../../eventlog/windows-event-record.ts';
import type { Host } from '../../host/host.ts';
import { listed, type SourceReject } from '../../record.ts';
import type { Emit } from '../source.ts';
import { DamageMemory } from './damage-memory.ts';
import {
  type EventFilePiece,
  type EventFilePosition,
  isSettled,
  readNews,
} from './event-log-reader.ts';

/** A look at a log without news costs one open and one chunk. */
const LOOK_INTERVAL_MS = 1_000;
/** A file at rest is only asked for its size and times, but for one look in so many. */
const SHORT_LOOKS_MAX = 30;

/** As long as it lasts nothing is read, and only a person can say whether that is right. */
const LOST =
  'the last record that was read is not in the log any more, nor is anything newer: if this is ' +
  'another log, give it another name';

/** Damage that cost one record each. The rest is told in the log: nobody knows how many. */
const COSTS_A_RECORD: ReadonlySet<DamageReason> = new Set<DamageReason>([
  'damaged record',
  'torn record',
  'undecodable record',
  'oversized record',
  'malformed event',
]);

export interface EventFileStatus {
  readonly path: string;
  readonly records: number;
  readonly damaged: number;
  readonly position: EventFilePosition | null;
  readonly problem?: string;
}

interface EventFileCursor {
  readonly position: EventFilePosition | null;
  /** Damage near the position that has been counted. */
  readonly counted: readonly string[];
}

interface EventFileOptions {
  readonly path: string;
  readonly cursorKey: string;
  /** As committed earlier. */
  readonly cursor: string | undefined;
}

export class EventFile {
  readonly #path: string;
  readonly #cursorKey: string;
  readonly #host: Pick<Host, 'clock' | 'log'>;
  readonly #templates = new TemplateCache();
  readonly #memory: DamageMemory;
  #position: EventFilePosition | null;
  #records = 0;
  #damaged = 0;
  #problem: string | undefined;
  #rest = { signature: '', shortLooks: 0 };

  constructor({ path, cursorKey, cursor }: EventFileOptions, host: Pick<Host, 'clock' | 'log'>) {
    const kept = cursor === undefined ? undefined : (JSON.parse(cursor) as EventFileCursor);
    this.#path = path;
    this.#cursorKey = cursorKey;
    this.#host = host;
    this.#position = kept?.position ?? null;
    this.#memory = new DamageMemory(kept?.counted ?? []);
  }

  status(): EventFileStatus {
    return {
      path: this.#path,
      records: this.#records,
      damaged: this.#damaged,
      position: this.#position,
      ...(this.#problem !== undefined && { problem: this.#problem }),
    };
  }

  /** Until the signal aborts. Rejects only when `emit` does. */
  async follow(emit: Emit<WindowsEventRecord>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!(await this.#isAtRest())) await this.#look(emit, signal);
      await this.#host.clock.sleep(LOOK_INTERVAL_MS, signal);
    }
  }

  /**
   * Was all of it read when it had last changed long ago, and has it not changed since? Times may
   * lag behind what is written through a memory map, so now and then it is looked into anyway.
   */
  async #isAtRest(): Promise<boolean> {
    const file = await stat(this.#path).catch(() => undefined);
    if (file === undefined || !isSettled(file.mtimeMs, this.#host.clock.now())) return false;
    const signature = [file.dev, file.ino, file.size, file.mtimeMs].join();
    const { shortLooks } = this.#rest;
    const isKnown = this.#rest.signature === signature && shortLooks < SHORT_LOOKS_MAX;
    this.#rest = { signature, shortLooks: isKnown ? shortLooks + 1 : 0 };
    return isKnown && this.#problem === undefined;
  }

  async #look(emit: Emit<WindowsEventRecord>, signal: AbortSignal): Promise<void> {
    let problem: string | undefined;
    const pieces = readNews(this.#path, this.#position, {
      templates: this.#templates,
      nowMs: this.#host.clock.now(),
    });
    try {
      while (!signal.aborted) {
        const next = await nextPiece(pieces);
        if (next.done) break;
        if (next.value.damage.some(({ reason }) => reason === 'position lost')) problem = LOST;
        await this.#handOver(next.value, emit);
      }
      this.#problem = problem;
    } catch (error) {
      if (!(error instanceof ReadFailure)) throw error;
      this.#report(error.message);
    } finally {
      await pieces.return();
    }
  }

  async #handOver(
    { events, damage, position }: EventFilePiece,
    emit: Emit<WindowsEventRecord>,
  ): Promise<void> {
    const hasMoved = JSON.stringify(position) !== JSON.stringify(this.#position);
    const fresh = this.#memory.take(damage, hasMoved);
    if (!hasMoved && events.length === 0 && fresh.length === 0) return;
    await emit({
      records: listed(events),
      cursors: [{ key: this.#cursorKey, value: this.#cursorAt(position) }],
      rejects: this.#rejectsOf(fresh),
    });
    this.#position = position;
    this.#records += events.length;
  }

  #cursorAt(position: EventFilePosition | null): string {
    return JSON.stringify({ position, counted: this.#memory.counted() } satisfies EventFileCursor);
  }

  #rejectsOf(damage: readonly Damage[]): SourceReject[] {
    const counts = new Map<DamageReason, number>();
    for (const { reason, offset, detail } of damage) {
      const facts = { path: this.#path, offset, reason, ...(detail !== undefined && { detail }) };
      this.#host.log.warn(facts, 'a part of an event log cannot be read');
      if (COSTS_A_RECORD.has(reason)) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    const rejects = [...counts].map(([reason, count]) => ({ reason, count }));
    this.#damaged += rejects.reduce((total, { count }) => total + count, 0);
    return rejects;
  }

  #report(problem: string): void {
    if (this.#problem === problem) return;
    this.#problem = problem;
    const facts = { path: this.#path, reason: problem };
    this.#host.log.warn(facts, 'an event log cannot be read; it will be tried again');
  }
}

/** Reading failed, as opposed to handing over. */
class ReadFailure extends AgentError {}

async function nextPiece<T>(
  pieces: AsyncGenerator<T, void, void>,
): Promise<IteratorResult<T, void>> {
  try {
    return await pieces.next();
  } catch (cause) {
    throw new ReadFailure('SOURCE_UNAVAILABLE', reasonOf(cause), { cause });
  }
}

/** Sources that a test plays: it says what they emit, when they fail and how they end. */
import type { Plan, PlannedSource } from '@dcr-agent/schema';
import type { DurableBuffer } from '../../packages/agent/src/buffer/durable-buffer.ts';
import type { Pipeline, Portion } from '../../packages/agent/src/pipeline/pipeline.ts';
import { type CursorUpdate, listed, type Records } from '../../packages/agent/src/record.ts';
import type { CommittedCursors, Source } from '../../packages/agent/src/sources/source.ts';
import { decodeFragment } from './fragments.ts';

/** One opening of a source. */
export interface PlayedSource {
  readonly key: string;
  /** As they were when it was opened. */
  readonly cursors: CommittedCursors;
  readonly isAborted: boolean;
  readonly hasEnded: boolean;
  /** As sources do, fails when the batch is refused. */
  emit(ids: readonly number[], cursors?: readonly CursorUpdate[]): Promise<void>;
  fail(error: Error): void;
  end(): void;
}

export interface PlayedSources {
  /** Every opening so far, in order. */
  readonly opened: readonly PlayedSource[];
  open(planned: PlannedSource, cursors: CommittedCursors): Source<unknown>;
}

export interface PlayOptions {
  /** Thrown by `open` when it returns something. */
  readonly refuse?: (planned: PlannedSource) => Error | undefined;
  /** Awaited between the signal and the end of `run`. */
  readonly lastAct?: (source: PlayedSource) => Promise<void>;
  readonly describe?: () => Record<string, unknown>;
}

export function createPlayedSources(options: PlayOptions = {}): PlayedSources {
  const opened: PlayedSource[] = [];
  return {
    opened,
    open(planned, cursors) {
      const refusal = options.refuse?.(planned);
      if (refusal !== undefined) throw refusal;
      const { played, source } = play(planned.key, new Map(cursors), options);
      opened.push(played);
      return source;
    },
  };
}

function play(
  key: string,
  cursors: CommittedCursors,
  { lastAct, describe }: PlayOptions,
): { played: PlayedSource; source: Source<unknown> } {
  const over = Promise.withResolvers<void>();
  // A test may fail a source whose `run` nobody awaits any more.
  over.promise.catch(() => {});
  const state = { isAborted: false, hasEnded: false };
  /** A source ends after its last `emit` has settled. */
  let emitted: Promise<unknown> = Promise.resolve();
  let emitBatch: Parameters<Source<unknown>['run']>[0] | undefined;
  const played: PlayedSource = {
    key,
    cursors,
    get isAborted() {
      return state.isAborted;
    },
    get hasEnded() {
      return state.hasEnded;
    },
    async emit(ids, updates = []) {
      const batch = emitBatch!({ records: listed(ids.map((id) => ({ id }))), cursors: updates });
      emitted = Promise.allSettled([emitted, batch]);
      try {
        await batch;
      } catch (error) {
        over.reject(error);
        throw error;
      }
    },
    fail: (error) => over.reject(error),
    end: () => over.resolve(),
  };
  const source: Source<unknown> = {
    key,
    ...(describe && { describe }),
    async run(emit, signal) {
      emitBatch = emit;
      const aborted = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => aborted.resolve());
      try {
        await Promise.race([aborted.promise, over.promise]);
        state.isAborted = signal.aborted;
        if (signal.aborted) await lastAct?.(played);
      } finally {
        await emitted;
        state.hasEnded = true;
      }
    },
  };
  return { played, source };
}

/** Marks every record with the name of the pipeline that handled it. */
export function markingPipeline(name: string, truncatedFields?: number): Pipeline<never> {
  const marked: { id: number; by: string }[] = [];
  const cursors: CursorUpdate[] = [];
  return {
    get bytes() {
      return marked.length;
    },
    process({ records, cursors: moved }) {
      (records as Records<{ id: number }>).each(({ id }) => marked.push({ id, by: name }));
      cursors.push(...moved);
    },
    take(): Portion | undefined {
      const rows = marked.splice(0);
      const taken = cursors.splice(0);
      if (rows.length + taken.length === 0) return undefined;
      const outlet = { flow: 'f', stream: 'S', protocol: 'ods', destinations: ['d'] } as const;
      const json = Buffer.from(rows.map((row) => JSON.stringify(row)).join(','));
      const counts = {
        read: rows.length,
        filtered: 0,
        rejected: [],
        ...(truncatedFields !== undefined && { truncatedFields }),
      };
      return {
        blocks: rows.length > 0 ? [{ outlets: [outlet], json, recordCount: rows.length }] : [],
        cursors: taken,
        counts: [{ flow: 'f', destinations: ['d'], ...counts }],
      };
    },
  };
}

/** `1 by old` for every record in the buffer, in order. */
export function storedRecords(buffer: DurableBuffer): string[] {
  buffer.seal(0);
  return buffer
    .pending('d', 1_000)
    .flatMap(({ id }) => buffer.read(id)!.fragments)
    .flatMap(decodeFragment)
    .map((record) => {
      const { id, by } = record as { id: number; by: string };
      return `${id} by ${by}`;
    });
}

export function plannedSource(name: string): PlannedSource {
  const flows = [{ id: `r/${name}/S`, stream: 'S', destinations: ['d'], format: 'text' as const }];
  return { kind: 'logFiles', key: `logFiles:${name}`, patterns: [name], flows };
}

export function planOf(...names: readonly string[]): Plan {
  return { sources: names.map(plannedSource), destinations: [], skipped: [] };
}

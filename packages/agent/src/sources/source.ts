/**
 * A running source. It knows nothing of rules, buffers or destinations: it reads one thing and
 * hands over batches. Back-pressure is the awaited `emit`.
 */
import type { Batch } from '../record.ts';

/**
 * Takes a batch, which may be used again once this has returned. Resolves when more may be
 * handed over; until then the source must not read far ahead. Records and cursors are committed
 * together a moment later, and before a source is opened again. Rejects when the source is being
 * stopped and the buffer takes nothing, or for a bug. Records without cursors are then counted
 * as lost; so a source that cannot read again what it holds hands over all of it even then.
 */
export type Emit<R> = (batch: Batch<R>) => Promise<void>;

export interface Source<R> {
  /** Same as the planned source's key. */
  readonly key: string;
  /**
   * Reads until the signal aborts, then resolves after the last `emit` has settled and every
   * handle is closed. Rejects with an `AgentError` when it cannot go on; the supervisor
   * reports it and opens the source again later, at the last committed cursors.
   */
  run(emit: Emit<R>, signal: AbortSignal): Promise<void>;
  /** A few facts for `status`, such as the port in use or files followed. Cheap. */
  describe?(): Readonly<Record<string, unknown>>;
}

/** The cursors committed earlier under a source's key, by full cursor key. */
export type CommittedCursors = ReadonlyMap<string, string>;

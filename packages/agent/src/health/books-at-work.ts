/** What commands ask a running agent to do to its buffer. */
import type { QuarantineOutcome } from '../buffer/durable-buffer.ts';
import type { RepairableBuffer } from '../buffer/recovery.ts';

/** The part of the buffer that people may change. */
export type BooksAtWork = Pick<
  RepairableBuffer,
  'replayQuarantined' | 'dropQuarantined' | 'repair'
>;

/** By number of the entry. */
export type QuarantineOutcomes = Readonly<Record<string, QuarantineOutcome>>;

/** Numbers of one request: each entry may be a megabyte, and the agent has other things to do. */
export const ENTRIES_PER_REQUEST = 20;

/** Carries out a request; `undefined` for one that is not known. */
export function changeBooks(books: BooksAtWork, target: string): object | undefined {
  const { pathname, searchParams } = new URL(target, 'http://agent');
  const ids = searchParams.getAll('id').slice(0, ENTRIES_PER_REQUEST).map(Number);
  switch (pathname) {
    case '/quarantine/replay':
      return outcomesOf(ids, (id) => books.replayQuarantined(id));
    case '/quarantine/drop':
      return outcomesOf(ids, (id) => books.dropQuarantined(id));
    case '/buffer/repair':
      return books.repair();
    default:
      return undefined;
  }
}

/** One after the other: what fails in the middle leaves the ones before as they are now. */
export function outcomesOf(
  ids: readonly number[],
  change: (id: number) => QuarantineOutcome,
): QuarantineOutcomes {
  return Object.fromEntries(
    ids.map((id) => [id, Number.isSafeInteger(id) ? change(id) : 'missing']),
  );
}

/**
 * The quarantine of schema 1, which kept copies as text and counted them as rejected. Where the
 * text is there, its records are quarantined from now on; what had no room then stays rejected.
 */
import type { DatabaseSync } from 'node:sqlite';
import { recordsOf } from '../fragment/record-boundaries.ts';
import { createFragment, type Fragment } from '../fragment.ts';
import { shortReason } from './ledger.ts';
import { fragmentColumns, prepareQuarantineInsert } from './quarantine.ts';
import { parsePlanned } from './remembered-destinations.ts';

export interface RefusedText {
  readonly at_ms: number;
  readonly destination: string;
  readonly flow: string;
  readonly stream: string;
  readonly batch: string;
  readonly reason: string;
  readonly record_count: number;
  /** A JSON array; `null` where there was no room. */
  readonly records: string | null;
}

export const REFUSED_TEXT_COLUMNS: readonly (keyof RefusedText)[] = [
  'at_ms',
  'destination',
  'flow',
  'stream',
  'batch',
  'reason',
  'record_count',
  'records',
];

/** Prepares filling the quarantine of a database whose other tables are complete. */
export function createRefusedKeeper(db: DatabaseSync): (text: RefusedText) => void {
  const insert = prepareQuarantineInsert(db);
  const selectPlanned = db.prepare('SELECT planned FROM destinations WHERE id = ?');
  const selectSolution = db.prepare(
    'SELECT solution FROM batches WHERE flow = ? AND protocol = ? LIMIT 1',
  );
  const count = createRecount(db);
  return (text) => {
    const fragment = fragmentOf(text);
    const planned = selectPlanned.get(text.destination)?.planned;
    // Without either it could be neither read nor sent.
    if (fragment === undefined || typeof planned !== 'string') return;
    const { destination, flow, stream, batch, reason } = text;
    const { protocol } = parsePlanned(planned);
    const solution = selectSolution.get(flow, protocol)?.solution;
    insert({
      ...{ at_ms: text.at_ms, destination, flow, stream, protocol, batch, reason },
      ...{ solution: typeof solution === 'string' ? solution : null, status: null, detail: null },
      ...fragmentColumns(fragment),
    });
    count(text);
  };
}

/** The text between the brackets is what was sent, but for line ends; no record has one. */
function fragmentOf({ records, record_count: count }: RefusedText): Fragment | undefined {
  if (typeof records !== 'string') return undefined;
  const json = records.slice(1, -1).replaceAll('\n', '');
  const fragment = createFragment(Buffer.from(json), count);
  return recordsOf(fragment) === undefined ? undefined : fragment;
}

/** They are not rejected any more; where the ledger does not say they were, it stays as it is. */
function createRecount(db: DatabaseSync): (text: RefusedText) => void {
  const takeBack = db.prepare(`
    UPDATE ledger SET rejected = max(0, rejected - ?) WHERE flow = ? AND destination = ?`);
  const takeReason = db.prepare(`
    UPDATE ledger_reasons SET count = max(0, count - ?)
    WHERE flow = ? AND destination = ? AND reason = ?`);
  const sweep = db.prepare('DELETE FROM ledger_reasons WHERE count = 0');
  return ({ flow, destination, reason, record_count: records }) => {
    takeBack.run(records, flow, destination);
    takeReason.run(records, flow, destination, shortReason(reason));
    sweep.run();
  };
}

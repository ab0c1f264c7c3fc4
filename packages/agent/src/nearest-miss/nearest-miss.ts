/** The event that comes nearest to being selected: which conditions it fails, and by what. */
import type { WindowsEventRecord } from '../eventlog/windows-event-record.ts';
import { printable } from '../host/printable.ts';
import type { AskedCondition } from './asked-condition.ts';
import { clipped } from './clipped.ts';
import { kindName } from './event-kinds.ts';
import { foundInstead } from './found-instead.ts';
import { systemText } from './system-text.ts';

export interface NearestMiss {
  /** `Microsoft-Windows-Kernel-General 12, EventRecordID 7 in a.evtx`. */
  readonly event: string;
  /** As `EventKind` names it. */
  readonly kind: string;
  /** `EventID=4625: the event has 4624`; at least one. */
  readonly failed: readonly string[];
}

export class NearestMissFinder {
  readonly #query: AskedCondition;
  #best = Number.NEGATIVE_INFINITY;
  #miss: NearestMiss | null = null;

  constructor(query: AskedCondition) {
    this.#query = query;
  }

  get miss(): NearestMiss | null {
    return this.#miss;
  }

  /** The query was asked of the event, and does not select it. Of equals the first is kept. */
  look(record: WindowsEventRecord, file: string, nowMs: number): void {
    const { points } = score(this.#query);
    if (points <= this.#best) return;
    this.#best = points;
    const { event } = record;
    const id = record.eventRecordId() ?? '-';
    const kind = kindName(event);
    this.#miss = {
      event: `${clipped(kind)}, EventRecordID ${printable(id)} in ${printable(file)}`,
      kind,
      failed: failedOf(this.#query).map(
        (condition) => `${conditionText(condition)}: ${found(condition, event, nowMs)}`,
      ),
    };
  }
}

/** How much of a condition an event fulfils. */
interface Score {
  readonly points: number;
  readonly weight: number;
}

/**
 * An event of another channel that fulfils the rest says more than one of the channel that fails
 * another condition.
 */
const CHANNEL_WEIGHT = 0.5;

function score({ kind, isMet, isChannel, members }: AskedCondition): Score {
  switch (kind) {
    case 'single': {
      const weight = isChannel ? CHANNEL_WEIGHT : 1;
      return { weight, points: isMet ? weight : 0 };
    }
    case 'or': {
      // Any branch will do, so all of them count as one condition.
      const points = isMet ? 1 : Math.max(...members.map(share));
      return { weight: 1, points };
    }
    case 'and': {
      const scores = members.map(score);
      const sum = (of: keyof Score): number => scores.reduce((total, each) => total + each[of], 0);
      return { points: sum('points'), weight: sum('weight') };
    }
  }
}

function share(condition: AskedCondition): number {
  const { points, weight } = score(condition);
  return points / weight;
}

/** What has to change for the condition to hold; of branches, those of the best. */
function failedOf(condition: AskedCondition): AskedCondition[] {
  const { kind, members } = condition;
  if (kind === 'single') return [condition];
  if (kind === 'or') {
    const best = members.reduce((a, b) => (share(b) > share(a) ? b : a));
    return failedOf(best);
  }
  const failed = members.filter(({ isMet }) => !isMet).flatMap(failedOf);
  return failed.length === 0 ? [condition] : failed;
}

function found(
  condition: AskedCondition,
  event: WindowsEventRecord['event'],
  nowMs: number,
): string {
  if (condition.kind !== 'single') return 'each part holds, but not of the same element';
  if (condition.isChannel)
    return `the event is of ${clipped(systemText(event, 'Channel') || 'none')}`;
  return condition.single === null ? '' : foundInstead(condition.single, event, nowMs);
}

function conditionText({ text }: AskedCondition): string {
  return clipped(text);
}

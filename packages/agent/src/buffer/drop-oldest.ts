/**
 * What a full buffer gives up, and what is given up for its age: always whole batches, oldest
 * first, and only the claim of the destination that is behind. Another that still waits for the
 * same batch keeps it.
 *
 * A full buffer holds its sources back first. When that has not helped for a while, it drops
 * what is oldest, but only where waiting does harm:
 * - a destination that is up to date would get nothing new because another one is behind; or
 * - no destination of the records takes anything, and their senders cannot be made to wait for
 *   ever: then their own oldest records make room for their newest.
 * Files and event logs keep their records themselves, so they wait as long as it takes.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Host } from '../host/host.ts';
import { positionOf } from './batch-rows.ts';
import type { DiskQuota } from './disk-quota.ts';
import { DropReport } from './drop-report.ts';
import type { Commit } from './durable-buffer.ts';
import type { Ledger } from './ledger.ts';
import { createOldestClaims } from './oldest-claims.ts';
import { Pressure } from './pressure.ts';
import type { Delivery } from './sealed-batches.ts';

/** In the ledger. */
export const PUSHED_OUT = 'pushed out of the full buffer';
export const TOO_OLD = 'older than the buffer may keep';

/** Made at a time beyond what is needed, so that not every commit has to drop something. */
const AHEAD_BYTES_MAX = 4 * 1024 * 1024;
const AHEAD_SHARE = 1 / 64;
/** Between two looks for what is too old, and how much goes at a time. */
const LOOK_MS = 60_000;
const EXPIRED_BATCHES_MAX = 200;

export interface DropLimits {
  /** How long a full buffer holds sources back before it drops anything. */
  readonly dropAfterMs: number;
  /** Age of a batch on the calendar; `undefined`: any. */
  readonly ageMsMax?: number | undefined;
}

export interface DropOldestParts {
  readonly db: DatabaseSync;
  readonly host: Pick<Host, 'clock' | 'log'>;
  readonly ledger: Pick<Ledger, 'drop'>;
  readonly quota: DiskQuota;
  readonly limits: DropLimits;
  /** Runs it as one transaction. */
  write(action: () => void): void;
  /** Takes back one claim; with the last one the batch goes. */
  release(delivery: Delivery): void;
}

export interface DropOldest {
  /** For commits that were refused: whether they fit now. Drops nothing where that is in vain. */
  makeRoom(commits: readonly Commit[]): boolean;
  /** Commits were stored. */
  stored(): void;
  /** The destination has let go of a batch. */
  settled(destination: string): void;
  /** To be called now and then: drops what is too old, and tells what was dropped. */
  inTime(): void;
}

export function createDropOldest(parts: DropOldestParts): DropOldest {
  const { db, host, ledger, quota, limits, write, release } = parts;
  const claims = createOldestClaims(db);
  const pressure = new Pressure(host.clock, limits.dropAfterMs);
  const pushedOut = new DropReport(host, 'The buffer is full: its oldest records were dropped.');
  const expired = new DropReport(host, 'Records older than the buffer may keep were dropped.');
  let looksAt = Number.NEGATIVE_INFINITY;

  function drop(claim: Delivery, reason: string): void {
    const { flow, record_count: records } = claim.batch;
    ledger.drop(flow, claim.destination, reason, records);
    release(claim);
  }

  /** Drops until the commits fit, and some more; drops nothing when they cannot. */
  function dropUntilFit(commits: readonly Commit[], next: () => Delivery | undefined): boolean {
    const aheadBytes = Math.min(AHEAD_BYTES_MAX, quota.quotaBytes * AHEAD_SHARE);
    const dropped: Delivery[] = [];
    const fits = unlessInVain(write, () => {
      while (!quota.admits(db, commits, aheadBytes)) {
        const claim = next();
        if (claim === undefined) return quota.admits(db, commits);
        drop(claim, PUSHED_OUT);
        dropped.push(claim);
      }
      return true;
    });
    if (fits) pushedOut.tell(dropped);
    return fits;
  }

  function expire(bornBefore: number): void {
    const isTooOld = ({ batch }: Delivery): boolean => batch.created_at_ms < bornBefore;
    const dropped: Delivery[] = [];
    write(() => {
      let claim = claims.all().find(isTooOld);
      while (claim !== undefined && dropped.length < EXPIRED_BATCHES_MAX) {
        drop(claim, TOO_OLD);
        dropped.push(claim);
        claim = claims.all().find(isTooOld);
      }
    });
    expired.tell(dropped);
    // There may be more, but not everything else should wait for it.
    if (dropped.length < EXPIRED_BATCHES_MAX) looksAt = host.clock.monotonic() + LOOK_MS;
  }

  return {
    makeRoom(commits) {
      if (!pressure.refused()) return false;
      const isBehind = behindOf(claims.all(), claims.newestSeq());
      const behind = new Set(
        claims
          .all()
          .filter(isBehind)
          .map(({ destination }) => destination),
      );
      if (destinationsOf(commits).some((name) => !behind.has(name))) {
        return dropUntilFit(commits, () => oldestOf(claims.all().filter(isBehind)));
      }
      const pushed = commits.filter(({ cursors }) => cursors.length === 0);
      const flows = pushed.flatMap(({ entries }) => entries.map(({ outlet }) => outlet.flow));
      const destinations = destinationsOf(pushed);
      if (!pressure.haveStalled(destinations)) return false;
      return dropUntilFit(commits, () =>
        oldestOf(destinations.flatMap((name) => claims.ofFlows(name, flows) ?? [])),
      );
    },
    stored() {
      if (pressure.isOn && quota.isEased(db)) pressure.eased();
    },
    settled: (destination) => pressure.settled(destination),
    inTime() {
      const { ageMsMax } = limits;
      if (ageMsMax !== undefined && host.clock.monotonic() >= looksAt) {
        expire(host.clock.now() - ageMsMax);
      }
      pushedOut.tell([]);
      expired.tell([]);
    },
  };
}

/** A destination is behind when what it waits for lies in the older half of all that is stored. */
function behindOf(claims: readonly Delivery[], newestSeq: number): (claim: Delivery) => boolean {
  const oldestSeq = Math.min(...claims.map(seqOf));
  return (claim) => seqOf(claim) <= (oldestSeq + newestSeq) / 2;
}

/** Of the batch itself or, after a split, of the one it was a part of. */
function seqOf({ position }: Delivery): number {
  return Number(position.slice(0, positionOf(0).length));
}

function destinationsOf(commits: readonly Commit[]): string[] {
  const names = commits.flatMap(({ entries }) =>
    entries.flatMap(({ outlet }) => outlet.destinations),
  );
  return [...new Set(names)];
}

function oldestOf(claims: readonly Delivery[]): Delivery | undefined {
  return claims.toSorted((a, b) => (a.position < b.position ? -1 : 1))[0];
}

/** Undoes what `action` did when it returns false. */
function unlessInVain(write: DropOldestParts['write'], action: () => boolean): boolean {
  const inVain = new Error('in vain');
  try {
    write(() => {
      if (!action()) throw inVain;
    });
    return true;
  } catch (error) {
    if (error !== inVain) throw error;
    return false;
  }
}

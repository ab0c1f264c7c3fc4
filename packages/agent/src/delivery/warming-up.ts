/**
 * A 403 at the beginning is rarely a mistake: a role that was assigned just now is not known
 * everywhere yet. Only one that stays, or comes after successes, needs someone to act.
 * Source: Logs Ingestion API, "Assign permissions to a DCR", read 2026-11: up to 30 minutes.
 */

const PROPAGATION_MS = 30 * 60_000;

export class WarmingUp {
  #forbiddenSinceMs: number | undefined;
  #hasSucceeded = false;

  succeeded(): void {
    this.#hasSucceeded = true;
    this.#forbiddenSinceMs = undefined;
  }

  /** What an operator should know beyond the service's words. `nowMs`: epoch milliseconds. */
  forbidden(nowMs: number): string {
    this.#forbiddenSinceMs ??= nowMs;
    const since = `since ${new Date(this.#forbiddenSinceMs).toISOString()}`;
    if (this.#hasSucceeded) {
      return `refused ${since}, after it had worked: was a role taken from this machine's identity?`;
    }
    return nowMs - this.#forbiddenSinceMs < PROPAGATION_MS
      ? `warming up ${since}: role propagation takes up to 30 min`
      : `refused ${since}, longer than a role takes to propagate: is one assigned at all?`;
  }
}

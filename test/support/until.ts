/** Waits for a condition, a turn of the event loop at a time; for what no promise announces. */
import { setImmediate as nextTurn } from 'node:timers/promises';

const GIVE_UP_MS = 20_000;

/** Throws when `what` has still not come true after a long while, which is a failure. */
export async function until(what: string, isTrue: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedAt > GIVE_UP_MS) throw new Error(`still waiting until ${what}`);
    await nextTurn();
  }
}

/** Lets everything that is already on its way happen, network not included. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

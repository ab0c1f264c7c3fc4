/** When the control plane is asked again. Pure; chance comes in as an argument. */

const FIRST_RETRY_MS = 60_000;
/** A tenth either way, so that machines started together do not stay together. */
const JITTER = 0.1;

/**
 * Milliseconds to the next question. `failures`: in a row, 0 after a success. A failure is
 * followed up after a minute, then at doubling distances up to the interval; a wait the service
 * asked for is never cut. `random`: uniform in [0, 1).
 */
export function nextPollMs(
  intervalMs: number,
  failures: number,
  retryAfterMs: number,
  random: number,
): number {
  const plain =
    failures === 0 ? intervalMs : Math.min(intervalMs, FIRST_RETRY_MS * 2 ** (failures - 1));
  const jittered = plain * (1 - JITTER + 2 * JITTER * random);
  return Math.round(Math.max(jittered, retryAfterMs));
}

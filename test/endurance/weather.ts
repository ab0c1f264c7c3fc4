/** A service whose mood changes by chance. */
import { setTimeout as delay } from 'node:timers/promises';
import { pick } from '../support/seeded-random.ts';
import { type CaptureService, MOODS } from './capture-service.ts';

const MOOD_MS_MAX = 1_200;
const FIRST_MET_MS_MAX = 30_000;
/** Some of its time it works, or nothing would ever arrive between two kills. */
const FINE_SHARE = 0.35;

/** Resolves, in a fine mood again, after the signal has aborted. */
export async function flap(
  service: CaptureService,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const first = pick(
    random,
    MOODS.filter((mood) => mood !== 'fine'),
  );
  await service.setMood(first);
  // However short the flight, there is some weather in it: if need be after the signal.
  const landsAtMs = performance.now() + FIRST_MET_MS_MAX;
  while (performance.now() < landsAtMs && !service.met.has(first)) await delay(20);
  while (!signal.aborted) {
    await service.setMood(random() < FINE_SHARE ? 'fine' : pick(random, MOODS));
    await delay(random() * MOOD_MS_MAX, undefined, { signal }).catch(() => {});
  }
  await service.setMood('fine');
}

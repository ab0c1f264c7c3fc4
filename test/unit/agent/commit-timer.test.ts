import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CommitTimer } from '../../../packages/agent/src/commit-timer.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const MUCH = 900_000;

interface Bench {
  readonly clock: ManualClock;
  readonly timer: CommitTimer;
  readonly abort: AbortController;
  /** `<milliseconds> late` or `… pause` for each commit. */
  readonly commits: readonly string[];
}

function bench(intervalMs = 500): Bench {
  const clock = new ManualClock();
  const abort = new AbortController();
  const commits: string[] = [];
  const timer = new CommitTimer({
    clock,
    intervalMs,
    signal: abort.signal,
    handOver: (isPause) => void commits.push(`${clock.monotonic()}${isPause ? ' pause' : ''}`),
  });
  return { clock, timer, abort, commits };
}

test('what comes first waits for the interval, and what comes then goes with it', async () => {
  const { clock, timer, commits } = bench();
  timer.gathered(10);
  await clock.advance(400);
  timer.gathered(20);
  await clock.advance(600);
  assert.deepEqual(commits, ['500']);
});

test('what is large enough goes at once, and what comes after it has an interval of its own', async () => {
  const { clock, timer, commits } = bench();
  timer.gathered(10);
  await clock.advance(400);
  timer.gathered(MUCH);
  for (let i = 0; i < 6; i++) {
    timer.gathered(10);
    await clock.advance(100);
  }
  assert.deepEqual(commits, ['400', '900']);
});

test('a source that was busy and makes a pause waits no longer, and says so', async () => {
  const { clock, timer, commits } = bench();
  timer.gathered(MUCH);
  await clock.advance(10);
  timer.gathered(10);
  await clock.advance(1_000);
  timer.gathered(10);
  await clock.advance(1_000);
  assert.deepEqual(commits, ['0', '160 pause', '1510']);
});

test('after a large commit nothing is due before something comes', async () => {
  const { clock, timer, commits } = bench();
  timer.gathered(10);
  timer.gathered(MUCH);
  await clock.advance(10_000);
  assert.deepEqual(commits, ['0']);
  assert.equal(clock.sleeping, 0);
});

test('without an interval everything goes at once', () => {
  const { timer, commits } = bench(0);
  timer.gathered(10);
  timer.gathered(10);
  assert.deepEqual(commits, ['0', '0']);
});

test('when the source is to stop nothing waits', async () => {
  const { clock, timer, abort, commits } = bench();
  timer.gathered(10);
  abort.abort();
  await clock.advance(0);
  timer.gathered(10);
  await clock.advance(0);
  assert.deepEqual(commits, ['0', '0']);
});

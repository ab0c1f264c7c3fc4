/**
 * The outside world, in a few doors that are passed in: time, chance, the network, the agent's
 * own log. Everything else in the agent takes a `Host`, so a test can stop the clock, break the
 * network and read the log.
 */
import type { Dispatcher } from 'undici';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

export interface Host {
  readonly clock: Clock;
  /** Uniform in [0, 1); used for jitter only. */
  random(): number;
  /** Random version 4 GUID, for request ids. */
  guid(): string;
  readonly network: Dispatcher;
  readonly log: Log;
}

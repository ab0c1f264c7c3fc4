/** A host whose clock stands still, whose chance is fixed and whose log can be read. */
import type { Host } from '../../packages/agent/src/host/host.ts';
import { ManualClock } from './manual-clock.ts';
import { createRecordedLog, type RecordedLog } from './recorded-log.ts';

export interface FakeHost extends Host {
  readonly clock: ManualClock;
  readonly log: RecordedLog;
}

export interface FakeHostOptions {
  readonly clock?: ManualClock;
  /** By default a network where every request fails. */
  readonly network?: Host['network'];
  /** What `random` returns; 0.5 when nothing is said. */
  readonly random?: () => number;
}

export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  let guids = 0;
  const guid = (): string => {
    guids += 1;
    return `00000000-0000-4000-8000-${String(guids).padStart(12, '0')}`;
  };
  return {
    clock: options.clock ?? new ManualClock(),
    random: options.random ?? (() => 0.5),
    guid,
    network: options.network ?? closedNetwork(),
    log: createRecordedLog(),
  };
}

function closedNetwork(): Host['network'] {
  const request = async (): Promise<never> => {
    throw Object.assign(new Error('this test has no network'), { code: 'ECONNREFUSED' });
  };
  const end = async (): Promise<void> => {};
  return { request, close: end, destroy: end } as unknown as Host['network'];
}

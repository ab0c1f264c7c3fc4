/**
 * The metrics source: performance counters, sampled as their rule says and handed over once a
 * minute, aggregated. What is sampled of a minute before the agent stops is handed over then; the
 * rest of that minute, after the next start, comes as a second aggregate, which the service adds.
 */
import type { Host } from '../../host/host.ts';
import { type CounterSample, listed, type MetricMinute } from '../../record.ts';
import {
  openPerformanceCounters,
  type PerformanceCountersSettings,
} from '../performance-counters/performance-counters.ts';
import { nextDue } from '../performance-counters/schedule.ts';
import type { Emit, Source } from '../source.ts';
import { MINUTE_MS, MinuteAggregates } from './minute-aggregates.ts';

/** In the ledger, for minutes that were sampled while those before them were still not taken. */
const NOT_TAKEN = 'not taken for too many minutes';

/** Throws `SOURCE_UNAVAILABLE` on systems other than Linux. */
export function openMetrics(
  settings: PerformanceCountersSettings,
  host: Host,
): Source<MetricMinute> {
  const counters = openPerformanceCounters(settings, host);
  const minutes = new MinuteAggregates();
  const gather: Emit<CounterSample> = async ({ records }) => {
    records.each((sample) => minutes.add(sample));
  };
  const handOver = async (emit: Emit<MetricMinute>, nowMs?: number): Promise<void> => {
    const records = minutes.take(nowMs);
    const count = minutes.takeDropped();
    if (records.length === 0 && count === 0) return;
    const rejects = count > 0 ? { rejects: [{ reason: NOT_TAKEN, count }] } : {};
    await emit({ records: listed(records), cursors: [], ...rejects });
  };
  return {
    key: settings.key,
    describe: () => counters.describe?.() ?? {},
    async run(emit, signal) {
      const failed = new AbortController();
      const ended = AbortSignal.any([signal, failed.signal]);
      const ending = counters.run(gather, ended).finally(() => failed.abort());
      try {
        while (!ended.aborted) {
          await nextDue(host.clock, MINUTE_MS, ended);
          if (!ended.aborted) await handOver(emit, host.clock.now());
        }
      } finally {
        failed.abort();
        try {
          await ending;
        } finally {
          // Also when nothing is taken any more: what cannot be stored is counted there.
          await handOver(emit);
        }
      }
    },
  };
}

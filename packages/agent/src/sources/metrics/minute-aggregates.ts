/**
 * Samples of counters into one aggregate for each minute, counter and instance, as the custom
 * metrics of Azure Monitor want them.
 */
import type { CounterSample, MetricMinute, MetricSeries } from '../../record.ts';

export const MINUTE_MS = 60_000;
/** Of more instances, a minute of a metric is several records: each is sent in one piece. */
const SERIES_MAX = 500;
/**
 * Minutes that are held while none is taken: less than the service takes of the past, so that
 * there is time left to send them.
 */
const MINUTES_MAX = 15;

type Open = { -readonly [Member in keyof MetricSeries]: MetricSeries[Member] };

interface OpenMetric extends Omit<MetricMinute, 'startMs' | 'series'> {
  readonly series: Map<string, Open>;
}

export class MinuteAggregates {
  /** By the beginning of the minute, then by counter. The first one has been held longest. */
  readonly #minutes = new Map<number, Map<string, OpenMetric>>();
  #droppedCount = 0;

  add({ atMs, object, counter, instance, value, tags }: CounterSample): void {
    const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const metrics = this.#minutes.get(startMs) ?? this.#begin(startMs);
    const key = `${object}\\${counter}`;
    const metric = metrics.get(key) ?? {
      object,
      counter,
      isInsights: tags !== undefined,
      series: new Map<string, Open>(),
    };
    metrics.set(key, metric);
    const series = metric.series.get(instance);
    if (series === undefined) {
      metric.series.set(instance, { instance, min: value, max: value, sum: value, count: 1 });
      return;
    }
    series.min = Math.min(series.min, value);
    series.max = Math.max(series.max, value);
    series.sum += value;
    series.count += 1;
  }

  /** Those of minutes that were over at a moment (epoch milliseconds); of all when none is given. */
  take(nowMs: number = Number.POSITIVE_INFINITY): MetricMinute[] {
    const taken: MetricMinute[] = [];
    for (const [startMs, metrics] of this.#minutes) {
      if (startMs + MINUTE_MS > nowMs) continue;
      this.#minutes.delete(startMs);
      taken.push(...recordsOf(startMs, metrics));
    }
    return taken;
  }

  /** Records of minutes that were held for too long, since the last call. */
  takeDropped(): number {
    const dropped = this.#droppedCount;
    this.#droppedCount = 0;
    return dropped;
  }

  #begin(startMs: number): Map<string, OpenMetric> {
    const [first] = this.#minutes;
    if (first !== undefined && this.#minutes.size === MINUTES_MAX) {
      this.#minutes.delete(first[0]);
      this.#droppedCount += recordsOf(...first).length;
    }
    const metrics = new Map<string, OpenMetric>();
    this.#minutes.set(startMs, metrics);
    return metrics;
  }
}

function recordsOf(startMs: number, metrics: ReadonlyMap<string, OpenMetric>): MetricMinute[] {
  const records: MetricMinute[] = [];
  for (const { series, ...metric } of metrics.values()) {
    const all = [...series.values()];
    for (let at = 0; at < all.length; at += SERIES_MAX) {
      records.push({ startMs, ...metric, series: all.slice(at, at + SERIES_MAX) });
    }
  }
  return records;
}

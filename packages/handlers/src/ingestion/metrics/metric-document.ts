/**
 * One document of the custom metrics API: the values of one metric in one minute, one series per
 * combination of dimensions.
 *
 * Source: Azure REST API specification, custom metrics ingestion 2018-09-01-preview; limits from
 * "Custom metrics in Azure Monitor", read 2026-11.
 */
import type { Json } from '@dcr-agent/schema';
import { ArmError } from '../../http/arm-error.ts';
import { isJsonObject, type JsonObject, objectMember } from '../../http/json.ts';
import { type ParsedTime, parseTime } from '../time.ts';

const NAME_CHARS_MAX = 256;
const DIMENSIONS_MAX = 10;
/** How far a sum may be off, as a part of the greatest that was possible: senders add rounded numbers. */
const ROUNDING = 1e-6;

export interface MetricDocument {
  readonly time: ParsedTime;
  readonly metric: string;
  readonly namespace: string;
  readonly series: readonly MetricSeries[];
}

export interface MetricSeries {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

/** Throws `InvalidRequestContent`, saying what is wrong in which document, counted from 1. */
export function toMetricDocument(value: Json, number: number): MetricDocument {
  const refuse: Refuse = (member, what) => {
    const message = `Document ${number}: '${member}' must be ${what}. Nothing was stored.`;
    return new ArmError('InvalidRequestContent', message);
  };
  if (!isJsonObject(value)) throw refuse('it', 'an object');
  const base = objectMember(objectMember(value, 'data'), 'baseData');
  const time = typeof value.time === 'string' ? parseTime(value.time) : undefined;
  if (time === undefined) throw refuse('time', 'an ISO 8601 time');
  const names = dimensionNames(base, refuse);
  if (!Array.isArray(base.series) || base.series.length === 0) {
    throw refuse('data.baseData.series', 'a list of at least one series');
  }
  return {
    time,
    metric: nameAt(base, 'metric', refuse),
    namespace: nameAt(base, 'namespace', refuse),
    series: base.series.map((item, i) => toSeries(item, i, names, refuse)),
  };
}

type Refuse = (member: string, what: string) => ArmError;

function dimensionNames({ dimNames = [] }: JsonObject, refuse: Refuse): readonly string[] {
  const names = textsAt(dimNames);
  const isUsable =
    names !== undefined &&
    names.length <= DIMENSIONS_MAX &&
    !names.includes('') &&
    new Set(names).size === names.length;
  if (isUsable) return names;
  const what = `a list of up to ${DIMENSIONS_MAX} names, none empty and none twice`;
  throw refuse('data.baseData.dimNames', what);
}

function toSeries(
  value: Json,
  index: number,
  names: readonly string[],
  refuse: Refuse,
): MetricSeries {
  const at = `data.baseData.series[${index}]`;
  if (!isJsonObject(value)) throw refuse(at, 'an object');
  const values = textsAt(value.dimValues ?? []);
  if (values?.length !== names.length) {
    throw refuse(`${at}.dimValues`, `a list of ${names.length} texts, one for each of dimNames`);
  }
  const number = (name: string): number => {
    const found = value[name];
    if (typeof found === 'number' && Number.isFinite(found)) return found;
    throw refuse(`${at}.${name}`, 'a number');
  };
  const series = { min: number('min'), max: number('max'), sum: number('sum') };
  const count = number('count');
  if (!Number.isSafeInteger(count) || count < 1) {
    throw refuse(`${at}.count`, 'a whole number from 1 to 2^53 - 1');
  }
  if (series.min > series.max) throw refuse(`${at}.min`, "no more than 'max'");
  if (!isSumPossible(series, count)) {
    throw refuse(`${at}.sum`, "between 'min' and 'max' times 'count'");
  }
  const dimensions = Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
  return { dimensions, ...series, count };
}

function isSumPossible(
  { min, max, sum }: Pick<MetricSeries, 'min' | 'max' | 'sum'>,
  count: number,
): boolean {
  const slack = Math.max(Math.abs(min), Math.abs(max)) * count * ROUNDING;
  return !(sum < min * count - slack || sum > max * count + slack);
}

function nameAt(base: JsonObject, member: string, refuse: Refuse): string {
  const name = base[member];
  if (typeof name === 'string' && name !== '' && name.length <= NAME_CHARS_MAX) return name;
  throw refuse(`data.baseData.${member}`, `a text of 1 to ${NAME_CHARS_MAX} characters`);
}

function textsAt(value: Json): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const isText = (item: Json): boolean => typeof item === 'string' && item.length <= NAME_CHARS_MAX;
  return value.every(isText) ? (value as readonly string[]) : undefined;
}

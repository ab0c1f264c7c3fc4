/** Times. Source: "Date functions for ARM templates"; all of them are UTC here. */
import type { Value } from '../value.ts';
import { formatTime } from './format-time.ts';
import { type FunctionCall, numberAt, ofWhole, type TemplateFunction, textAt } from './function.ts';

const TIME =
  /^(?<date>\d{4}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?))?\s*(?<zone>Z|[+-]\d\d:?\d\d)?$/i;
const COMPACT = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
const DURATION =
  /^(?<sign>-?)P(?=.)(?:(?<Y>\d+)Y)?(?:(?<M>\d+)M)?(?:(?<W>\d+)W)?(?:(?<D>\d+)D)?(?:T(?=.)(?:(?<h>\d+)H)?(?:(?<m>\d+)M)?(?:(?<s>\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds since 1970; `undefined` for a text that is no ISO 8601 time. */
function parseTime(text: string): number | undefined {
  const plain = text.trim().replace(COMPACT, '$1-$2-$3T$4:$5:$6Z');
  const { date, time = '00:00', zone = 'Z' } = TIME.exec(plain)?.groups ?? {};
  if (date === undefined) return undefined;
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const seconds = time.length === 5 ? `${time}:00` : time.slice(0, 12);
  const at = Date.parse(`${date}T${seconds}${offset}`);
  // 30 February is taken for 2 March.
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  return Number.isNaN(at) || isDay !== true ? undefined : at;
}

/** Years and months first, as a calendar counts them: a month later than 31 January is 28 February. */
function addDuration(at: number, text: string): number | undefined {
  const parts = DURATION.exec(text)?.groups;
  if (parts === undefined) return undefined;
  const sign = parts.sign === '-' ? -1 : 1;
  const of = (name: string): number => sign * Number(parts[name] ?? 0);
  const start = new Date(at);
  const months = start.getUTCMonth() + of('Y') * 12 + of('M');
  const day = start.getUTCDate();
  const moved = new Date(at);
  moved.setUTCDate(1);
  moved.setUTCMonth(months);
  const daysInMonth = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0));
  moved.setUTCDate(Math.min(day, daysInMonth.getUTCDate()));
  const seconds = of('W') * 604_800 + of('D') * 86_400 + of('h') * 3600 + of('m') * 60 + of('s');
  const sum = moved.getTime() + seconds * 1000;
  return Number.isNaN(new Date(sum).getTime()) ? undefined : sum;
}

function dateTimeAdd(call: FunctionCall, args: readonly Value[]): Value {
  const base = parseTime(textAt(args, 0));
  if (base === undefined) return notATime(call, args);
  const sum = addDuration(base, textAt(args, 1));
  if (sum === undefined) {
    const shown = JSON.stringify(textAt(args, 1).slice(0, 60));
    return call.refuse(`${shown} is not an ISO 8601 duration, as P1DT2H is`, 1);
  }
  // The documentation contradicts itself about the format of the result.
  if (args.length < 3) return call.unknown('dateTimeAdd() without a format is not evaluated');
  const text = formatTime(sum, textAt(args, 2));
  return text === undefined
    ? call.unknown('this format of a time is not evaluated')
    : call.text(text);
}

function notATime(call: FunctionCall, args: readonly Value[]): Value {
  const text = textAt(args, 0);
  // Other forms of a time, such as 4/7/2023, are read as well.
  if (/\d/.test(text)) return call.unknown('only ISO 8601 times are evaluated');
  return call.refuse(`${JSON.stringify(text.slice(0, 60))} is not a time`, 0);
}

function toEpoch(call: FunctionCall, args: readonly Value[]): Value {
  const at = parseTime(textAt(args, 0));
  return at === undefined ? notATime(call, args) : call.scalar(Math.floor(at / 1000));
}

function fromEpoch(call: FunctionCall, args: readonly Value[]): Value {
  const at = new Date(numberAt(args, 0) * 1000);
  if (Number.isNaN(at.getTime())) return call.refuse('there is no such time', 0);
  return call.text(`${at.toISOString().slice(0, -5)}Z`);
}

/** With their signatures. */
export const TIME_FUNCTIONS: readonly TemplateFunction[] = [
  ofWhole('dateTimeAdd', 'text text text?', dateTimeAdd),
  ofWhole('dateTimeToEpoch', 'text', toEpoch),
  ofWhole('dateTimeFromEpoch', 'integer', fromEpoch),
];

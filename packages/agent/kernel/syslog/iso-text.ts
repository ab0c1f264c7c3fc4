/** Times as rows carry them: `2026-11-20T06:14:34.007Z`. The twin is `IsoTimes`. */

const DAY_MS: f64 = 86_400_000;
const DIGIT_0: u32 = 0x30;
/** `2026-11-20T06:14:34.007Z` */
const TIME_BYTES: u32 = 24;

let knownDay: i32 = i32.MIN_VALUE;
/** `2026-11-20T`: the first eight bytes and the last four. */
let knownHigh: u64 = 0;
let knownLow: u32 = 0;

/** `epochMs` is whole and of a year of four digits. Returns where it ends. */
export function writeTime(out: u32, epochMs: f64): u32 {
  const day = <i32>Math.floor(epochMs / DAY_MS);
  if (day == knownDay) {
    store<u64>(out, knownHigh);
    store<u32>(out + 7, knownLow);
  } else {
    writeDay(out, day);
    knownDay = day;
    knownHigh = load<u64>(out);
    knownLow = load<u32>(out + 7);
  }
  const ms = <u32>(epochMs - <f64>day * DAY_MS);
  const seconds = ms / 1000;
  const minutes = seconds / 60;
  writeTwo(out + 11, minutes / 60);
  store<u8>(out + 13, 0x3a);
  writeTwo(out + 14, minutes % 60);
  store<u8>(out + 16, 0x3a);
  writeTwo(out + 17, seconds % 60);
  store<u8>(out + 19, 0x2e);
  const rest = ms % 1000;
  writeTwo(out + 20, rest / 10);
  store<u8>(out + 22, <u8>(DIGIT_0 + (rest % 10)));
  store<u8>(out + 23, 0x5a);
  return out + TIME_BYTES;
}

/** Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function writeDay(out: u32, day: i32): void {
  const shifted = day + 719_468;
  const era = shifted / 146_097;
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const shiftedMonth = (5 * dayOfYear + 2) / 153;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = <u32>(yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
  writeTwo(out, year / 100);
  writeTwo(out + 2, year % 100);
  store<u8>(out + 4, 0x2d);
  writeTwo(out + 5, <u32>month);
  store<u8>(out + 7, 0x2d);
  writeTwo(out + 8, <u32>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1));
  store<u8>(out + 10, 0x54);
}

// @ts-ignore: decorators are AssemblyScript's
@inline
function writeTwo(out: u32, value: u32): void {
  store<u8>(out, <u8>(DIGIT_0 + value / 10));
  store<u8>(out + 1, <u8>(DIGIT_0 + (value % 10)));
}

/** A text that fulfils all that is asked of one value of an event. */
import { rangeOf } from '../../xpath/check/single-values.ts';
import { readInstant, ticksSince1601 } from '../../xpath/value/time-text.ts';
import type { WorkLimit } from '../work-limit.ts';
import type { Fact } from './fact.ts';

export interface ChosenFor {
  /** Names from the event down, such as `Event/System/EventID`, `…/Provider/@Name`. */
  readonly path: string;
  /** What it is when nothing is asked of it. */
  readonly usual: string;
  readonly nowMs: number;
  readonly limit: WorkLimit;
}

/** Texts that are tried for one value. Own choice. */
const TRIED_MAX = 400;
/** 100 ns from 1601 to 1970. */
const EPOCH_TICKS = 116_444_736_000_000_000n;
const TICKS_PER_MS = 10_000n;
const TIME = 'Event/System/TimeCreated/@SystemTime';
const KEYWORDS = 'Event/System/Keywords';

/** `null` when none was found, though there might be one. */
export function chooseValue(facts: readonly Fact[], chosenFor: ChosenFor): string | null {
  let tried = 0;
  const cost = testCost(facts);
  for (const text of candidates(facts, chosenFor)) {
    if (tried++ === TRIED_MAX || !chosenFor.limit.take(cost)) return null;
    const value = { type: 'string', text } as const;
    if (chosenFor.path === KEYWORDS && isOfBothAudits(text)) continue;
    if (facts.every((fact) => fact.test(value, chosenFor.nowMs))) return text;
  }
  return null;
}

/** Of one value, in steps of the limit. */
export function testCost(facts: readonly Fact[]): number {
  return Math.ceil(facts.reduce((sum, { size }) => sum + size, 0) / 4);
}

/** The likely ones first. */
function* candidates(facts: readonly Fact[], chosenFor: ChosenFor): Generator<string> {
  const { path, usual } = chosenFor;
  const range = rangeOf(path);
  if (range === null) {
    yield* writtenTexts(facts);
    // A number rather than a text that is none.
    if (!facts.some(({ literals }) => literals.some(({ number }) => number !== null))) yield usual;
    yield* nearby(facts, chosenFor);
    yield usual;
    return;
  }
  const literals = facts.flatMap((fact) => fact.literals);
  // Windows may take such a constant for something else.
  if (!literals.every((literal) => range.understands(literal))) return;
  // Nothing but these comes into question, and what is between them is like one of them.
  const samples = new Set(range.samples(literals).map(({ text }) => text));
  yield usual;
  yield* writtenTexts(facts).filter((text) => samples.has(plain(text)));
  if (path === TIME) yield* times(facts, chosenFor);
  yield* bitSums(facts).map(String);
  if (path === TIME) return;
  yield* literals.map(({ number }) => String(number)).filter((text) => samples.has(text));
  // The ends of the range are the least likely.
  const [least, ...others] = samples;
  yield* others;
  if (least !== undefined) yield least;
}

/** Constants that it is to be equal to; of the shortest list, as it must be one of them. */
function writtenTexts(facts: readonly Fact[]): string[] {
  const lists = facts.flatMap(({ listed }) => listed ?? []);
  const [shortest] = lists.sort((a, b) => a.size - b.size);
  return [...(shortest?.values() ?? [])];
}

/** `10` for `'0xA'` and `'010'`. */
function plain(text: string): string {
  try {
    return BigInt(text).toString();
  } catch {
    return text;
  }
}

/** Near what it is compared with, where nothing is known of the values. */
function* nearby(facts: readonly Fact[], chosenFor: ChosenFor): Generator<string> {
  for (const { literals } of facts) {
    for (const { text, number, boolean } of literals) {
      if (typeof number === 'number') {
        const floor = Math.floor(number);
        for (const near of [floor, floor + 1, floor - 1]) {
          if (Number.isSafeInteger(near)) yield String(near);
        }
      } else if (typeof number === 'bigint') {
        for (const near of [number, number + 1n, number - 1n]) yield String(near);
      } else if (boolean !== null) yield* ['true', 'false'];
      else yield text;
    }
  }
  yield* bitSums(facts).map(String);
  yield* times(facts, chosenFor);
  yield 'other';
  yield `${facts.flatMap(({ literals }) => literals.map(({ text }) => text)).join('')}.`;
}

/** Numbers that share as few bits as can be with each of the masks, and none that is not needed. */
function bitSums(facts: readonly Fact[]): bigint[] {
  const masks = facts.flatMap((fact) => fact.masks);
  if (masks.length === 0) return [];
  const all = masks.reduce((sum, mask) => sum | mask, 0n);
  const own = masks.map((mask) => {
    const others = masks.filter((other) => other !== mask).reduce((sum, each) => sum | each, 0n);
    return lowestBit(mask & ~others) || lowestBit(mask);
  });
  const shared = lowestBit(masks.reduce((sum, mask) => sum & mask, all));
  return [shared, own.reduce((sum, bit) => sum | bit, 0n), ...own, ...masks, all, 0n];
}

/** An event is a successful audit or a failed one. Source: winmeta.xml, win:AuditSuccess. */
function isOfBothAudits(keywords: string): boolean {
  const both = 0x30_0000_0000_0000n;
  return /^(?:\d+|0x[0-9a-f]+)$/i.test(keywords) && (BigInt(keywords) & both) === both;
}

function lowestBit(bits: bigint): bigint {
  return bits & -bits;
}

/** Around the times it is compared with, and the distances from now. */
function* times(facts: readonly Fact[], { nowMs }: ChosenFor): Generator<string> {
  const now = BigInt(Math.floor(nowMs)) * TICKS_PER_MS;
  const around: bigint[] = [];
  for (const { literals, distances } of facts) {
    for (const { time } of literals) {
      if (time !== null) around.push(ticksSince1601(time) - EPOCH_TICKS);
    }
    for (const { until, ms } of distances) {
      if (!Number.isFinite(ms)) continue;
      const from = until === null ? now : ticksSince1601(until) - EPOCH_TICKS;
      const distance = BigInt(Math.floor(ms)) * TICKS_PER_MS;
      around.push(from - distance, from - distance - TICKS_PER_MS, from - distance + TICKS_PER_MS);
    }
  }
  for (const ticks of around) {
    for (const near of [ticks, ticks - 1n, ticks + 1n]) {
      // Events are not logged before their time.
      if (near <= now) yield* timeText(near);
    }
  }
}

/** As events have it, with seven digits of a second; nothing for years it cannot be written in. */
function timeText(ticks: bigint): string[] {
  const ms = ticks / TICKS_PER_MS - (ticks % TICKS_PER_MS < 0n ? 1n : 0n);
  const rest = ticks - ms * TICKS_PER_MS;
  const date = new Date(Number(ms));
  if (Number.isNaN(date.getTime())) return [];
  const text = `${date.toISOString().slice(0, -1)}${String(rest).padStart(4, '0')}Z`;
  return readInstant(text) === null ? [] : [text];
}

/** The form in which events have a value: keywords are written as a mask of 16 digits. */
export function asEventsHave(path: string, text: string): string {
  if (path !== KEYWORDS || !/^\d+$/.test(text)) return text;
  return `0x${BigInt(text).toString(16)}`;
}

/** Values of which, whatever these facts say of a value, some answer like it; not too many. */
export function possibleValues(facts: readonly Fact[], chosenFor: ChosenFor): readonly string[] {
  const values: string[] = [];
  for (const text of candidates(facts, chosenFor)) {
    if (values.length === TRIED_MAX) break;
    values.push(text);
  }
  return values;
}

/**
 * What can occur only once in an event, and which values it can have. Only of such a value can
 * two conditions contradict each other: of several `Data`, one may fulfil the first and another
 * the second.
 * Source: Event Schema (win32/wes/eventschema-schema), SystemPropertiesType.
 */
import type { Step } from '../ast.ts';
import type { EventValue } from '../event.ts';
import type { TypedLiteral } from '../value/literal.ts';
import type { ExactNumber } from '../value/number-text.ts';
import { ticksSince1601 } from '../value/time-text.ts';
import { SYSTEM_ELEMENTS } from './event-schema.ts';

/** Where a path has led: `''` is the root of the log; `null`, where nodes may be several. */
export type Place = string | null;

export const ROOT: Place = '';

const SYSTEM = 'Event/System';

const SINGLE: ReadonlySet<string> = new Set([
  'Event',
  SYSTEM,
  ...Object.entries(SYSTEM_ELEMENTS).flatMap(([name, { attributes = [] }]) => [
    `${SYSTEM}/${name}`,
    ...attributes.map((attribute) => `${SYSTEM}/${name}/@${attribute}`),
  ]),
]);

export function enter(place: Place, step: Step): Place {
  if (place === null || step.to === 'text') return null;
  if (place === ROOT && step.to === 'element' && step.name === null) return 'Event';
  const name = step.to === 'attribute' ? `@${step.name}` : `${step.name}`;
  const entered = place === ROOT ? name : `${place}/${name}`;
  return SINGLE.has(entered) ? entered : null;
}

/** The place as an author writes it inside `System[…]`. */
export function nameOf(place: string): string {
  return place.slice(SYSTEM.length + 1);
}

/**
 * The values of one place. Between the constants it is compared with, all values answer alike, so
 * a few samples stand for all of them.
 */
export interface ValueRange {
  /** For a hint: `EventID holds …`. */
  readonly holds: string;
  /** Is it certain what a comparison with this constant does? */
  understands(literal: TypedLiteral): boolean;
  /** Values of which, whatever the comparisons with these constants, some answer like any other. */
  samples(literals: readonly TypedLiteral[]): readonly EventValue[];
}

/** The values at a place; `null` where nothing is known of them. */
export function rangeOf(place: string): ValueRange | null {
  return RANGES.get(place) ?? null;
}

function wholeNumbers(bits: number): ValueRange {
  const max = 2n ** BigInt(bits) - 1n;
  return {
    holds: bits < 64 ? `whole numbers from 0 to ${max}` : 'whole numbers from 0 on',
    // Windows may read `true` as 1, and a time as the count of its ticks.
    understands: ({ text, number, time }) =>
      time === null && (number !== null || !/^(?:true|false)$/i.test(text)),
    samples: (literals) =>
      around(
        literals.flatMap(({ number }) => (number === null ? [] : [floorOf(number)])),
        max,
      ).map((n) => ({ type: 'uint', text: `${n}` })),
  };
}

const KEYWORDS: ValueRange = {
  ...wholeNumbers(64),
  holds: "a mask such as '0x8020000000000000'",
  // .NET prints the mask signed, and Windows may read it so.
  understands: (literal) =>
    wholeNumbers(64).understands(literal) && !(literal.number !== null && literal.number < 0),
};

const TIMES: ValueRange = {
  holds: 'times from 1601 on',
  understands: ({ time }) => time !== null,
  // Written as the count of ticks, which compares as the time it counts.
  samples: (literals) =>
    around(
      literals.flatMap(({ time }) => (time === null ? [] : [ticksSince1601(time)])),
      2n ** 64n - 1n,
    ).map((ticks) => ({ type: 'time', text: `${ticks}` })),
};

/** Names, and identities such as SIDs, which no two of these constants spell alike by accident. */
const TEXTS: ValueRange = {
  holds: 'texts',
  understands: ({ number, boolean, time }) => number === null && boolean === null && time === null,
  samples: (literals) => {
    const texts = literals.map(({ text }) => text);
    const another = `${texts.join('')}.`;
    return [...texts, another].map((text) => ({ type: 'string', text }));
  },
};

const UNSIGNED_8 = ['Level', 'Version', 'Opcode'];
const UNSIGNED_16 = ['EventID', 'EventID/@Qualifiers', 'Task'];
const UNSIGNED_32 = ['Execution/@ProcessID', 'Execution/@ThreadID'];

const RANGES: ReadonlyMap<string, ValueRange> = new Map(
  (
    [
      [UNSIGNED_8, wholeNumbers(8)],
      [UNSIGNED_16, wholeNumbers(16)],
      [UNSIGNED_32, wholeNumbers(32)],
      [['EventRecordID'], wholeNumbers(64)],
      [['Keywords'], KEYWORDS],
      [['TimeCreated/@SystemTime'], TIMES],
      [['Provider/@Name', 'Provider/@Guid', 'Provider/@EventSourceName'], TEXTS],
      [['Channel', 'Computer', 'Container', 'Security/@UserID'], TEXTS],
      [['Correlation/@ActivityID', 'Correlation/@RelatedActivityID'], TEXTS],
    ] as const
  ).flatMap(([names, range]) => names.map((name) => [`${SYSTEM}/${name}`, range])),
);

/** Each number, its neighbours, and the ends of the range: one in each part they cut it into. */
function around(numbers: readonly bigint[], max: bigint): bigint[] {
  const near = numbers.flatMap((n) => [n - 1n, n, n + 1n]).filter((n) => n >= 0n && n <= max);
  return [...new Set([0n, ...near, max])];
}

function floorOf(number: ExactNumber): bigint {
  if (typeof number === 'bigint') return number;
  // Beyond 64 bits it does not matter how far.
  return BigInt(Math.floor(Math.min(Math.max(number, -2), 2 ** 65)));
}

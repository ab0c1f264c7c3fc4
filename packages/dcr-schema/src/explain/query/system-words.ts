/** What is said of the level, the keywords and the time of an event. */

import { listed } from '../../rule/text/show.ts';
import type { Constant } from '../../xpath/ast.ts';
import { readMask } from '../../xpath/value/bit-mask.ts';
import { holds, orderOf } from '../../xpath/value/comparison.ts';
import { readLiteral } from '../../xpath/value/literal.ts';
import { noneOf } from '../listed.ts';
import type { AgeTest, Bound, ValueSet } from './clause.ts';
import { constantWords, duration, durationWords, isTime, setsWords } from './value-words.ts';

/**
 * Levels as Event Viewer names them: 0, LogAlways, is shown as Information.
 * Source: System-defined levels (winmeta.xml).
 */
const LEVEL_NAMES: readonly string[] = [
  'Information',
  'Critical',
  'Error',
  'Warning',
  'Information',
  'Verbose',
];

/** `that are Critical or Error (Level 1 or 2)`, `with Level at most 2 (0 to 2: …)`. */
export function levelWords(sets: readonly ValueSet[]): string {
  const constants = sets.flatMap((set) =>
    set.kind === 'bound' && set.operator === '=' ? [set.constant] : [],
  );
  if (constants.length === sets.length) {
    const names = levelNames(constants);
    if (names !== null) return `that are ${listed(names, 'or')} (${levels(constants)})`;
  }
  const held = LEVEL_NAMES.flatMap((name, level) =>
    sets.some((set) => holdsFor(set, level)) ? [level === 0 ? 'level 0' : name] : [],
  );
  const which = held.length === 0 ? '' : ` (${listed(held, 'and')})`;
  return `with Level ${setsWords(sets)}${which}`;
}

/** `that are not Information (Level 4 or 0)`; `null` for what is no number of a level. */
export function otherLevelWords(constants: readonly Constant[]): string | null {
  const names = levelNames(constants);
  return names && `that are ${noneOf(names)} (${levels(constants)})`;
}

/** Each once. */
function levelNames(constants: readonly Constant[]): readonly string[] | null {
  if (!constants.every(({ text }) => /^\d{1,3}$/.test(text))) return null;
  const names = constants.map(({ text }) => LEVEL_NAMES[Number(text)] ?? `level ${Number(text)}`);
  return [...new Set(names)];
}

function levels(constants: readonly Constant[]): string {
  return `Level ${listed(constants.map(constantWords), 'or')}`;
}

function holdsFor(set: ValueSet, level: number): boolean {
  const bounds = set.kind === 'bound' ? [set] : [set.lower, set.upper];
  return bounds.every(({ operator, constant }: Bound) => {
    const { number } = readLiteral(constant);
    return number !== null && holds(operator, orderOf(level, number));
  });
}

/**
 * Bits of Keywords that mean the same for every provider.
 * Source: winmeta.xml; .NET, StandardEventKeywords.
 */
const KEYWORDS: readonly (readonly [bit: bigint, name: string])[] = [
  [0x1000000000000n, 'Response Time'],
  [0x2000000000000n, 'WDI Context'],
  [0x4000000000000n, 'WDI Diagnostic'],
  [0x8000000000000n, 'SQM'],
  [0x10000000000000n, 'Audit Failure'],
  [0x20000000000000n, 'Audit Success'],
  [0x40000000000000n, 'Correlation Hint'],
  [0x80000000000000n, 'Classic'],
];

/** `0x10000000000000 (Audit Failure)` */
export function maskWords({ text }: Constant, isKeywords: boolean): string {
  const bits = readMask(text);
  if (bits === null) return text;
  const mask = (BigInt(bits.high) << 32n) | BigInt(bits.low);
  const known = isKeywords ? KEYWORDS.filter(([bit]) => (mask & bit) !== 0n) : [];
  const rest = known.reduce((left, [bit]) => left & ~bit, mask);
  const names = [...known.map(([, name]) => name), ...(rest === 0n ? [] : ['another bit'])];
  return `0x${mask.toString(16)}${known.length === 0 ? '' : ` (${listed(names, 'or')})`}`;
}

/** `created from … to …`; `null` where no times are compared. */
export function createdWords(sets: readonly ValueSet[]): string | null {
  const constants = sets.flatMap((set) =>
    set.kind === 'bound' ? [set.constant] : [set.lower.constant, set.upper.constant],
  );
  if (!constants.every(isTime)) return null;
  return `created ${listed(sets.map(timeWords), 'or')}`;
}

function timeWords(set: ValueSet): string {
  if (set.kind === 'bound') return `${CREATED[set.operator]} ${constantWords(set.constant)}`;
  const { lower, upper } = set;
  const from = lower.operator === '>=' ? 'from' : 'after';
  const to = upper.operator === '<=' ? 'to' : 'until before';
  return `${from} ${constantWords(lower.constant)} ${to} ${constantWords(upper.constant)}`;
}

const CREATED = { '=': 'at', '<': 'before', '<=': 'until', '>': 'after', '>=': 'since' } as const;

/** How old an event is now: `of the last 24 hours`, `more than 7 days old`. */
export function ageWords({ operator, than }: AgeTest): string {
  if (operator !== '<=') return `${durationWords(operator, than)} old`;
  return `of the last ${duration(than).replace(/^1 /, '')}`;
}

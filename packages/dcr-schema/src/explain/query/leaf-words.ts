/** One clause as words that follow `events`, such as `with EventID 4624`. */

import { listed } from '../../rule/text/show.ts';
import type { Step } from '../../xpath/ast.ts';
import { SYSTEM_ELEMENTS } from '../../xpath/check/event-schema.ts';
import { printExpression, printPath } from '../../xpath/print-expression.ts';
import { named, noneOf, oneLine } from '../listed.ts';
import type { AgeTest, LeafClause, LeafTest } from './clause.ts';
import { type DataName, dataName } from './data-name.ts';
import { ageWords, createdWords, levelWords, maskWords, otherLevelWords } from './system-words.ts';
import { constantWords, durationWords, noneWords, setsWords } from './value-words.ts';

/** In this order they follow each other in a sentence. */
export type WordClass =
  | 'from'
  | 'with'
  | 'that are'
  | 'when'
  | 'whose'
  | 'that have'
  | 'that match';

export interface LeafWords {
  readonly wordClass: WordClass;
  readonly text: string;
}

export function leafWords(leaf: LeafClause): LeafWords {
  const { steps, test } = leaf;
  const text = printPath(steps.slice(1));
  if (test.kind === 'text' || steps.length < 2) {
    return say('that match', `that match \`${oneLine(printExpression(leaf.asked))}\``);
  }
  return systemWords(text, test) ?? labelledWords(text, steps, test);
}

function systemWords(path: string, test: LeafTest): LeafWords | null {
  switch (path) {
    case 'System/Provider/@Name':
      return providerWords(test);
    case 'System/Level': {
      const words =
        test.kind === 'is'
          ? levelWords(test.of)
          : test.kind === 'is none'
            ? otherLevelWords(test.of)
            : null;
      return words === null ? null : say('that are', words);
    }
    case 'System/TimeCreated/@SystemTime': {
      if (test.kind === 'age' && test.until === null) return say('when', ageWords(test));
      const words = test.kind === 'is' ? createdWords(test.of) : null;
      return words === null ? null : say('when', words);
    }
    case 'System/Keywords':
      if (test.kind !== 'bits') return null;
      return say(
        'with',
        `${test.isShared ? 'with' : 'without'} Keywords mask ${maskWords(test.mask, true)}`,
      );
    case 'EventData/Data/@Name': {
      const names = equalNames(test);
      if (names === null) return null;
      return say('that have', `that have ${listed(names, 'or')} in EventData`);
    }
    default:
      return null;
  }
}

/** The names a value is one of; `null` where more is asked of it. */
function equalNames(test: LeafTest): readonly string[] | null {
  if (test.kind !== 'is') return null;
  const names = test.of.flatMap((set) =>
    set.kind === 'bound' && set.operator === '=' ? [named(set.constant.text)] : [],
  );
  return names.length < test.of.length ? null : names;
}

function providerWords(test: LeafTest): LeafWords | null {
  if (test.kind === 'is none') {
    const names = noneOf(test.of.map(({ text }) => named(text)));
    return say('from', test.of.length === 1 ? names.replace(/^not/, 'not from') : `from ${names}`);
  }
  const names = equalNames(test);
  return names && say('from', `from ${listed(names, 'or')}`);
}

/** Numbers of `System` that are told with `with`. */
const NUMBERS: ReadonlySet<string> = new Set([
  'System/EventID',
  'System/EventRecordID',
  'System/Version',
  'System/Task',
  'System/Opcode',
  'System/Keywords',
]);

function labelledWords(path: string, steps: readonly Step[], test: LeafTest): LeafWords {
  const data = dataName(steps);
  const label = data?.label ?? systemLabel(steps) ?? oneLine(path);
  if (test.kind === 'exists') return say('that have', `that have ${existing(data, label)}`);
  if (test.kind === 'is' && NUMBERS.has(path)) {
    return say('with', `with ${label} ${setsWords(test.of)}`);
  }
  const value = valueWords(test);
  if (data?.isAny) return say('that have', `that have a Data value that ${value}`);
  return say('whose', `whose ${label} ${value}`);
}

function existing(data: DataName | null, label: string): string {
  if (data === null) return label;
  if (data.isAny) return 'a Data value';
  return data.isNumbered ? `a ${label}` : `${label} in EventData`;
}

function valueWords(test: LeafTest): string {
  switch (test.kind) {
    case 'is':
      return `is ${setsWords(test.of)}`;
    case 'is none':
      return `is ${noneWords(test.of)}`;
    case 'bits':
      return `${test.isShared ? 'shares a' : 'shares no'} bit with the mask ${maskWords(test.mask, false)}`;
    case 'age':
      return `is ${durationWords(test.operator, test.than)} before ${until(test)}`;
    default:
      return 'exists';
  }
}

function until(test: AgeTest): string {
  return test.until === null ? 'now' : constantWords(test.until);
}

/** `EventID Qualifiers` for an attribute that the event schema has; `null` for anything else. */
function systemLabel(steps: readonly Step[]): string | null {
  const [, system, element, attribute, ...more] = steps;
  const name = element?.name ?? '';
  const isPlain = steps.every(({ predicates }) => predicates.length === 0);
  if (system?.name !== 'System' || more.length > 0 || !isPlain) return null;
  if (element?.to !== 'element' || !Object.hasOwn(SYSTEM_ELEMENTS, name)) return null;
  if (attribute === undefined) return name;
  const known = SYSTEM_ELEMENTS[name]?.attributes ?? [];
  const isKnown = attribute.to === 'attribute' && known.includes(attribute.name ?? '');
  return isKnown ? `${name} ${attribute.name}` : null;
}

function say(wordClass: WordClass, text: string): LeafWords {
  return { wordClass, text };
}

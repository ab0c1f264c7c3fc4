/**
 * Breaks a document at one place: every member and item with every operator that applies to it.
 * Which letter of a name changes is the only thing left to chance.
 */
import { pick } from './seeded-random.ts';

export type Value = null | boolean | number | string | readonly Value[] | ObjectValue;
export interface ObjectValue {
  readonly [name: string]: Value;
}
export type Step = string | number;
export type Path = readonly Step[];

export interface Mutation {
  readonly operator: Operator;
  /** What was changed, in the document before. */
  readonly path: Path;
  /** The document after; made when it is asked for. */
  readonly broken: () => { readonly document: Value; readonly text: string };
  /** Findings about exactly these values are at the right place. */
  readonly at: readonly Path[];
  /** And those about these or what is below. */
  readonly below: readonly Path[];
  /** Names and texts that went or came: what refers to them is the other end of a reference. */
  readonly names: readonly string[];
}

export const OPERATORS = [
  'drop a member',
  'drop an item',
  'misspell a member',
  'change the case of a member',
  'write a member twice',
  'repeat an item',
  'misspell a reference',
  'misspell a text',
  'empty a text',
  'text to number',
  'text to list',
  'text to object',
  'number to text',
  'number to fraction',
  'boolean to text',
  'list to its first item',
  'list to text',
  'list to empty list',
  'object to list',
  'object to text',
  'object to empty object',
  'misspell a word of a text',
  'drop a sign of a text',
  'swap members',
  'swap items',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What may not be told of: the same rule in another order. */
export const HARMLESS: readonly Operator[] = ['swap members', 'swap items'];

/** Stands before a member that is to be written a second time. */
const TWICE = 'twice\u0001';
const WRITTEN_TWICE = JSON.stringify(TWICE).slice(1, -1);

/** All mutations of a document, in the order of its text. */
export function mutationsOf(document: Value, random: () => number): readonly Mutation[] {
  const mutations: Mutation[] = [];
  const written = JSON.stringify(document);
  const visit = (value: Value, path: Path): void => {
    for (const made of mutationsAt(value, path, written, random)) {
      mutations.push({
        operator: made.operator,
        path: made.path ?? path,
        broken: () => {
          const changed = replaceAt(document, path, made.value);
          const text = JSON.stringify(changed, null, 2);
          return { document: changed, text: text.replaceAll(WRITTEN_TWICE, '') };
        },
        at: made.at ?? [],
        below: made.below ?? [],
        names: [...new Set([...made.names, ...declaredStream(path)])],
      });
    }
    for (const [step, below] of entriesOf(value)) visit(below, [...path, step]);
  };
  visit(document, []);
  return mutations;
}

/** Columns belong to a stream, and are missed where that is taken. */
function declaredStream(path: Path): readonly string[] {
  const stream = path[path.indexOf('streamDeclarations') + 1];
  return path.includes('streamDeclarations') && typeof stream === 'string' ? [stream] : [];
}

interface Made {
  readonly operator: Operator;
  /** Of the member or item, where that is what was changed. */
  readonly path?: Path;
  /** What stands in place of the whole object, list or scalar. */
  readonly value: Value;
  readonly at?: readonly Path[];
  readonly below?: readonly Path[];
  readonly names: readonly string[];
}

function mutationsAt(
  value: Value,
  path: Path,
  written: string,
  random: () => number,
): readonly Made[] {
  const retyped = (operator: Operator, to: Value): Made => {
    return { operator, value: to, below: [path], names: [...namesIn(value), ...namesIn(to)] };
  };
  if (typeof value === 'string') {
    const operator = isReference(value, path, written) ? 'misspell a reference' : 'misspell a text';
    return textMutations(value, path, operator, retyped, random);
  }
  if (typeof value === 'number') {
    return [retyped('number to text', String(value)), retyped('number to fraction', value + 0.5)];
  }
  if (typeof value === 'boolean') return [retyped('boolean to text', String(value))];
  if (isList(value)) return [...listMutations(value, path), ...listRetypes(value, retyped)];
  if (!isObject(value)) return [];
  const made = Object.keys(value).flatMap((name) => memberMutations(value, path, name, random));
  return path.length === 0
    ? made
    : [
        ...made,
        retyped('object to list', [value]),
        retyped('object to text', 'text'),
        ...(Object.keys(value).length > 0 ? [retyped('object to empty object', {})] : []),
      ];
}

type Retyped = (operator: Operator, to: Value) => Made;

function textMutations(
  text: string,
  path: Path,
  operator: Operator,
  retyped: Retyped,
  random: () => number,
): readonly Made[] {
  const made = [
    retyped('empty a text', ''),
    retyped('text to number', 7),
    retyped('text to list', [text]),
    retyped('text to object', { value: text }),
  ];
  if (!isCode(text, path)) {
    return /[a-z]{2}/i.test(text) ? [retyped(operator, misspelled(text, random)), ...made] : made;
  }
  const words = [...text.matchAll(/[A-Za-z_]{3,}/g)].map(({ 0: word, index }) =>
    retyped(
      'misspell a word of a text',
      text.slice(0, index) + misspelled(word, random) + text.slice(index + word.length),
    ),
  );
  const signs = [...text.matchAll(/[^\w\s]/g)].map(({ index }) =>
    retyped('drop a sign of a text', text.slice(0, index) + text.slice(index + 1)),
  );
  return [...words, ...signs, ...made];
}

/** Is it one side of a reference: a name that is used elsewhere, or where it is used? */
function isReference(text: string, path: Path, written: string): boolean {
  const [list, last] = path.slice(-2);
  if (![last, list].some((step) => NAMES.includes(String(step)))) return false;
  const quoted = JSON.stringify(text);
  const users = USERS.find(({ of }) => path.includes(of) && last === 'name');
  if (users === undefined) return written.split(quoted).length > 2;
  const word = quoted.slice(1, -1);
  return [...written.matchAll(users.in)].some(([found]) => found.split(/[^\w-]+/).includes(word));
}

const NAMES = [
  ...['name', 'streams', 'stream', 'destinations', 'outputStream'],
  ...['inputDataSources', 'transform'],
];

/** What is asked for by its name in one place only. */
const USERS = [
  { of: 'columns', in: /"transformKql":"(?:[^"\\]|\\.)*"/g },
  { of: 'dataSources', in: /"inputDataSources":\[[^\]]*\]/g },
  { of: 'references', in: /"transformKql":"(?:[^"\\]|\\.)*"/g },
] as const;

/** Event queries, transformations and expressions: languages of their own. */
function isCode(text: string, path: Path): boolean {
  const isQuery = path.includes('xPathQueries') || path.at(-1) === 'query';
  return isQuery || path.at(-1) === 'transformKql' || /^\[.*\]$/s.test(text);
}

function listMutations(list: readonly Value[], path: Path): readonly Made[] {
  return list.flatMap((item, i): Made[] => [
    {
      operator: 'drop an item',
      path: [...path, i],
      value: list.toSpliced(i, 1),
      at: [path],
      names: namesIn(item),
    },
    {
      operator: 'repeat an item',
      path: [...path, i],
      value: list.toSpliced(i, 0, item),
      at: [path],
      below: [
        [...path, i],
        [...path, i + 1],
      ],
      names: [],
    },
    ...(i === 0
      ? []
      : [{ operator: 'swap items', value: swapped(list, i), names: [] } satisfies Made]),
  ]);
}

function listRetypes(list: readonly Value[], retyped: Retyped): readonly Made[] {
  const [first] = list;
  return [
    ...(first === undefined
      ? []
      : [retyped('list to its first item', first), retyped('list to empty list', [])]),
    retyped('list to text', 'text'),
  ];
}

function memberMutations(
  object: ObjectValue,
  path: Path,
  name: string,
  random: () => number,
): readonly Made[] {
  const members = Object.entries(object);
  const i = members.findIndex(([key]) => key === name);
  const value = object[name] ?? null;
  const renamed = (to: string): Value => Object.fromEntries(members.with(i, [to, value]));
  const other = misspelled(name, random);
  const otherCase = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
  const own = [...path, name];
  const names = [name, ...namesIn(value)];
  return [
    {
      operator: 'drop a member',
      path: own,
      value: Object.fromEntries(members.toSpliced(i, 1)),
      at: [path, own],
      names,
    },
    {
      operator: 'misspell a member',
      path: own,
      value: renamed(other),
      at: [path, own],
      below: [[...path, other]],
      names: [other, ...names],
    },
    {
      operator: 'change the case of a member',
      path: own,
      value: renamed(otherCase),
      at: [own],
      below: [[...path, otherCase]],
      names: [name],
    },
    {
      operator: 'write a member twice',
      path: own,
      value: Object.fromEntries([...members, [TWICE + name, value]]),
      at: [own],
      names: [],
    },
    ...(i === 0
      ? []
      : [
          {
            operator: 'swap members',
            value: Object.fromEntries(swapped(members, i)),
            names: [],
          } satisfies Made,
        ]),
  ];
}

function swapped<T>(list: readonly T[], i: number): T[] {
  const [before, item] = list.slice(i - 1, i + 1);
  return before === undefined || item === undefined
    ? [...list]
    : list.toSpliced(i - 1, 2, item, before);
}

/** A letter less, a letter twice, or two neighbours in the wrong order; never the same word. */
function misspelled(text: string, random: () => number): string {
  const letters = [...text.matchAll(/[A-Za-z]/g)].map((match) => match.index);
  const i = pick(random, letters) ?? 0;
  const next = text.charAt(i + 1);
  const isSwap = /[A-Za-z]/.test(next) && next.toLowerCase() !== text.charAt(i).toLowerCase();
  const made = [
    text.slice(0, i) + text.slice(i + 1),
    text.slice(0, i) + text.charAt(i) + text.slice(i),
    ...(isSwap ? [text.slice(0, i) + next + text.charAt(i) + text.slice(i + 2)] : []),
  ];
  return pick(random, made);
}

function namesIn(value: Value): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return entriesOf(value).flatMap(([step, below]) => [
    ...(typeof step === 'string' ? [step] : []),
    ...namesIn(below),
  ]);
}

function entriesOf(value: Value): (readonly [Step, Value])[] {
  if (isList(value)) return [...value.entries()];
  return isObject(value) ? Object.entries(value) : [];
}

function replaceAt(document: Value, [step, ...rest]: Path, value: Value): Value {
  if (step === undefined) return value;
  if (isList(document)) {
    return document.with(Number(step), replaceAt(document[Number(step)] ?? null, rest, value));
  }
  if (!isObject(document)) return document;
  return { ...document, [step]: replaceAt(document[step] ?? null, rest, value) };
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

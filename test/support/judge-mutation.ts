/** Does what is told about a mutated document point at the mutation? */
import { openDocument } from '@dcr-agent/schema/documents';
import { HARMLESS, type Mutation, type Path, type Value } from './mutate-document.ts';

/**
 * `right`: something is told at the mutated value or below it, at the object or list that something
 * was dropped from, or at the other end of a reference: a text or name that is, or has as a word,
 * one that went or came with the mutation. `elsewhere`: all that is told is told of other places.
 * `no rule`: nothing but that a rule is not there any more. Of what is harmless, `right` is silence.
 */
export type Verdict = 'right' | 'elsewhere' | 'no rule' | 'silent';

/** Of a mutation of a document that nothing is told about and that has `ruleCount` rules. */
export function judge(mutation: Mutation, ruleCount: number): Verdict {
  const { document, text } = mutation.broken();
  const { diagnostics, rules } = openDocument(text);
  const found = [...diagnostics, ...rules.flatMap((r) => r.diagnostics)].map((d) => d.pointer);
  if (HARMLESS.includes(mutation.operator)) {
    return found.length === 0 && rules.length === ruleCount ? 'right' : 'elsewhere';
  }
  if (found.some((pointer) => isRight(pointer, mutation, document))) return 'right';
  if (found.length > 0) return 'elsewhere';
  return rules.length < ruleCount ? 'no rule' : 'silent';
}

function isRight(pointer: string, { at, below, names }: Mutation, document: Value): boolean {
  if (at.some((path) => pointerOf(path) === pointer)) return true;
  if (below.some((path) => `${pointer}/`.startsWith(`${pointerOf(path)}/`))) return true;
  const told = textsAt(document, pointer).map((text) => text.toLowerCase());
  const changed = names.map((name) => name.toLowerCase());
  return changed.some((name) => told.some((text) => hasWord(text, name) || hasWord(name, text)));
}

/** Objects whose members are named by authors. */
const NAMED = ['streamDeclarations', 'parameters', 'variables'];

/** The text or texts at a pointer, and the name of the member, where authors give it. */
function textsAt(document: Value, pointer: string): readonly string[] {
  const steps = pointer.split('/').slice(1).map(unescaped);
  let value: unknown = document;
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  const [owner = '', name = ''] = steps.slice(-2);
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [
    ...(NAMED.includes(owner) ? [name] : []),
    ...values.filter((each) => typeof each === 'string'),
  ];
}

function hasWord(text: string, word: string): boolean {
  if (word.length < 2) return false;
  const isEdge = (i: number): boolean => !/\w/.test(text.charAt(i));
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isEdge(at - 1) && isEdge(at + word.length)) return true;
  }
  return false;
}

export function pointerOf(path: Path): string {
  return path
    .map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('');
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** What an event has where it fails a condition: other values, or nothing at all. */
import {
  compileConditionPredicate,
  type EventElement,
  type EventValue,
  type PathCondition,
  type QueryStep,
  type SingleCondition,
} from '@dcr-agent/schema/event-queries';
import { clipped } from './clipped.ts';

/** Names or values that are listed. */
const LISTED_MAX = 8;

/** `the event has 3`, or `no such Data; it has SubjectUserSid, SubjectUserName`. */
export function foundInstead(
  { nodes, alone }: SingleCondition,
  event: EventElement,
  nowMs: number,
): string {
  if (nodes === null) return 'none of them holds';
  const values = valuesOf(nodes, event, nowMs);
  if (values.length === 0) return missing(nodes, event, nowMs);
  const isText = alone.kind === 'path' && isTextCompared(alone);
  const [element, last] = nodes.steps.slice(-2);
  // An attribute with several values stands for as many elements, none of which is the right one.
  if (last?.to === 'attribute' && values.length > 1) {
    return `no such ${element?.name ?? 'element'}; ${has(values.map(({ text }) => text))}`;
  }
  const texts = values.map((value) => valueText(value, isText));
  return `the event has ${listText([...new Set(texts)])}`;
}

/** The values the path reaches. */
function valuesOf(nodes: PathCondition, event: EventElement, nowMs: number): EventValue[] {
  const values: EventValue[] = [];
  // A test that no value passes sees all of them.
  const test = (value: EventValue): boolean => {
    values.push(value);
    return false;
  };
  compileConditionPredicate({ ...nodes, value: { test, meaning: null } })(event, nowMs);
  return values;
}

/** The condition has its constant in quotes. */
function isTextCompared({ value }: PathCondition): boolean {
  const meaning = value?.meaning ?? null;
  return meaning?.kind === 'any comparison' && meaning.of.some(({ literal }) => !literal.isBare);
}

function valueText({ text }: EventValue, isQuoted: boolean): string {
  const own = text.replace(/\0+$/, '');
  if (own === '') return 'an empty value';
  return isQuoted ? `'${clipped(own)}'` : clipped(own);
}

/** Where the path ends in this event, and what is there instead. */
function missing(nodes: PathCondition, event: EventElement, nowMs: number): string {
  let elements: EventElement[] = [{ name: '', attributes: [], children: [event], value: null }];
  for (const [at, step] of nodes.steps.entries()) {
    if (step.to === 'text') return 'it has no text';
    if (step.to === 'attribute') return missingAttribute(step, elements);
    const below = elements.flatMap(({ children }) => children);
    const named = below.filter(({ name }) => step.name === null || step.name === name);
    if (named.length === 0) return `no ${step.name ?? 'element'}; ${has(below.map(nameOf))}`;
    const steps = nodes.steps.slice(0, at + 1);
    const isReached = compileConditionPredicate({ kind: 'path', steps, value: null });
    if (!isReached(event, nowMs)) return `no such ${step.name ?? 'element'}; ${has(marks(named))}`;
    elements = named;
  }
  return 'it has none';
}

function missingAttribute({ name }: QueryStep, elements: readonly EventElement[]): string {
  const names = elements.flatMap(({ attributes }) => attributes.map((each) => `@${each.name}`));
  return `no @${name ?? '*'}; ${has(names)}`;
}

function nameOf({ name }: EventElement): string {
  return name;
}

/** What tells elements of one name apart, as `Name` does for `Data`; how many, where nothing. */
function marks(elements: readonly EventElement[]): string[] {
  const texts = elements.flatMap(({ attributes }) => attributes[0]?.value.text ?? []);
  return texts.length > 0 ? texts : [`${elements.length} without a name`];
}

function has(names: readonly string[]): string {
  const distinct = [...new Set(names)].map((name) => clipped(name));
  return distinct.length === 0 ? 'there is nothing' : `it has ${listText(distinct)}`;
}

function listText(texts: readonly string[]): string {
  const more = texts.length - LISTED_MAX;
  const listed = texts.slice(0, LISTED_MAX).join(', ');
  return more > 0 ? `${listed} and ${more} more` : listed;
}

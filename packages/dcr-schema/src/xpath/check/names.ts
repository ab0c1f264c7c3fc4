/**
 * Names that no event has. An unknown name is legal and simply matches nothing, which is why
 * such a query "works" and never delivers: every finding here is a warning.
 */
import type { Expression, Path, Predicate, Step } from '../ast.ts';
import type { XPathCode } from '../codes.ts';
import type { Finding } from '../query-diagnostic.ts';
import { EVENT_SCHEMA, type SchemaElement, SYSTEM_ELEMENTS } from './event-schema.ts';
import { pathsOf } from './walk.ts';

/** Where a query starts. What may be named there is the business of `selectors.ts`. */
const ROOT: SchemaElement = {};

/** Checks every name below the event against the event schema. */
export function checkNames(query: Expression): Finding[] {
  return pathsOf(query).flatMap((path) => checkSteps(path, ROOT));
}

function checkSteps(path: Path, root: SchemaElement | null): Finding[] {
  let context = root;
  return path.steps.flatMap((step) => {
    const ofName = context === null ? [] : checkName(step, context);
    const reached = below(step, context);
    context = reached;
    return [...ofName, ...step.predicates.flatMap((p) => checkPredicate(p, reached))];
  });
}

function checkPredicate(predicate: Predicate, context: SchemaElement | null): Finding[] {
  if (predicate.kind === 'ordinal') return [];
  return pathsOf(predicate).flatMap((path) => checkSteps(path, context));
}

/** What is known of the node a step leads to; `null` where the schema says nothing. */
function below(step: Step, context: SchemaElement | null): SchemaElement | null {
  if (step.to !== 'element') return null;
  if (context === ROOT) return step.name === null || step.name === 'Event' ? EVENT_SCHEMA : null;
  if (step.name === null || context?.children === undefined) return null;
  return own(context.children, step.name) ?? null;
}

function checkName(step: Step, context: SchemaElement): Finding[] {
  if (step.name === null) return [];
  const isAttribute = step.to === 'attribute';
  const known = isAttribute ? context.attributes : childNames(context);
  if (known === undefined || known.includes(step.name)) return [];
  const written = isAttribute ? `@${step.name}` : step.name;
  const sameLetters = known.find((name) => name.toLowerCase() === step.name?.toLowerCase());
  if (sameLetters !== undefined) {
    const right = isAttribute ? `@${sameLetters}` : sameLetters;
    const message = `names are case sensitive: '${written}' never matches '${right}'`;
    return [finding('XPATH_NAME_CASE', step, written, message, `write '${right}'`)];
  }
  const isSystemElement = context === EVENT_SCHEMA && own(SYSTEM_ELEMENTS, step.name);
  if (!isAttribute && isSystemElement) {
    const message = `'${written}' is a part of System, which it is not used in`;
    return [finding('XPATH_OUTSIDE_SYSTEM', step, written, message, `write System/${written}`)];
  }
  const message = `no event has ${isAttribute ? 'the attribute' : 'the element'} '${written}' here`;
  return [finding('XPATH_UNKNOWN_NAME', step, written, message, unknownHint(step, context))];
}

function unknownHint(step: Step, context: SchemaElement): string {
  const { EventData, System } = EVENT_SCHEMA.children ?? {};
  if (context === EventData && step.to === 'element') {
    return `the values of EventData are called Data: write Data[@Name='${step.name}']`;
  }
  if (context === EVENT_SCHEMA && step.to === 'element') {
    return 'the element is System for every channel; below it stand EventID, Level, Provider …';
  }
  if (context.attributes?.some((name) => name === step.name)) return `write '@${step.name}'`;
  const known = step.to === 'attribute' ? (context.attributes ?? []) : childNames(context);
  if (context !== System && known?.length === 0) return 'there is nothing below it';
  return `there are ${known?.join(', ')}`;
}

function childNames(context: SchemaElement): readonly string[] | undefined {
  return context.children === undefined ? undefined : Object.keys(context.children);
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function finding(
  code: XPathCode,
  step: Step,
  token: string,
  message: string,
  hint: string,
): Finding {
  return { code, offset: step.offset, token, message, hint };
}

/** ajv's errors as findings: what was found, what was expected, what was probably meant. */
import type { ErrorObject } from 'ajv';
import { didYouMean, nearest } from '../did-you-mean.ts';
import { isObject, objectOf } from '../read-values.ts';
import type { Json } from '../rule.ts';
import type { RuleDocument } from '../rule-document.ts';
import { isExpression } from '../template-expression.ts';
import { pointerSteps, pointerTo } from '../text/json-tree.ts';
import { nameOf, quote, show } from '../text/show.ts';
import { dataOf, schemaOf } from './error-context.ts';
import { isPropertyMember } from './rule-document.ts';
import type { Schema } from './schema.ts';

/** Lists longer than this do not go into a hint. */
const LISTED_VALUES_MAX = 12;

export function describeError(error: ErrorObject, document: RuleDocument): void {
  const { keyword, instancePath } = error;
  const schema = schemaOf(error);
  const data = dataOf(error, document.value);
  const subject = label(instancePath);
  switch (keyword) {
    case 'type': {
      const message = `${subject} is ${show(data)}, expected ${expectation(schema)}`;
      document.report('DCR_TYPE_WRONG', instancePath, message, typeHint(schema, data));
      return;
    }
    case 'enum':
      // Of another type it is no other text, and its type is told.
      if (typeof data === 'string') describeUnknownValue(instancePath, schema, data, document);
      return;
    case 'minItems':
    case 'minLength': {
      const message = `${subject} is empty, expected ${expectation(schema)}`;
      document.report('DCR_VALUE_EMPTY', instancePath, message);
      return;
    }
    case 'minimum':
    case 'maximum': {
      const usual = `${schema.minimum} to ${schema.maximum}`;
      const message = `${subject} is ${show(data)}, usual are ${usual}`;
      document.report('DCR_VALUE_RANGE', instancePath, message);
      return;
    }
    default:
      throw new Error(`no sentence for the keyword '${keyword}'`);
  }
}

/** Missing and unknown members of one object. `stream` in place of `streams` is one mistake. */
export function describeMembers(
  pointer: string,
  errors: readonly ErrorObject[],
  document: RuleDocument,
): void {
  const [first] = errors;
  if (first === undefined) return;
  const schema = schemaOf(first);
  const published = Object.keys(schema.properties ?? {});
  const present = objectOf(dataOf(first, document.value));
  const absent = published.filter((name) => !Object.hasOwn(present, name));
  const unknown = new Set<string>(paramsOf(errors, 'additionalProperty'));
  for (const missing of paramsOf(errors, 'missingProperty')) {
    const written = [...unknown].find((name) => nearest(name, absent) === missing);
    if (written !== undefined) unknown.delete(written);
    describeMissing(pointer, missing, written, schema, document);
  }
  for (const name of unknown) {
    const at = pointerTo(pointer, name);
    const message = `${nameOf(name)} is not a member of ${expectation(schema)}; it is ignored`;
    document.reportName('DCR_MEMBER_UNKNOWN', at, message, unknownHint(pointer, name, absent));
  }
}

function describeMissing(
  pointer: string,
  missing: string,
  written: string | undefined,
  schema: Schema,
  document: RuleDocument,
): void {
  const owner = pointer === '/properties' ? 'the rule' : label(pointer);
  const expected = `expected ${expectation(schema.properties?.[missing] ?? {})}`;
  if (written !== undefined) {
    const message = `${owner} has ${nameOf(written)} but no '${missing}'; ${expected}`;
    const at = pointerTo(pointer, written);
    document.reportName('DCR_MEMBER_MISSING', at, message, `did you mean '${missing}'?`);
  } else if (document.isWrittenNull(pointerTo(pointer, missing))) {
    const message = `'${missing}' of ${owner} is null, ${expected}`;
    document.report('DCR_MEMBER_MISSING', pointerTo(pointer, missing), message);
  } else {
    document.report('DCR_MEMBER_MISSING', pointer, `${owner} has no '${missing}', ${expected}`);
  }
}

function describeUnknownValue(
  pointer: string,
  schema: Schema,
  value: string,
  document: RuleDocument,
): void {
  const published = schema.enum ?? [];
  const listed = published.length <= LISTED_VALUES_MAX ? `known are ${published.join(', ')}` : '';
  const insteadOf = schema.insteadOf ?? {};
  const wrong = value.toLowerCase();
  const instead = Object.hasOwn(insteadOf, wrong) ? insteadOf[wrong] : undefined;
  const hint = instead ?? didYouMean(value, published) ?? (listed === '' ? undefined : listed);
  const isOtherCase = published.some((p) => p.toLowerCase() === wrong);
  if (schema.isClosedEnum === true && !isOtherCase) {
    const message = `${label(pointer)} is ${quote(value)}, expected ${expectation(schema)}`;
    document.report('DCR_COLUMN_TYPE_INVALID', pointer, message, hint);
  } else if (!isExpression(value)) {
    const message = `${label(pointer)} is ${quote(value)}, which is not a published value`;
    document.report('DCR_VALUE_UNKNOWN', pointer, message, hint);
  }
}

function paramsOf(errors: readonly ErrorObject[], name: string): string[] {
  return errors.map((e) => e.params[name]).filter((p): p is string => typeof p === 'string');
}

function expectation(schema: Schema): string {
  return schema.meaning ?? `a value of type ${schema.type ?? 'any'}`;
}

function typeHint(schema: Schema, data: Json): string | undefined {
  if (typeof data === 'string') {
    if (isExpression(data)) return 'template expressions are not evaluated: write the value itself';
    if (schema.type === 'integer' && /^\d+$/.test(data)) return `write ${data} without quotes`;
    if (schema.type === 'boolean' && /^(true|false)$/i.test(data)) {
      return `write ${data.toLowerCase()} without quotes`;
    }
    if (schema.type === 'array') return `write [${quote(data)}]`;
  }
  if (schema.type === 'array' && isObject(data)) return 'put it in [ ]';
  if (schema.type === 'object' && Array.isArray(data)) return 'write an object, not a list of it';
  if (schema.type === 'string' && (typeof data === 'number' || typeof data === 'boolean')) {
    return `write "${data}"`;
  }
  return undefined;
}

function unknownHint(pointer: string, name: string, absent: readonly string[]): string | undefined {
  if (pointer === '' && isPropertyMember(name)) return "it belongs inside 'properties'";
  return didYouMean(name, absent);
}

/** The last steps of a pointer as authors say it: `streams[1]`, `columns[2].type`. */
function label(pointer: string): string {
  const steps = pointerSteps(pointer);
  const last = steps.length - 1;
  if (last < 0) return 'the rule';
  let from = last;
  if (isIndex(steps[last])) from = last - 1;
  else if (isIndex(steps[last - 1])) from = last - 2;
  const text = steps.slice(Math.max(0, from)).reduce((before, step) => {
    if (isIndex(step)) return `${before}[${step}]`;
    return before === '' ? step : `${before}.${step}`;
  }, '');
  return nameOf(text);
}

function isIndex(step: string | undefined): boolean {
  return step !== undefined && /^\d+$/.test(step);
}

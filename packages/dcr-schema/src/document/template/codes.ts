/**
 * Every finding about the template language, once. Codes are stable, texts are not. The table in
 * README.md is kept equal by a test.
 */
import type { CodeEntry } from '../../rule/codes.ts';

const ERRORS = {
  ARM_STRUCTURE: 'a part of a template does not have the shape it must have',
  ARM_EXPRESSION_SYNTAX: 'a template expression cannot be read',
  ARM_PARAMETER_UNDECLARED: 'a parameter is used or given that the template does not declare',
  ARM_VARIABLE_UNDECLARED: 'a variable is used that the template does not define',
  ARM_FUNCTION_UNKNOWN: 'a function is called that does not exist',
  ARM_FUNCTION_ARGUMENTS: 'a function is called with the wrong number or type of arguments',
  ARM_MEMBER_MISSING: 'an expression takes a member or item that is not there',
  ARM_VALUE_CYCLE: 'a variable or default value refers to itself',
  ARM_PARAMETER_TYPE: 'the value of a parameter is not of its declared type',
  ARM_PARAMETER_VALUE: 'the value of a parameter is missing or not an allowed one',
  ARM_COPY_COUNT: 'a loop does not run between 0 and 800 times',
  ARM_TOO_LARGE: 'a template evaluates to more than any deployment takes',
} as const;

/** Of the catalogue below. */
export type TemplateCode = keyof typeof ERRORS;

/** The service answers all of them with `InvalidTemplate`, before it deploys anything. */
export const TEMPLATE_CODES: Readonly<Record<TemplateCode, CodeEntry>> = entries();

function entries(): Record<TemplateCode, CodeEntry> {
  const made = Object.entries(ERRORS).map(([code, meaning]): [string, CodeEntry] => {
    return [code, { severity: 'error', meaning }];
  });
  return Object.fromEntries(made) as Record<TemplateCode, CodeEntry>;
}

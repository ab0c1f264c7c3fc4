/**
 * Everything that can be said about a transformation, once. A code never changes its meaning; the
 * table in README.md is this catalogue, and a test keeps the two equal.
 *
 * `service` is the code the service itself answers the same mistake with, as seen in public
 * reports of refused rules.
 */
import type { Severity } from '../diagnostic.ts';

/** What the service answers a rule with whose transformation it refuses. */
export type TransformServiceCode = 'InvalidTransformQuery' | 'InvalidTransformOutput';

/** What a code stands for. */
export interface TransformCodeEntry {
  readonly severity: Severity;
  readonly meaning: string;
  readonly service?: TransformServiceCode;
}

/** Severity, meaning, code of the service. */
const ENTRIES = {
  TRANSFORM_SYNTAX: ['error', 'the text cannot be read as a query', 'InvalidTransformQuery'],
  TRANSFORM_OPERATOR_UNSUPPORTED: [
    'error',
    'a tabular operator transformations lack',
    'InvalidTransformQuery',
  ],
  TRANSFORM_FUNCTION_UNSUPPORTED: [
    'error',
    'a function that transformations refuse',
    'InvalidTransformQuery',
  ],
  TRANSFORM_FUNCTION_UNKNOWN: ['error', 'a function that does not exist', 'InvalidTransformQuery'],
  TRANSFORM_COLUMN_UNKNOWN: [
    'error',
    'a name that no column and no `let` has',
    'InvalidTransformQuery',
  ],
  TRANSFORM_NO_TIME_GENERATED: [
    'error',
    'the output has no TimeGenerated',
    'InvalidTransformOutput',
  ],
  TRANSFORM_TIME_GENERATED_TYPE: [
    'error',
    'TimeGenerated is not a datetime',
    'InvalidTransformOutput',
  ],
  TRANSFORM_OUTPUT_TYPE: [
    'error',
    "a column has another type than the table's",
    'InvalidTransformOutput',
  ],
  TRANSFORM_FUNCTION_UNLISTED: ['warning', 'a function not documented for transformations'],
  TRANSFORM_STRING_OPERATOR_UNLISTED: [
    'warning',
    'a comparison not documented for transformations',
  ],
  TRANSFORM_PARSE_COLUMNS: ['warning', 'one `parse` creates more than 10 columns'],
  TRANSFORM_DYNAMIC_LITERAL: ['warning', 'a `dynamic(…)` literal instead of parse_json'],
  TRANSFORM_COLUMN_NAME: ['warning', 'a name that no column of a custom table can have'],
  TRANSFORM_COLUMN_ADDED: ['warning', 'a new column of a built-in table is dropped'],
} as const;

/** A code of the catalogue. */
export type TransformCode = keyof typeof ENTRIES;

/** The catalogue. */
export const TRANSFORM_CODES: Readonly<Record<TransformCode, TransformCodeEntry>> =
  Object.fromEntries(
    Object.entries(ENTRIES).map(([code, [severity, meaning, service]]) => [
      code,
      { severity, meaning, ...(service === undefined ? {} : { service }) },
    ]),
  ) as Record<TransformCode, TransformCodeEntry>;

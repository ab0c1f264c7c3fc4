/**
 * Names of columns that no custom table can have. Source: "Add or delete tables and columns in
 * Azure Monitor Logs", rules for column names, read 2026-11.
 */
import { nameOf } from '../rule/text/show.ts';
import type { Checking, FlowColumn } from './checking.ts';

const LENGTH_MIN = 2;
const LENGTH_MAX = 45;
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const RESERVED: ReadonlySet<string> = new Set([
  'id',
  'BilledSize',
  'IsBillable',
  'InvalidTimeGenerated',
  'TenantId',
  'Title',
  'Type',
  'UniqueId',
  '_ItemId',
  '_ResourceGroup',
  '_ResourceId',
  '_SubscriptionId',
  '_TimeReceived',
]);

/** Of columns that the text makes; others are what the records bring along. */
export function checkColumnNames(
  checking: Checking,
  columns: ReadonlyMap<string, FlowColumn>,
): void {
  for (const [name, { unit }] of columns) {
    const problem = columnNameProblem(name);
    if (problem === undefined || unit === undefined) continue;
    if (!checking.wants('TRANSFORM_COLUMN_NAME', name)) return;
    const hint = 'give it another name';
    checking.report({ code: 'TRANSFORM_COLUMN_NAME', unit, message: problem, hint });
  }
}

/** Why no custom table can have such a column, as a sentence. */
export function columnNameProblem(name: string): string | undefined {
  const problem = problemOf(name);
  return problem && `no custom table can have the column ${nameOf(name)}: ${problem}`;
}

function problemOf(name: string): string | undefined {
  if (RESERVED.has(name)) return 'the name is reserved';
  if (!NAME.test(name)) return 'a name is a letter, then letters, digits and underscores';
  if (name.length < LENGTH_MIN || name.length > LENGTH_MAX)
    return `a name has ${LENGTH_MIN} to ${LENGTH_MAX} characters`;
  return undefined;
}

/** The columns a transformation gives, against what the table takes. */
import { nearest } from '../rule/did-you-mean.ts';
import { nameOf } from '../rule/text/show.ts';
import { checkColumnNames } from './check-column-names.ts';
import type { TableOutcome } from './check-statement.ts';
import type { Checking, FlowColumn } from './checking.ts';
import { isSystemColumn } from './system-columns.ts';
import type { TransformTable, ValueType } from './transform-report.ts';
import { conversionTo, serviceTypeName, typeNamed } from './type-names.ts';

const TIME = 'TimeGenerated';

/** Nothing is said where the columns cannot be told. */
export function checkOutput(
  checking: Checking,
  { columns, unit }: TableOutcome,
  table: TransformTable | undefined,
): void {
  if (columns === undefined) return;
  checkTime(checking, columns, unit);
  for (const wanted of table?.columns ?? []) {
    const produced = columns.get(wanted.name);
    if (wanted.name === TIME || produced?.type === undefined) continue;
    const type = typeNamed(wanted.type);
    if (type === undefined || isTaken(produced.type, type, table?.isBuiltIn === true)) continue;
    const types = `[produced:'${serviceTypeName(produced.type)}', output:'${serviceTypeName(type)}']`;
    checking.report({
      code: 'TRANSFORM_OUTPUT_TYPE',
      unit: produced.unit ?? unit,
      message: `${nameOf(wanted.name).slice(1, -1)} ${types}: the table has another type`,
      hint: `write ${wanted.name} = ${conversionTo(type)}(…)`,
    });
  }
  if (table?.isBuiltIn === true) checkAdded(checking, columns, table);
  if (table?.isBuiltIn === false) checkColumnNames(checking, columns);
}

function checkTime(
  checking: Checking,
  columns: ReadonlyMap<string, FlowColumn>,
  unit: number,
): void {
  const time = columns.get(TIME);
  if (time === undefined) {
    checking.report({
      code: 'TRANSFORM_NO_TIME_GENERATED',
      unit,
      message: `the output has no column '${TIME}'`,
      hint: `write extend ${TIME} = … with a datetime of the record, or now()`,
    });
  } else if (time.type !== undefined && time.type !== 'datetime') {
    const produced = serviceTypeName(time.type);
    checking.report({
      code: 'TRANSFORM_TIME_GENERATED_TYPE',
      unit: time.unit ?? unit,
      message: `${TIME} [produced:'${produced}', output:'DateTime']: it must be a datetime`,
      hint: `write ${TIME} = todatetime(…)`,
    });
  }
}

/**
 * Whether the service is known, or may be thought, to take a value of one type for a column of
 * another. It was seen to refuse String for Guid and Double for Int; whole numbers of two sizes
 * and what a dynamic column may hold are left to it. The published lists of built-in tables show
 * guid columns as strings: SecurityEvent's LogonGuid, which rules made from real tables cast.
 */
function isTaken(produced: ValueType, wanted: ValueType, isBuiltIn: boolean): boolean {
  if (isBuiltIn && produced === 'guid' && wanted === 'string') return true;
  if (produced === wanted || wanted === 'dynamic') return true;
  if (produced === 'dynamic') return wanted === 'string';
  return (produced === 'int' || produced === 'long') && ['int', 'long', 'real'].includes(wanted);
}

/** Columns that the text makes; what a record merely brings along is dropped without harm. */
function checkAdded(
  checking: Checking,
  columns: ReadonlyMap<string, FlowColumn>,
  table: TransformTable,
): void {
  if (table.columns === undefined) return;
  const names = new Set(table.columns.map((column) => column.name));
  for (const [name, { unit }] of columns) {
    if (unit === undefined || names.has(name) || name.endsWith('_CF')) continue;
    if (name === TIME || isSystemColumn(name)) continue;
    if (!checking.wants('TRANSFORM_COLUMN_ADDED', name)) return;
    const meant = nearest(name, names);
    checking.report({
      code: 'TRANSFORM_COLUMN_ADDED',
      unit,
      message: `the table ${nameOf(table.name)} has no column ${nameOf(name)}: it is dropped`,
      hint:
        meant === undefined
          ? `name it ${name}_CF and add it to the table`
          : `did you mean '${meant}'?`,
    });
  }
}

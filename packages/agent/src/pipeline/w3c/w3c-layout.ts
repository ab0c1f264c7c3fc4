/**
 * What the fields of a header become, prepared once for all rows behind it: the text around each
 * value is known then.
 */
import type { W3cHeader } from '../../record.ts';
import { JsonLiteral } from '../json-literal.ts';
import type { FieldTarget, W3cShape } from './w3c-target.ts';

/** A field that has a column. */
export interface W3cColumn extends FieldTarget {
  /** Index of the field. */
  readonly field: number;
  /** `,"name":`, with the quote that a string begins with. */
  readonly key: JsonLiteral;
  /** Whether values can be copied as they lie. */
  readonly isPlain: boolean;
  /** An earlier field has the same column: that of the first one with a value counts. */
  readonly isAgain: boolean;
  readonly remark: string;
}

/** A field that has none. */
export interface OtherField {
  readonly field: number;
  readonly name: string;
  readonly remark: string;
}

export interface W3cLayout {
  readonly header: W3cHeader | undefined;
  readonly fieldCount: number;
  /** Indexes of fields; -1: there is none. */
  readonly date: number;
  readonly time: number;
  readonly columns: readonly W3cColumn[];
  /** Whether several fields have one column. */
  readonly hasAgain: boolean;
  readonly others: readonly OtherField[];
}

export function w3cLayout(header: W3cHeader | undefined, shape: W3cShape): W3cLayout {
  const names = (header?.fields ?? '').split(/[ \t]+/).filter((name) => name !== '');
  const lower = names.map((name) => name.toLowerCase());
  const [date, time] = [lower.indexOf('date'), lower.indexOf('time')];
  const columns: W3cColumn[] = [];
  const others: OtherField[] = [];
  for (const [field, name] of names.entries()) {
    if (field === date || field === time) continue;
    const target = shape.targetOf(name);
    if (target === undefined) {
      others.push({ field, name, remark: `fields without a column: ${name}` });
      continue;
    }
    columns.push(columnOf(target, field, columns, shape));
  }
  const hasAgain = columns.some(({ isAgain }) => isAgain);
  return { header, fieldCount: names.length, date, time, columns, hasAgain, others };
}

function columnOf(
  target: FieldTarget,
  field: number,
  before: readonly W3cColumn[],
  shape: W3cShape,
): W3cColumn {
  const { column, type } = target;
  const isDerivedFrom = (shape.derived ?? []).some(({ from }) => from === column);
  return {
    ...target,
    field,
    key: new JsonLiteral(`,"${column}":${type === 'string' ? '"' : ''}`),
    isPlain: target.values === undefined && !isDerivedFrom,
    isAgain: before.some((earlier) => earlier.column === column),
    remark: `values that are no ${type}: ${column}`,
  };
}

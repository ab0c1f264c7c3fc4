/** The part of an expression between two brackets, while it is read, and what comes of it. */
import { KEEPS_NAME, resultType } from './known-functions.ts';
import type { ValueType } from './transform-report.ts';

/** One value of an expression. */
export interface Value {
  readonly type?: ValueType | undefined;
  readonly label?: string | undefined;
}

/** An expression, or a list of them, that is being read. */
export interface Frame {
  readonly kind: 'whole' | 'group' | 'call' | 'index' | 'list';
  readonly callee: string;
  /** Index of the token that closes it. */
  readonly close: number;
  /** Types of the arguments that are complete. */
  readonly types: (ValueType | undefined)[];
  firstLabel: string | undefined;
  /** The value read last; absent where one is expected. */
  value: Value | undefined;
  combined: 'no' | 'arithmetic' | 'condition';
}

/** One in which nothing has been read. */
export function openFrame(kind: Frame['kind'], callee: string, close: number): Frame {
  const types: Frame['types'] = [];
  return { kind, callee, close, types, firstLabel: undefined, value: undefined, combined: 'no' };
}

/** What stands in brackets, as a value of the expression around them. */
export function bracketed({ kind, callee, types, firstLabel }: Frame): Value {
  if (kind === 'group') return { type: types[0] };
  if (kind === 'index') return { type: 'dynamic' };
  if (kind !== 'call') return {};
  return {
    type: resultType(callee, types),
    label: KEEPS_NAME.has(callee) ? firstLabel : undefined,
  };
}

/** Ends the expression being read: its type joins those of the list. */
export function completeValue(frame: Frame): void {
  const { combined, value } = frame;
  if (frame.types.length === 0 && combined === 'no') frame.firstLabel = value?.label;
  const single = combined === 'no' ? value?.type : undefined;
  frame.types.push(combined === 'condition' ? 'boolean' : single);
  frame.value = undefined;
  frame.combined = 'no';
}

/** Notes a value and gives the index behind it. */
export function valueRead(frame: Frame, value: Value, next: number): number {
  frame.value = value;
  return next;
}

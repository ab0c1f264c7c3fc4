/** Writes one row of a log in W3C format, values from where they lie to where they are sent. */
import type { JsonBytes } from '../json-bytes.ts';
import { JsonLiteral } from '../json-literal.ts';
import type { Remarks } from '../remarks.ts';
import type { W3cColumn, W3cLayout } from './w3c-layout.ts';
import type { W3cShape } from './w3c-target.ts';
import type { W3cValues } from './w3c-values.ts';

const QUOTE = 0x22;
const CLOSE = 0x7d;
const INT_MAX = 2 ** 31 - 1;

export class W3cRow {
  readonly #shape: W3cShape;
  readonly #remarks: Remarks;
  /** Up to each of the times, and behind the last one. */
  readonly #beforeTimes: readonly JsonLiteral[];
  readonly #behindTimes: JsonLiteral;

  constructor(shape: W3cShape, remarks: Remarks) {
    this.#shape = shape;
    this.#remarks = remarks;
    this.#beforeTimes = ['TimeGenerated', ...shape.times].map(
      (column, i) => new JsonLiteral(`${i === 0 ? '{' : '",'}"${column}":"`),
    );
    const fixed = Object.entries(shape.fixed).map(
      ([column, value]) => `,"${column}":${JSON.stringify(value)}`,
    );
    this.#behindTimes = new JsonLiteral(`"${fixed.join('')}`);
  }

  /** `time` as JSON has it, without quotes. */
  write(layout: W3cLayout, values: W3cValues, time: string, out: JsonBytes): void {
    for (const before of this.#beforeTimes) {
      out.raw(before);
      out.text(time);
    }
    out.raw(this.#behindTimes);
    const written = layout.hasAgain ? new Set<string>() : undefined;
    for (const column of layout.columns) {
      if (values.isNone(column.field) || (column.isAgain && written?.has(column.column))) continue;
      if (this.#writeColumn(column, values, out)) written?.add(column.column);
    }
    this.#writeOthers(layout, values, out);
    out.byte(CLOSE);
  }

  #writeColumn(column: W3cColumn, values: W3cValues, out: JsonBytes): boolean {
    const { field, key, type } = column;
    if (type === 'string') {
      if (column.isPlain && !values.isQuoted(field)) {
        out.raw(key);
        values.writeTo(out, field);
        out.byte(QUOTE);
      } else this.#writeText(column, values.text(field), out);
      return true;
    }
    const digits = digitsOf(values.text(field), type);
    if (digits === undefined) {
      this.#remarks.add(column.remark);
      return false;
    }
    out.raw(key);
    out.json(digits);
    return true;
  }

  /** A value that stands for another one, or that others follow from. */
  #writeText({ key, column, values }: W3cColumn, text: string, out: JsonBytes): void {
    const name = text.toLowerCase();
    const value = values !== undefined && Object.hasOwn(values, name) ? values[name]! : text;
    out.raw(key);
    out.text(value);
    out.byte(QUOTE);
    for (const { from, to, of } of this.#shape.derived ?? []) {
      if (from === column) out.json(`,"${to}":${JSON.stringify(of(value))}`);
    }
  }

  #writeOthers({ others }: W3cLayout, values: W3cValues, out: JsonBytes): void {
    const column = this.#shape.others;
    const kept: [string, string][] = [];
    for (const { field, name, remark } of others) {
      if (values.isNone(field)) continue;
      if (column === undefined) this.#remarks.add(remark);
      else kept.push([name, values.text(field)]);
    }
    if (column !== undefined) out.json(`,"${column}":${JSON.stringify(Object.fromEntries(kept))}`);
  }
}

/** As JSON has it, without leading zeros; `undefined` for what is no number of the type. */
function digitsOf(text: string, type: 'int' | 'long'): string | undefined {
  if (!/^-?\d{1,18}$/.test(text)) return undefined;
  const number = Number(text);
  if (type === 'int' && Math.abs(number) > INT_MAX) return undefined;
  return Number.isSafeInteger(number) ? String(number) : String(BigInt(text));
}

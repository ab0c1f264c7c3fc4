/**
 * Expression text to tokens. Source: "Syntax and expressions in ARM templates"; a quote inside a
 * text is written twice.
 */
export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'symbol' | 'end' | 'broken';
  /** Of a text without quotes and with its escapes resolved; as written otherwise. */
  readonly value: string;
  readonly unit: number;
}

const BLANKS = /\s*/y;
const TOKEN =
  /(?<name>[a-z_][\w$]*)|'(?<text>(?:[^']|'')*)'|(?<number>-?\d+(?:\.\d+)?)|(?<symbol>[()[\],.?])/iy;

/** Reads the tokens between two places of a text, one after the other. */
export function createTokenReader(text: string, start: number, end: number): () => Token {
  let at = start;
  return () => {
    BLANKS.lastIndex = at;
    BLANKS.test(text);
    at = Math.min(BLANKS.lastIndex, end);
    const unit = at;
    if (unit >= end) return { kind: 'end', value: '', unit: end };
    TOKEN.lastIndex = unit;
    const match = TOKEN.exec(text);
    if (match === null || TOKEN.lastIndex > end) {
      at = end;
      return { kind: 'broken', value: text[unit] ?? '', unit };
    }
    at = TOKEN.lastIndex;
    return { ...read(match), unit };
  };
}

function read({ 0: all, groups = {} }: RegExpExecArray): Pick<Token, 'kind' | 'value'> {
  if (groups.name !== undefined) return { kind: 'name', value: all };
  if (groups.text !== undefined) return { kind: 'text', value: groups.text.replaceAll("''", "'") };
  return { kind: groups.number === undefined ? 'symbol' : 'number', value: all };
}

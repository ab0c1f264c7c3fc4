/**
 * Composite formatting as .NET does it for texts, numbers and truth values: `{0}`, `{0,8}`,
 * `{0:D3}`, `{{`. Source: "Composite formatting" and "Standard numeric format strings" of the .NET
 * documentation; culture invariant.
 */
import { TEMPLATE_LIMITS } from '../limits.ts';
import { textOfScalar } from './scalar-text.ts';

type Scalar = null | boolean | number | string;

/** What becomes of a format and its values. */
export type Formatted =
  | { readonly kind: 'text'; readonly pieces: readonly string[] }
  | { readonly kind: 'problem'; readonly message: string }
  /** A format that is right, but is not one of those that are evaluated. */
  | { readonly kind: 'unsupported'; readonly message: string };

const PIECE =
  /[^{}]+|\{\{|\}\}|\{(?<index>\d+)\s*(?:,\s*(?<width>-?\d+)\s*)?(?::(?<format>[^{}]*))?\}/y;
const WIDTH_MAX = 10_000;

/** Stops where the text would be longer than any may be. */
export function formatText(template: string, values: readonly Scalar[]): Formatted {
  const pieces: string[] = [];
  let at = 0;
  let length = 0;
  // What is too long is refused by its length; it need not be whole for that.
  while (at < template.length && length <= TEMPLATE_LIMITS.textCharacters) {
    PIECE.lastIndex = at;
    const match = PIECE.exec(template);
    if (match === null) {
      return { kind: 'problem', message: `the format has a bracket without its pair at ${at}` };
    }
    at = PIECE.lastIndex;
    const { index, width = '0', format = '' } = match.groups ?? {};
    if (index === undefined) {
      const [piece] = match;
      pieces.push(/^[{}]/.test(piece) ? piece.slice(1) : piece);
      continue;
    }
    if (Number(index) >= values.length) {
      const message = `the format asks for value {${index}}, and there are ${values.length}`;
      return { kind: 'problem', message };
    }
    const piece = formatScalar(values[Number(index)] ?? null, format);
    const columns = Number(width);
    if (piece === undefined || Math.abs(columns) > WIDTH_MAX) {
      return {
        kind: 'unsupported',
        message: `the format {${match[0].slice(1, -1)}} is not evaluated`,
      };
    }
    const padded = columns < 0 ? piece.padEnd(-columns) : piece.padStart(columns);
    pieces.push(padded);
    length += padded.length;
  }
  return { kind: 'text', pieces };
}

/** Texts and truth values have no formats. `undefined`: a format that is not evaluated. */
function formatScalar(value: Scalar, format: string): string | undefined {
  if (format === '' || typeof value !== 'number') return textOfScalar(value);
  const standard = /^(?<letter>[dnfxg])(?<digits>\d{0,2})$/i.exec(format)?.groups;
  if (standard !== undefined) {
    const { letter = '', digits = '' } = standard;
    return standardFormat(value, letter, digits === '' ? undefined : Number(digits));
  }
  const zeros = /^0+$/.test(format);
  return zeros
    ? withSign(value, withZeros(String(Math.round(Math.abs(value))), format.length))
    : undefined;
}

function standardFormat(value: number, letter: string, digits = -1): string | undefined {
  const size = Math.abs(value);
  switch (letter.toLowerCase()) {
    case 'd':
      return Number.isInteger(value) ? withSign(value, withZeros(String(size), digits)) : undefined;
    case 'n':
      return withSign(value, grouped(size.toFixed(digits < 0 ? 2 : digits)));
    case 'f':
      return withSign(value, size.toFixed(digits < 0 ? 2 : digits));
    case 'g':
      return digits < 0 ? String(value) : undefined;
    default: {
      if (!Number.isInteger(value) || value < 0) return undefined;
      const text = withZeros(value.toString(16), digits);
      return letter === 'X' ? text.toUpperCase() : text;
    }
  }
}

function withZeros(digits: string, length: number): string {
  return digits.padStart(length, '0');
}

function grouped(digits: string): string {
  const [whole = '', fraction] = digits.split('.');
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

function withSign(value: number, digits: string): string {
  return value < 0 && /[1-9a-f]/i.test(digits) ? `-${digits}` : digits;
}

/** The members of rows where they lie: JSON objects joined by commas, as pipelines write them. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const OPEN_ARRAY = 0x5b;
const CLOSE_OBJECT = 0x7d;
const CLOSE_ARRAY = 0x5d;

/** Rows differ in their values and seldom in their members: the names at each place. */
interface KnownName {
  readonly bytes: Uint8Array;
  readonly name: string;
}

export interface RowVisitor {
  /** A member of the row: its value is `json[start..end)`. */
  member(name: string, json: Uint8Array, start: number, end: number): void;
  /** The row is `json[start..end)`. */
  row(json: Uint8Array, start: number, end: number): void;
}

export class RowScan {
  readonly #known: KnownName[] = [];

  /** `json` is what a pipeline wrote; each row's members come before the row. */
  scan(json: Uint8Array, visitor: RowVisitor): void {
    for (let at = 0; at < json.length; at += 1) {
      const end = this.#row(json, at, visitor);
      visitor.row(json, at, end);
      at = end;
    }
  }

  /** Returns where the row that begins at `start` ends. */
  #row(json: Uint8Array, start: number, visitor: RowVisitor): number {
    let at = start + 1;
    for (let place = 0; json[at] === QUOTE; place++) {
      const nameEnd = stringEnd(json, at);
      const name = this.#name(json, at + 1, nameEnd - 1, place);
      const valueStart = json[nameEnd] === COLON ? nameEnd + 1 : nameEnd;
      const end = valueEnd(json, valueStart);
      visitor.member(name, json, valueStart, end);
      at = json[end] === COMMA ? end + 1 : end;
    }
    return at + 1;
  }

  #name(json: Uint8Array, start: number, end: number, place: number): string {
    const known = this.#known[place];
    if (known !== undefined && isSame(json, start, end, known.bytes)) return known.name;
    const bytes = json.slice(start, end);
    const text = Buffer.from(bytes).toString();
    const name = text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
    this.#known[place] = { bytes, name };
    return name;
  }
}

function isSame(json: Uint8Array, start: number, end: number, known: Uint8Array): boolean {
  if (end - start !== known.length) return false;
  for (let i = 0; i < known.length; i++) if (json[start + i] !== known[i]) return false;
  return true;
}

/** Behind the closing quote of the text that begins at `start`. */
function stringEnd(json: Uint8Array, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return json.length;
}

function valueEnd(json: Uint8Array, start: number): number {
  const first = json[start];
  if (first === QUOTE) return stringEnd(json, start);
  const isNested = first === OPEN_OBJECT || first === OPEN_ARRAY;
  return isNested ? nestedEnd(json, start) : scalarEnd(json, start);
}

function scalarEnd(json: Uint8Array, start: number): number {
  let at = start;
  while (at < json.length && json[at] !== COMMA && json[at] !== CLOSE_OBJECT) at += 1;
  return at;
}

function nestedEnd(json: Uint8Array, start: number): number {
  let depth = 0;
  for (let at = start; at < json.length; ) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = stringEnd(json, at);
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return json.length;
}

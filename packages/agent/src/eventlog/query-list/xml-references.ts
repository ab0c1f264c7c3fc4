/** References in text and attributes: those XML itself defines, nothing else. */

const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]{1,8})|#x([0-9a-fA-F]{1,8}));/y;

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};

export interface Reference {
  readonly character: string;
  /** Units it takes in the document. */
  readonly length: number;
}

/** The reference that begins at `at`, where an `&` stands; `null` if it is none. */
export function readReference(text: string, at: number): Reference | null {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(text);
  if (match === null) return null;
  const [{ length }, name, decimal, hex] = match;
  if (name !== undefined) return { character: NAMED[name] ?? '', length };
  const codePoint = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  if (codePoint === 0 || codePoint > 0x10ffff || isSurrogate) return null;
  return { character: String.fromCodePoint(codePoint), length };
}

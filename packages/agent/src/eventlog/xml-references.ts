/** The references that XML itself defines. */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Throws for a reference to anything else, and for a bare `&`. */
export function resolveReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]+);|#(\d+);|(\w+);|)/gi, (_, hex, decimal, name) => {
    if (hex !== undefined) return character(Number.parseInt(hex, 16));
    if (decimal !== undefined) return character(Number(decimal));
    const resolved = ENTITIES[name];
    if (resolved === undefined) throw new Error('reference to an unknown entity');
    return resolved;
  });
}

/** Characters that do not exist become U+FFFD. */
function character(codePoint: number): string {
  const exists = codePoint > 0 && codePoint <= 0x10ffff;
  return exists ? String.fromCodePoint(codePoint).toWellFormed() : '\ufffd';
}

/**
 * Where a character of a JSON string stands in the text: escapes take more room there.
 * Source: RFC 8259 §7.
 */

/**
 * `opening` is the offset of the string's opening quote, `unit` an index into the parsed value in
 * UTF-16 units, its length included.
 */
export function offsetInString(text: string, opening: number, unit: number): number {
  let at = opening + 1;
  for (let passed = 0; passed < unit; passed++) {
    if (text[at] !== '\\') at += 1;
    else at += text[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}

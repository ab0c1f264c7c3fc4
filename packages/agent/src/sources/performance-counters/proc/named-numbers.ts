/** Lines of a name and a number: `MemTotal:  24684092 kB` of meminfo, `pgpgin 24475101` of vmstat. */

/** By name, without the colon; units are left to the reader. What is no such line is passed over. */
export function parseNamedNumbers(text: string): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name, number] = line.split(/[:\s]+/, 2);
    const value = wholeNumber(number);
    if (name !== undefined && value !== undefined) numbers.set(name, value);
  }
  return numbers;
}

/** A number as the kernel prints its counters; `undefined` for anything else. */
export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,20}$/.test(text) ? Number(text) : undefined;
}

/** The numbers of a line's words; `undefined` unless all are. */
export function wholeNumbers(words: readonly string[]): readonly number[] | undefined {
  const numbers: number[] = [];
  for (const word of words) {
    const number = wholeNumber(word);
    if (number === undefined) return undefined;
    numbers.push(number);
  }
  return numbers;
}

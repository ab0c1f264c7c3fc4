/** Lists, numbers and foreign text in sentences. */
import { listed } from '../rule/text/show.ts';

/** `not a`, `neither a nor b`, `none of a, b and c`. */
export function noneOf(items: readonly string[]): string {
  if (items.length < 2) return `not ${items.join('')}`;
  return items.length === 2 ? `neither ${items.join(' nor ')}` : `none of ${listed(items, 'and')}`;
}

/** `1st`, `2nd`, `11th`. */
export function ordinal(n: number): string {
  const isTeen = n % 100 >= 11 && n % 100 <= 13;
  const ending = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][n % 10];
  return `${n}${ending ?? 'th'}`;
}

/** Text on one line: what would end it or move the cursor is written as an escape, `\u000a`. */
export function oneLine(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text in quotes it does not hold, on one line. */
export function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  return `${mark}${oneLine(text)}${mark}`;
}

/** A name as it is where it is one word, else in quotes. */
export function named(name: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_./$-]*$/u.test(name) ? name : quoted(name);
}
